from collections.abc import Mapping
from string import Formatter

from service.core.rules.check import check
from service.core.rules.faults import Fault
from service.core.values import Json
from service.words import sections
from tests.core.rules.edits import edits, sound

SHORE: Mapping[str, Json] = {"code": "3453", "nature": "new", "listed": False}
SECTIONS = ("faults", "expressions")
# Faults that no edit of a text makes; test_load_text.py has them.
OF_BYTES = {"file_too_large", "not_utf8", "byte_order_mark", "yaml_empty", "yaml_too_many_nodes", "yaml_syntax"}
# Faults that the cases of a file make; test_releasing.py has those of a release.
OF_CASES = {"gate_never_fires", "criterion_never_scored", "case_differs", "case_refused"}


def shore(name: str) -> Mapping[str, Json] | None:
    return SHORE if name == "near-the-shore" else None


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str, int]]:
    return [(fault.severity.value, fault.code, fault.place.line) for fault in faults]


def line(text: str, words: str) -> int:
    return next(number for number, found in enumerate(text.splitlines(), 1) if words in found)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_a_gate_that_no_case_makes_fail_and_a_criterion_that_none_scores_are_warned_of_at_their_place() -> None:
    text = sound()
    for known in ("added_value: 500, ", "jobs: 800"):
        text = text.replace(known, "")
    assert told(check(text.encode(), shore)) == [
        ("warning", "gate_never_fires", line(text, "id: on_list")),
        ("warning", "criterion_never_scored", line(text, "id: water")),
        ("warning", "criterion_never_scored", line(text, "id: employment")),
    ]


def test_a_case_like_an_example_that_is_not_there_makes_nothing_fire() -> None:
    found = [fault.figures["found"] for fault in check(sound().encode(), lambda _: None)]
    assert found == ["too_near", "on_list"]


def test_a_case_that_expects_nothing_of_gates_may_still_make_one_fire() -> None:
    text = sound().replace("failed_gates: [too_near], ", "")
    assert [fault.figures["found"] for fault in check(text.encode(), shore)] == ["on_list"]


def test_no_case_can_make_a_gate_fire_that_can_never_fail_so_only_that_is_told() -> None:
    text = sound().replace('listed && kind == "listed"', "jobs > 100000")
    assert told(check(text.encode(), shore)) == [("policy", "gate_never_fails", line(text, "jobs > 100000"))]


def test_cases_are_not_run_without_examples_or_with_a_fault() -> None:
    assert check(sound().encode()) == ()
    faulty = sound().replace("format: 1", "format: 2")
    assert [fault.code for fault in check(faulty.encode(), shore)] == ["format_unknown"]


def test_every_sentence_about_faults_belongs_to_a_fault_that_a_test_makes() -> None:
    made = {code for edit in edits() for _, code, _, _ in edit.told}
    assert set(sections("faults")["zh"]) - OF_BYTES - OF_CASES - made == set()


def test_both_languages_name_the_same_faults_with_the_same_figures() -> None:
    zh, en = sections("faults")["zh"], sections("faults")["en"]
    assert list(zh) == list(en)
    assert {code: placeholders(zh[code]) for code in zh} == {code: placeholders(en[code]) for code in en}


def test_a_code_means_one_thing_in_all_sections() -> None:
    codes = [code for section in (*SECTIONS, "flaws") for code in sections(section)["zh"]]
    assert len(codes) == len(set(codes))
