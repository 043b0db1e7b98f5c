from decimal import ROUND_FLOOR, Context, Decimal, localcontext

import pytest

from service.core.rules.assess import unanswered
from service.core.rules.derive import Names, settle
from service.core.rules.facts import read
from service.core.rules.model import Rulebook
from tests.core.rules.books import BOOLEAN, INTEGER, NUMBER, TEXT, Plain, assessed, book, choice, given

FACTS = {
    "kind": choice("plant", "office"),
    "water": {"type": "number", "asked_when": 'kind == "plant"'},
    "reuse": {"type": "number", "asked_when": "water > 0"},
    "output": NUMBER,
    "listed": BOOLEAN,
    "code": TEXT,
    "grants": {"type": "list", "of": {"amount": NUMBER, "year": INTEGER}},
}
BOOK = book(
    parameters={"least": {"value": 5}},
    facts=FACTS,
    derived={
        # Before what it reads, as the file's order is free.
        "doubled": {"value": "intensity * 2"},
        "intensity": {"value": "water / output", "decimals": 2},
        "third": {"value": "output / 3"},
        "large": {"value": "output > least"},
        "sort": {"value": 'listed ? "listed" : code'},
        "settled": {"value": 'kind == "office" ? 0 : water'},
        "both": {"value": "water + output"},
        "granted": {"value": "sum(grants.map(g, g.amount))"},
        "granted_and_water": {"value": "sum(grants.map(g, g.amount)) + water"},
    },
)


def settled(rulebook: Rulebook = BOOK, **facts: Plain) -> Names:
    return settle(rulebook, read(rulebook, given(**facts)))


def test_a_derived_figure_is_rounded_half_up_once_and_used_rounded() -> None:
    names = settled(kind="plant", water=1, output=800)
    assert names.values["intensity"] == Decimal("0.00")
    assert names.values["doubled"] == 0
    names = settled(kind="plant", water=1, output=200)
    assert names.values["intensity"] == Decimal("0.01")
    assert names.values["doubled"] == Decimal("0.02")


def test_a_derived_figure_without_decimals_stays_as_it_is() -> None:
    assert settled(output=1).values["third"] == Decimal("0.3333333333333333333333333333333333")


def test_figures_may_be_numbers_booleans_or_texts() -> None:
    names = settled(output=6, listed=False, code="3453")
    assert (names.values["large"], names.values["sort"]) == (True, "3453")


@pytest.mark.parametrize(
    ("facts", "name", "state"),
    [
        # facts
        ({}, "water", "unknown"),
        ({"kind": "plant"}, "water", "unknown"),
        ({"kind": "office"}, "water", "not_applicable"),
        ({"kind": "office", "water": 5}, "water", "not_applicable"),
        ({"water": 5}, "water", "known"),
        ({"kind": "plant", "water": 0}, "reuse", "not_applicable"),
        ({"kind": "plant"}, "reuse", "unknown"),
        ({"kind": "office"}, "reuse", "unknown"),
        ({"kind": "office", "reuse": 50}, "reuse", "known"),
        # derived figures
        ({"kind": "office", "output": 5}, "intensity", "not_applicable"),
        ({"kind": "office"}, "intensity", "unknown"),
        ({"kind": "plant", "output": 5}, "intensity", "unknown"),
        ({"kind": "plant", "water": 1, "output": 0}, "intensity", "unknown"),
        ({"kind": "office", "output": 5}, "doubled", "not_applicable"),
        ({"kind": "office", "output": 0}, "doubled", "not_applicable"),
        ({"kind": "office"}, "settled", "known"),
        ({"kind": "plant"}, "settled", "unknown"),
        ({"kind": "office", "output": 1}, "both", "not_applicable"),
        ({"grants": [{"amount": 1, "year": 1}]}, "granted", "known"),
        ({"grants": [{"amount": 1}]}, "granted", "known"),
        ({"grants": [{"year": 1}]}, "granted", "unknown"),
        ({"grants": []}, "granted", "known"),
        ({"kind": "office", "grants": [{"amount": 1, "year": 1}]}, "granted_and_water", "not_applicable"),
        ({"kind": "office", "grants": [{"amount": 1}]}, "granted_and_water", "unknown"),
    ],
)
def test_a_name_is_known_unknown_or_not_applicable(facts: dict[str, Plain], name: str, state: str) -> None:
    names = settled(**facts)
    found = "unknown" if names.is_unknown(name) else "known" if names.values[name] is not None else "not_applicable"
    assert found == state
    assert (name in names.not_applicable) == (state == "not_applicable")


