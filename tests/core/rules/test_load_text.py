"""What a rules file can be wrong with as bytes, and files that are meant to do harm."""

from collections import Counter
from cProfile import Profile
from pstats import Stats

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.rules.check import check
from service.core.rules.faults import Fault
from service.core.rules.load import load
from service.core.rules.reading.build import MOST_DEPTH, MOST_NODES
from service.core.rules.reading.sections import read_file
from service.core.rules.reading.text import MOST_BYTES
from tests.core.rules.edits import Edit, edits, sound

SOUND = sound().encode()
PLACED = [edit for edit in edits() if edit.title.startswith(("expressions", "yaml"))]
PIECES = st.sampled_from(
    [*"'\"[]{}:-#|>?%@`，：水~ \n\t\\\x00\r", "&a ", "*a ", "!x ", ": ", "- ", "? ", ">-\n", "\n  ", "\n\n", "\n---\n"]
)
NAMES = [f"missing_{index}" for index in range(120)]


def told(faults: tuple[Fault, ...]) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.place.line, fault.place.column) for fault in faults]


def first(content: bytes) -> tuple[str, int, int]:
    return told(load(content).faults)[0]


def test_bytes_that_are_no_utf_8_are_told_at_their_character() -> None:
    assert told(load(SOUND.replace("水法".encode(), "水法".encode("gbk"))).faults) == [("not_utf8", 13, 18)]
    assert told(load("rulebook: 规则".encode()[:-1]).faults) == [("not_utf8", 1, 12)]
    assert told(load(SOUND.decode().encode("utf-16")).faults) == [("not_utf8", 1, 1)]


def test_a_byte_order_mark_hides_no_other_fault_and_moves_none() -> None:
    faulty = SOUND.replace(b"format: 1", b"format: 2")
    assert told(load(b"\xef\xbb\xbf" + faulty).faults) == [("byte_order_mark", 1, 1), ("format_unknown", 6, 11)]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe"])
def test_control_characters_are_refused_where_they_are(character: str) -> None:
    assert told(load(sound().replace("水法", f"水{character}法").encode()).faults) == [("character_forbidden", 13, 18)]


def test_a_lone_half_of_a_character_is_refused() -> None:
    faults = load(SOUND.replace(b"en: Water law", b'en: "\\ud83d"')).faults
    assert told(faults) == [("character_forbidden", 13, 25)]
    assert faults[0].figures == {"found": "U+D83D"}


def test_tabs_between_words_and_characters_beyond_the_basic_plane_are_text() -> None:
    assert load(SOUND.replace(b"en: Water law", 'en: "Water\tlaw 𝄞"'.encode())).faults == ()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing\n", b"---\n"])
def test_a_file_that_says_nothing_is_told_so(content: bytes) -> None:
    assert told(load(content).faults) == [("yaml_empty", 1, 1)]


@pytest.mark.parametrize("content", [b"42", b"rules", b"[a, b]", b"- a\n- b\n", b"true"])
def test_a_file_that_is_no_table_is_told_so(content: bytes) -> None:
    assert told(load(content).faults) == [("table_wanted", 1, 1)]


@pytest.mark.parametrize("edit", PLACED, ids=[edit.title for edit in PLACED])
def test_lines_may_end_as_on_windows(edit: Edit) -> None:
    found = check(edit.text.replace("\n", "\r\n").encode())
    assert told(found) == [(code, line, column) for _, code, line, column in edit.told]


def test_an_escape_beyond_all_characters_is_told() -> None:
    assert first(SOUND.replace(b"en: Water law", b'en: "\\U00110000"')) == ("yaml_syntax", 13, 28)


def test_a_file_that_is_too_large_is_not_read_at_all() -> None:
    assert told(load(SOUND * (MOST_BYTES // len(SOUND) + 1)).faults) == [("file_too_large", 1, 1)]
    assert told(load(b"a" * 10_000_000).faults) == [("file_too_large", 1, 1)]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"{", b"? "])
def test_a_file_that_is_too_deep_is_read_no_further(opening: bytes) -> None:
    code, line, column = first(opening * 5000)
    assert (code, line) == ("yaml_too_deep", 1)
    assert column <= (MOST_DEPTH + 2) * len(opening)


def test_a_file_with_too_many_parts_is_read_no_further() -> None:
    assert first(b"[" + b"1," * MOST_NODES + b"]") == ("yaml_too_many_nodes", 1, 2 * MOST_NODES)


def test_aliases_are_never_followed() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 50)]
    codes = {fault.code for fault in load("\n".join(lines).encode()).faults}
    assert {"yaml_anchor", "yaml_alias"} <= codes


def test_an_alias_of_what_holds_it_is_refused_like_any_other() -> None:
    faults = told(load(b"rulebook: &a {id: *a}\n").faults)
    assert [fault for fault in faults if fault[0].startswith("yaml")] == [("yaml_anchor", 1, 11), ("yaml_alias", 1, 19)]


