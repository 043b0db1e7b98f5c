"""What the lint does and does not say of whole rulebooks; what it says, to the character, is in the pages of faults."""

from pathlib import Path

import pytest

from service.core.rules.check import check
from service.core.rules.faults import Fault
from tests.core.rules.edits import sound

ROOT = Path(__file__).parents[4]
BOOKS = [ROOT / "rules.yaml", *sorted((ROOT / "examples" / "rulebooks").glob("*.yaml"))]


def said(text: str) -> list[tuple[str, str]]:
    return [(fault.code, str(fault.figures.get("condition", fault.figures.get("found")))) for fault in faults(text)]


def faults(text: str) -> tuple[Fault, ...]:
    return check(text.encode())


def gate(fails_when: str, text: str = "") -> list[tuple[str, str]]:
    """Say what is told of a gate with this condition."""
    return said(
        (text or sound()).replace('fails_when: listed && kind == "listed"', f"fails_when: >-\n      {fails_when}")
    )


@pytest.mark.parametrize("book", BOOKS, ids=[book.stem for book in BOOKS])
def test_the_rulebooks_that_are_published_hold_nothing_that_can_never_be(book: Path) -> None:
    told = [fault for fault in check(book.read_bytes()) if fault.code not in {"unconfirmed_source", "list_empty"}]
    assert told == []


@pytest.mark.parametrize(
    "condition",
    [
        "distance_km > 499.999",
        "jobs > 3 && jobs < 5",
        "water_m3 / added_value > 5",
        "jobs > 5 && !(jobs < 3)",
        "jobs > 5 && jobs > 3 && listed",
        "jobs < 5 ? listed : jobs >= 5 ? !listed : false",
        "grants.exists(g, g.amount > 5) && grants.exists(g, g.amount < 3)",
        "grants.exists(g, g.basis == 'none') && grants.all(g, g.basis != 'law')",
        "grants.exists(g, g.amount > 5 && g.basis == 'none') || grants.exists(g, g.amount < 3)",
        "size(grants) > 199",
        "code.startsWith('25') && code.endsWith('6')",
        "!(code in ['1', '2'])",
        "present(listed)",
        "(nature == 'new' ? distance_km : 3) > 400",
        "jobs / 3 * 3 != jobs",
        "years_between(begins, date('2026-01-01')) > 2000",
        "listed == (nature == 'new')",
        "min(jobs, 5) > 4",
        "granted % 7 > 6",
    ],
)
def test_what_is_possible_is_not_called_impossible(condition: str) -> None:
    assert gate(condition) == []


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ("size(grants) > 200", None),
        ("abs(distance_km) < 0", None),
        ("min(jobs, 5) > 5", None),
        ("round(distance_km, 0) > 500", None),
        ("years_between(begins, begins) > 0 && begins > begins", "begins > begins"),
        ("jobs > 5 && !(jobs > 3)", "jobs > 3"),
        ("nature == 'new' && nature in ['expand']", 'nature in ["expand"]'),
        ("code == '6450' && code.startsWith('25')", 'code.startsWith("25")'),
        ("kind in ['a', 'b']", None),
        ("(listed ? 3 : 5) > 5", None),
        ("(nature == 'new' ? distance_km - 600 : -1) > 0", None),
        ("grants.filter(g, g.amount > 5).exists(g, g.amount < 3)", "g.amount < 3"),
        ("grants.all(g, g.amount > 5) && grants.map(g, g.amount).exists(a, a < 0)", "a < 0"),
        ("sum([jobs, 3]) < 3", None),
        ("(jobs - jobs) > 0", None),
    ],
)
def test_what_is_impossible_is_told_of_the_gate_and_of_the_part_that_makes_it_so(
    condition: str, part: str | None
) -> None:
    found = gate(condition)
    assert found[0] == ("gate_never_fails", "on_list")
    assert [words for _, words in found[1:]] == ([part] if part else [])


def test_a_condition_on_parameters_alone_is_a_switch_and_nothing_is_said_of_it() -> None:
    assert gate("buffer_km > 0 && listed") == []
    assert gate("!strict && listed") == []


def test_a_list_that_the_chosen_profile_empties_is_told_where_the_profile_says_so() -> None:
    text = sound().replace('listed_codes: ["25", "26"]', "listed_codes: []")
    fault, consequence = faults(text)
    assert consequence.code == "gate_switched_off"
    assert (fault.code, text.splitlines()[fault.place.line - 1].strip()) == ("list_empty", "listed_codes: []")
    assert fault.place.column == len("    listed_codes: ") + 1


def test_a_gate_that_a_parameter_keeps_from_sparing_anybody_is_told() -> None:
    assert gate("!strict") == [("gate_always_fails", "on_list")]


def test_a_file_with_a_fault_of_form_or_meaning_is_not_looked_through() -> None:
    text = sound().replace('listed && kind == "listed"', "jobs < 0").replace("format: 1", "format: 2")
    assert [fault.code for fault in faults(text)] == ["format_unknown"]


def test_what_is_too_entangled_is_left_alone() -> None:
    nested = "jobs > 100000"
    for _ in range(25):
        nested = f"(({nested}) == listed)"
    assert gate(nested) == []


def test_ranges_are_shown_with_the_comparison_they_explain() -> None:
    text = sound().replace('listed && kind == "listed"', "listed && distance_km > 500")
    fault = next(fault for fault in faults(text) if fault.code == "comparison_never_true")
    assert dict(fault.figures) == {"condition": "distance_km > 500", "left": "0…500", "right": "500"}
