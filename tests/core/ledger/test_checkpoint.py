import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from service.core.ledger.spelling import LARGEST_SIZE, write_base64
from tests.core.ledger.logs import ORIGIN

ROOT = bytes(range(32))
LINES = (ORIGIN, "3", write_base64(ROOT))

lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
checkpoints = st.builds(
    Checkpoint,
    lines,
    st.integers(0, LARGEST_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(lines, max_size=3).map(tuple),
)


def text(*replaced: str) -> str:
    return "".join(f"{line}\n" for line in replaced)


@given(checkpoints)
def test_a_checkpoint_is_read_back_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert read_checkpoint(write_checkpoint(checkpoint)) == checkpoint


@given(st.text(max_size=60) | st.lists(st.sampled_from([*LINES, "", "0", "x"]), max_size=5).map("\n".join))
def test_any_text_is_read_to_the_same_text_or_refused(given_text: str) -> None:
    try:
        checkpoint = read_checkpoint(given_text)
    except MalformedError:
        return
    assert write_checkpoint(checkpoint) == given_text


def test_the_three_lines_and_what_follows() -> None:
    assert read_checkpoint(text(*LINES)) == Checkpoint(ORIGIN, 3, ROOT)
    assert read_checkpoint(text(*LINES, "a", "b c")) == Checkpoint(ORIGIN, 3, ROOT, ("a", "b c"))
    assert read_checkpoint(text("an origin with spaces +", *LINES[1:])).origin == "an origin with spaces +"


@pytest.mark.parametrize(
    ("given_text", "because"),
    [
        ("", "checkpoint_lines"),
        ("\n", "checkpoint_lines"),
        (text(*LINES[:2]), "checkpoint_lines"),
        (text(*LINES)[:-1], "checkpoint_lines"),
        (text(*LINES) + "\n", "checkpoint_lines"),
        (text("", *LINES[1:]), "checkpoint_lines"),
        (text(*LINES, ""), "checkpoint_lines"),
        (text(*LINES, "", "a"), "checkpoint_lines"),
        ("\n" + text(*LINES), "checkpoint_lines"),
        (text(*LINES).replace("\n", "\r\n"), "control_character"),
        (text(*LINES, "a\tb"), "control_character"),
    ],
)
def test_another_number_of_lines_is_refused(given_text: str, because: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_checkpoint(given_text)
    assert refused.value.figures == {"because": because}


@pytest.mark.parametrize(
    "size", ["", "00", "03", "-1", "+3", " 3", "3 ", "3.0", "3e0", "0x3", "１", "٣", "1_0", str(2**63), "9" * 5000]
)
def test_a_size_has_one_spelling(size: str) -> None:
    with pytest.raises(MalformedError):
        read_checkpoint(text(ORIGIN, size, LINES[2]))


@pytest.mark.parametrize(
    "root",
    [
        LINES[2][:-1],
        LINES[2] + "=",
        " " + LINES[2],
        LINES[2].replace("8=", "9="),
        write_base64(ROOT[:31]),
        write_base64(ROOT + b"\x00"),
        ROOT.hex(),
        "",
        "é",
    ],
)
def test_a_root_has_one_spelling(root: str) -> None:
    with pytest.raises(MalformedError):
        read_checkpoint(text(ORIGIN, "3", root))


@pytest.mark.parametrize(
    "wrong",
    [
        Checkpoint("", 3, ROOT),
        Checkpoint("a\nb", 3, ROOT),
        Checkpoint(ORIGIN, -1, ROOT),
        Checkpoint(ORIGIN, LARGEST_SIZE + 1, ROOT),
        Checkpoint(ORIGIN, 3, ROOT[1:]),
        Checkpoint(ORIGIN, 3, ROOT, ("",)),
        Checkpoint(ORIGIN, 3, ROOT, ("a\n\nb",)),
    ],
)
def test_a_checkpoint_that_would_be_read_otherwise_is_not_written(wrong: Checkpoint) -> None:
    with pytest.raises(MalformedError):
        write_checkpoint(wrong)
