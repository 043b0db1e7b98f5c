import pytest

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.keys import KeyType
from service.core.ledger.notes import read_note
from service.core.ledger.policy import Group, Judgement, Policy, Trusted, judge, read_policy, write_policy
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import LARGEST_SIZE
from tests.core.ledger.logs import (
    INSPECTOR,
    KNOWN_CHECKPOINT,
    LOG,
    LOG_VKEY,
    ORIGIN,
    TIME,
    WITNESS_VKEY,
    Signer,
    signed,
)

SECOND_LOG = Signer(ORIGIN, b"\x02" * 32)
OTHER_LOG = Signer("gate.example/log/2", b"\x03" * 32)
WITNESSES = [Signer(f"w{n}.example", bytes([100 + n]) * 32, KeyType.COSIGNATURE) for n in range(6)]
STATE = Checkpoint(ORIGIN, 3, bytes(32))

GROUPS = "".join(f"witness {name} {WITNESSES[n].vkey}\n" for n, name in enumerate(["X1", "X2", "X3", "Y1", "Y2", "Y3"]))
TWO_LEVELS = f"""\
# 检查点信任策略
log {LOG.vkey}

\t{GROUPS}
group X 2 X1 X2 X3
group Y any Y1 Y2 Y3
group X-and-Y all X Y
quorum X-and-Y
"""


def policy(text: str) -> Policy:
    return read_policy(text.encode())


def judged(text: str, checkpoint: Checkpoint, *signers: Signer) -> Judgement:
    return judge(read_note(signed(checkpoint, *signers)), policy(text))


def test_every_line_of_a_policy_is_read() -> None:
    read = policy(
        f"log {LOG_VKEY} https://gate.example/log/1#sizes=0-4096\n"
        f" \t witness  w\t{WITNESS_VKEY}  https://inspector.example/#sizes=5- \t\n"
        f"  # a remark, and: quorum none\n\t\n"
        f"group g any w\nquorum g\n"
    )
    assert read.logs == (Trusted(LOG.key, 0, 4096, "https://gate.example/log/1#sizes=0-4096"),)
    assert dict(read.witnesses) == {"w": Trusted(INSPECTOR.key, 5, LARGEST_SIZE, "https://inspector.example/#sizes=5-")}
    assert dict(read.groups) == {"g": Group(1, ("w",))}
    assert read.quorum == "g"


def test_only_the_quorum_must_be_there() -> None:
    assert policy("quorum none\n") == Policy()


def test_octets_beyond_ascii_are_opaque_in_names() -> None:
    read = read_policy(b"witness \xff " + WITNESS_VKEY.encode() + b"\n# \xfe\xc0\nquorum \xff\n")
    assert list(read.witnesses) == ["\udcff"]
    with pytest.raises(MalformedError, match="policy_name"):
        read_policy(b"witness \xff " + WITNESS_VKEY.encode() + b"\nquorum \xfe\n")


@pytest.mark.parametrize(
    ("text", "because", "line"),
    [
        ("", "policy_form", None),
        ("quorum none", "policy_form", None),
        ("quorum none\n#" + "x" * 1_000_000 + "\n", "policy_form", None),
        ("\n", "policy_quorum", None),
        (f"log {LOG_VKEY}\n", "policy_quorum", None),
        ("quorum none\nquorum none\n", "policy_quorum", 2),
        ("quorum none\r\n", "control_character", 1),
        ("#\x00\nquorum none\n", "control_character", 1),
        ("#\x7f\nquorum none\n", "control_character", 1),
        ("quorum\n", "policy_line", 1),
        ("quorum none none\n", "policy_line", 1),
        ("quorum w\n", "policy_name", 1),
        ("Quorum none\n", "policy_line", 1),
        ("quorum\u00a0none\n", "policy_line", 1),
        (f"quorum w\nwitness w {WITNESS_VKEY}\n", "policy_name", 1),
        ("log\nquorum none\n", "policy_line", 1),
        (f"log {LOG_VKEY} a b\nquorum none\n", "policy_line", 1),
        (f"log {LOG_VKEY[:-1]}\nquorum none\n", "base64", 1),
        (f"log {WITNESS_VKEY}\nquorum none\n", "key_type", 1),
        (f"log {LOG_VKEY}\nlog {LOG_VKEY}\nquorum none\n", "policy_duplicate", 2),
        (f"log {LOG_VKEY}\nlog {Signer('b', bytes(range(32))).vkey}\nquorum none\n", "policy_duplicate", 2),
        ("witness w\nquorum none\n", "policy_line", 1),
        (f"witness {WITNESS_VKEY}\nquorum none\n", "policy_line", 1),
        (f"witness w {LOG_VKEY}\nquorum none\n", "key_type", 1),
        (f"witness none {WITNESS_VKEY}\nquorum none\n", "policy_name", 1),
        (f"witness a {WITNESS_VKEY}\nwitness b {WITNESS_VKEY}\nquorum none\n", "policy_duplicate", 2),
        (f"{GROUPS}witness X1 {WITNESS_VKEY}\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group X1 any Y1\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group none any Y1\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group g any none\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group g any g\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group g any Z1\nquorum none\n", "policy_name", 7),
        (f"{GROUPS}group g any\nquorum none\n", "policy_line", 7),
        (f"{GROUPS}group g 0 X1\nquorum none\n", "policy_threshold", 7),
        (f"{GROUPS}group g 2 X1\nquorum none\n", "policy_threshold", 7),
        (f"{GROUPS}group g 01 X1\nquorum none\n", "number", 7),
        (f"{GROUPS}group g -1 X1\nquorum none\n", "number", 7),
        (f"{GROUPS}group g most X1\nquorum none\n", "number", 7),
        (f"{GROUPS}group g any X1 X1\nquorum none\n", "policy_member", 7),
        (f"{GROUPS}group g any X1\ngroup h any X1\nquorum none\n", "policy_member", 8),
        (f"log {LOG_VKEY} x#sizes\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=5\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=-5\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=5-4\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=5-6,9-\nquorum none\n", "policy_sizes", 1),
        (f"log {LOG_VKEY} x#sizes=05-6\nquorum none\n", "number", 1),
    ],
)
def test_a_malformed_policy_is_refused_with_its_line(text: str, because: str, line: int | None) -> None:
    with pytest.raises(MalformedError) as refused:
        policy(text)
    assert refused.value.figures == {"because": because} | ({} if line is None else {"line": line})