def test_a_division_by_zero_beside_something_not_applicable_is_unknown() -> None:
    rulebook = book(facts=FACTS, derived={"ratio": {"value": "1 / output + water"}})
    names = settled(rulebook, kind="office", output=0)
    assert names.is_unknown("ratio")
    assert names.problems == {"ratio": frozenset({"division_by_zero"})}
    assert not settled(rulebook, kind="office", output=1).is_unknown("ratio")


@pytest.mark.parametrize("value", ["(1 / output > 1 || true) ? water : 1", "size([1 / output]) + water"])
def test_a_division_by_zero_that_settles_nothing_beside_something_not_applicable_is_unknown(value: str) -> None:
    rulebook = book(facts=FACTS, derived={"figure": {"value": value}, "known": {"value": "size([1 / output])"}})
    names = settled(rulebook, kind="office", output=0)
    assert names.is_unknown("figure")
    assert names.problems == {"figure": frozenset({"division_by_zero"})}
    assert "figure" in settled(rulebook, kind="office", output=1).not_applicable


def test_names_that_are_not_needed_count_as_well() -> None:
    rulebook = book(facts=FACTS, derived={"ratio": {"value": "listed ? water : output"}})
    assert not settled(rulebook, kind="office", listed=True, output=1).is_unknown("ratio")
    assert settled(rulebook, kind="office", listed=True).is_unknown("ratio"), "output is unknown, though not looked at"


def test_what_an_unknown_figure_met_is_handed_on() -> None:
    names = settled(kind="plant", water=1, output=0, grants=[{"year": 1}])
    assert names.problems["intensity"] == {"division_by_zero"}
    assert names.problems["doubled"] == {"division_by_zero"}
    assert names.problems["granted"] == {"unknown_field"}
    assert "both" not in names.problems


def test_asked_when_may_read_a_derived_figure() -> None:
    rulebook = book(
        facts={"size": NUMBER, "report": {"type": "boolean", "asked_when": "is_large"}},
        derived={"is_large": {"value": "size > 10"}},
    )
    assert "report" in settled(rulebook, size=5).not_applicable
    assert settled(rulebook, size=50).is_unknown("report")
    assert settled(rulebook).is_unknown("report")


def test_a_long_chain_of_figures_is_settled() -> None:
    chain = {f"f{index}": {"value": f"f{index - 1} + 1"} for index in range(1, 400)}
    rulebook = book(facts={"f0": NUMBER}, derived=dict(reversed(chain.items())))
    assert settled(rulebook, f0=1).values["f399"] == 400


def test_the_context_of_the_thread_changes_nothing() -> None:
    facts: dict[str, Plain] = {"kind": "plant", "water": Decimal("123456.789"), "output": 7}
    plain = [str(value) for value in settled(**facts).values.values()]
    with localcontext(Context(prec=3, rounding=ROUND_FLOOR)):
        assert [str(value) for value in settled(**facts).values.values()] == plain


def test_unanswered_are_the_required_facts_that_may_be_asked_and_are_not_known() -> None:
    rulebook = book(
        facts={
            "kind": {**choice("plant", "office"), "required": True},
            "water": {"type": "number", "asked_when": 'kind == "plant"', "required": True},
            "output": {"type": "number", "required": True},
            "listed": BOOLEAN,
        }
    )
    for facts, expected in (
        ({}, ("kind", "water", "output")),
        ({"kind": "office"}, ("output",)),
        ({"kind": "plant", "output": 0}, ("water",)),
        ({"kind": "office", "output": 0}, ()),
    ):
        assert unanswered(rulebook, read(rulebook, given(**facts))) == expected


def test_derived_figures_are_told_in_the_order_of_the_file() -> None:
    assert list(assessed(BOOK).derived) == list(BOOK.derived)
    assert assessed(BOOK, kind="office").derived["settled"] == 0
    assert assessed(BOOK, kind="office").derived["both"] is None