def test_a_very_long_key_is_told_at_its_colon_and_not_repeated() -> None:
    assert first(b"k" * 100_000 + b": 1\n")[0] == "yaml_colon"
    faults = load(b"{" + b"k" * 900 + b": 1}\n").faults
    assert [len(str(fault.figures["found"])) for fault in faults if fault.code == "key_unknown"] == [65]


def test_breaks_without_end_are_told_up_to_a_number() -> None:
    assert {fault.code for fault in load(b"facts: {a\n" * 9000).faults} == {"yaml_bracket_open"}
    assert len(load(b"facts: {a\n" * 9000).faults) < 50


def test_chains_and_circles_of_any_length_are_read() -> None:
    entry = '  d{}: {{value: "d{} + 1", label: {{zh: 甲, en: A}}}}\n'
    chain = "".join(entry.format(at, at + 1) for at in range(1200))
    codes = {fault.code for fault in load(f"derived:\n{chain}".encode()).faults}
    assert "circle" not in codes
    circle = chain + entry.format(1200, 0)
    assert [fault.code for fault in load(f"derived:\n{circle}".encode()).faults].count("circle") == 1


def test_what_was_meant_is_guessed_for_the_first_names_that_are_not_known_and_for_no_more() -> None:
    entries = "".join(f"  d{at}: {{value: dx{at} + 1, label: {{zh: 甲, en: A}}}}\n" for at in range(60))
    faults = check(sound().replace("\nderived:\n", f"\nderived:\n{entries}").encode())
    assert Counter(fault.code for fault in faults) == {"unknown_name_meant": 50, "unknown_name": 10}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(sound())), st.integers(0, 5), PIECES), min_size=1, max_size=4))
def test_whatever_is_typed_into_a_file_never_raises_and_is_told_within_it(changes: list[tuple[int, int, str]]) -> None:
    text = sound()
    for at, gone, piece in changes:
        text = text[:at] + piece + text[at + gone :]
    lines = text.replace("\r", "\n").count("\n") + 2
    faults = check(text.encode())
    assert all(1 <= fault.place.line <= lines and fault.place.column >= 1 for fault in faults)
    assert list(faults) == sorted(faults, key=lambda fault: fault.place)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert load(content).rulebook is None


def read_names(written: str) -> str:
    """The sound file with a gate that reads other names."""
    return sound().replace('fails_when: listed && kind == "listed"', f"fails_when: {written}")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "written",
    [
        " || ".join(NAMES),
        f'"{" || ".join(NAMES)}"',
        "|\n      " + "\n        || ".join(NAMES),
        ">-\n\n\n      " + "\n\n       || ".join(NAMES),
        "|4+  # odd\n\n         " + "\n        || ".join(NAMES) + "\n\n",
        ">2\n           \n        " + "\n      || ".join(NAMES),
    ],
    ids=["plain", "quoted", "literal", "folded", "literal with a depth", "folded with a depth"],
)
def test_each_of_many_mistakes_in_an_expression_is_told_at_its_character(written: str, end: str) -> None:
    text = read_names(written).replace("\n", end)
    faults = load(text.encode()).faults
    lines = text.split(end)
    told = [lines[fault.place.line - 1][fault.place.column - 1 :].split()[0].rstrip('"') for fault in faults]
    assert told == NAMES


@pytest.mark.parametrize("style", ["", ">-"])
@pytest.mark.parametrize(("gates", "names", "times"), [(128, 10, 16), (8, 120, 12)], ids=["gates", "names"])
def test_more_unknown_names_take_no_more_calls_each(style: str, gates: int, names: int, times: int) -> None:
    few, many = unknown(style, 8, 10), unknown(style, gates, names)
    assert [len(load(text).faults) for text in (few, many)] == [80, 80 * times]
    none = calls(unknown(style, 0, 0))
    assert calls(many) - none <= times * (calls(few) - none)


def test_what_was_meant_by_a_choice_is_guessed_as_seldom() -> None:
    written = ", ".join(f"'news{index}'" for index in range(60))
    text = read_names(f"nature in [{written}]")
    assert Counter(fault.code for fault in check(text.encode())) == {"unknown_choice_meant": 50, "unknown_choice": 10}


def unknown(style: str, gates: int, names: int) -> bytes:
    """A file with so many gates, each of which reads so many names that there are not."""
    written = "".join(
        f"  - id: gate_{gate}\n    label: {{zh: 甲, en: A}}\n    on_fail: defer\n    curable: true\n"
        f"    cite: [{{source: zone}}]\n    fails_when: {style}\n      "
        + "\n      || ".join(f"missing_{gate}_{index}" for index in range(names))
        + "\n"
        for gate in range(gates)
    )
    return sound().replace("\ngates:\n", f"\ngates:\n{written}").encode()


def calls(text: bytes) -> int:
    """How many calls of functions it takes to read a file."""
    profile = Profile()
    profile.runcall(read_file, text)
    return int(vars(Stats(profile))["total_calls"])