def test_the_known_checkpoint_is_believed() -> None:
    text = f"log {LOG_VKEY}\nwitness w {WITNESS_VKEY}\nquorum w\n"
    judgement = judge(read_note(KNOWN_CHECKPOINT), policy(text))
    assert (judgement.logs, dict(judgement.witnesses), judgement.quorum) == ((LOG.key,), {"w": TIME}, True)
    assert judgement.checkpoint.size == 3


@pytest.mark.parametrize(
    ("signers", "reached"),
    [
        ([], False),
        ([0, 1], False),
        ([0, 3], False),
        ([3, 4, 5], False),
        ([0, 1, 2], False),
        ([0, 2, 4], True),
        ([1, 2, 5], True),
        ([0, 1, 2, 3, 4, 5], True),
    ],
)
def test_a_quorum_of_groups_is_counted(signers: list[int], reached: bool) -> None:  # noqa: FBT001 - a table
    judgement = judged(TWO_LEVELS, STATE, LOG, *(WITNESSES[n] for n in signers))
    assert judgement.quorum is reached
    assert len(judgement.witnesses) == len(signers)


def test_a_witness_that_signs_twice_counts_once_with_its_later_time() -> None:
    text = f"log {LOG_VKEY}\n{GROUPS}group g 2 X1 X2\nquorum g\n"
    note = read_note(signed(STATE, LOG, WITNESSES[0]))
    later = WITNESSES[0].sign(note.text, TIME + 60)
    judgement = judge(type(note)(note.text, (*note.signatures, later)), policy(text))
    assert (dict(judgement.witnesses), judgement.quorum) == ({"X1": TIME + 60}, False)


def test_witnesses_do_not_replace_the_log() -> None:
    with pytest.raises(NotProvenError, match="unsigned"):
        judged(f"log {LOG_VKEY}\nwitness w {WITNESS_VKEY}\nquorum w\n", STATE, INSPECTOR)


def test_a_log_speaks_only_for_its_own_origin() -> None:
    text = f"log {LOG_VKEY}\nlog {OTHER_LOG.vkey}\nquorum none\n"
    assert judged(text, STATE, LOG, OTHER_LOG).logs == (LOG.key,)
    with pytest.raises(NotProvenError, match="unsigned"):
        judged(text, STATE, OTHER_LOG)


def test_a_key_counts_only_in_its_range_of_sizes() -> None:
    text = f"log {LOG_VKEY} #sizes=0-3\nlog {SECOND_LOG.vkey} #sizes=3-\nquorum none\n"
    sizes = {size: Checkpoint(ORIGIN, size, bytes(32)) for size in (0, 2, 3, 4, LARGEST_SIZE)}
    for size in (0, 2, 3):
        assert judged(text, sizes[size], LOG).logs == (LOG.key,)
    for size in (3, 4, LARGEST_SIZE):
        assert judged(text, sizes[size], SECOND_LOG).logs == (SECOND_LOG.key,)
    assert judged(text, sizes[3], LOG, SECOND_LOG).logs == (LOG.key, SECOND_LOG.key)
    for size, signer in [(4, LOG), (LARGEST_SIZE, LOG), (2, SECOND_LOG)]:
        with pytest.raises(NotProvenError, match="unsigned"):
            judged(text, sizes[size], signer)


def test_a_witness_counts_only_in_its_range_of_sizes() -> None:
    text = f"log {LOG_VKEY}\nwitness w {WITNESS_VKEY} #sizes=4-\nquorum w\n"
    assert not judged(text, STATE, LOG, INSPECTOR).quorum
    assert judged(text, Checkpoint(ORIGIN, 4, bytes(32)), LOG, INSPECTOR).quorum


def test_another_fragment_of_a_url_is_not_a_range() -> None:
    assert policy(f"log {LOG_VKEY} https://gate.example/#top\nquorum none\n").logs[0].covers(10**6)


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    text = "hello\n"
    note = type(read_note(KNOWN_CHECKPOINT))(text, (LOG.sign(text),))
    with pytest.raises(MalformedError, match="checkpoint_lines"):
        judge(note, policy(f"log {LOG_VKEY}\nquorum none\n"))


def test_a_policy_is_written_as_it_is_read() -> None:
    for text in (TWO_LEVELS, f"log {LOG_VKEY} https://gate.example/log/1#sizes=0-4096\nquorum none\n"):
        assert write_policy(policy(text)).decode().splitlines() == [
            line.replace("any", "1").replace("group X-and-Y all", "group X-and-Y 2")
            for line in text.splitlines()
            if line.strip() and not line.startswith("#")
            for line in [line.strip()]
        ]


def test_a_policy_that_would_be_read_otherwise_is_not_written() -> None:
    for told in (
        Policy((Trusted(LOG.key, 0, 4096),)),
        Policy((Trusted(LOG.key),), {"w w": Trusted(INSPECTOR.key)}, quorum="w w"),
        Policy((Trusted(LOG.key), Trusted(LOG.key))),
        Policy((Trusted(LOG.key),), quorum="nobody-there"),
    ):
        with pytest.raises(MalformedError):
            write_policy(told)
