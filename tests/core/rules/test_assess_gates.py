"""Gates, categories, the outcome and its reasons."""

import pytest

from service.core.rules.assessment import CategoryResult, GateState, Reason, ReasonCode
from service.core.rules.model import Outcome, Rulebook
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Entry, Plain, assessed, book, gate, told

PARK: Entry = {
    "facts": {
        "large": BOOLEAN,
        "near": BOOLEAN,
        "moved": {"type": "boolean", "asked_when": "large"},
        "divisor": NUMBER,
    }
}


def one_gate(**keys: Plain) -> Rulebook:
    return book(**PARK, gates=[{"id": "g", **keys}])


@pytest.mark.parametrize("large", [True, False, None])
@pytest.mark.parametrize("near", [True, False, None])
def test_a_gate_fails_only_where_it_certainly_applies_and_certainly_fails(
    *, large: bool | None, near: bool | None
) -> None:
    found = assessed(one_gate(applies_when="large", fails_when="near"), large=large, near=near)
    expected = {
        (False, True): "not_applicable",
        (False, False): "not_applicable",
        (False, None): "not_applicable",
        (True, True): "fail",
        (True, False): "pass",
        (True, None): "unknown",
        (None, True): "unknown",
        (None, False): "pass",
        (None, None): "unknown",
    }
    assert gate(found, "g").state == expected[large, near]


@pytest.mark.parametrize(
    ("fails_when", "facts", "state"),
    [
        ("moved", {"large": False}, "not_applicable"),
        ("moved", {}, "unknown"),
        ("moved && near", {"large": False, "near": True}, "not_applicable"),
        ("moved && near", {"large": False, "near": False}, "pass"),
        ("moved && near", {"large": False}, "unknown"),
        ("moved || near", {"large": False, "near": True}, "fail"),
        ("moved || near", {"large": False, "near": False}, "not_applicable"),
        ("moved || 1 / divisor > 1", {"large": False, "divisor": 0}, "unknown"),
        ("moved || 1 / divisor > 1", {"large": False, "divisor": 2}, "not_applicable"),
        ("moved || 1 / divisor > 1", {"large": False}, "unknown"),
    ],
)
def test_a_gate_whose_only_open_names_do_not_apply_does_not_apply(
    fails_when: str, facts: dict[str, Plain], state: str
) -> None:
    assert gate(assessed(one_gate(fails_when=fails_when), **facts), "g").state == state


ABSORBED = [
    "divisor / divisor > 1 || true",
    "!(divisor % divisor > 1 && false)",
    "size([divisor / divisor]) == 1",
    "3 in [3, divisor / divisor]",
    "[1, 2] != [2, divisor / divisor]",
    "[divisor / divisor, 5].exists(i, i > 3)",
    "[divisor / divisor, 5].map(i, i) != [1]",
]


@pytest.mark.parametrize("absorbed", ABSORBED)
@pytest.mark.parametrize("keys", [("applies_when", "fails_when"), ("fails_when", "applies_when")])
def test_a_gate_that_met_a_division_by_zero_is_unknown_even_where_its_expression_is_known(
    absorbed: str, keys: tuple[str, str]
) -> None:
    rulebook = one_gate(**dict(zip(keys, (absorbed, "moved"), strict=True)))
    found = assessed(rulebook, large=False, divisor=0)
    assert told(gate(found, "g"), "state", "problems") == ["unknown", ("division_by_zero",)]
    assert Reason(ReasonCode.GATE_UNKNOWN, Outcome.DEFER, "g") in found.reasons
    assert gate(assessed(rulebook, large=False, divisor=2), "g").state is GateState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("applies_when", "fails_when"),
    [("moved", "true || divisor / divisor > 1"), ("moved", "near ? true : divisor / divisor > 1")],
)
def test_a_division_that_is_not_looked_at_did_not_occur(applies_when: str, fails_when: str) -> None:
    rulebook = one_gate(applies_when=applies_when, fails_when=fails_when)
    found = gate(assessed(rulebook, large=False, near=True, divisor=0), "g")
    assert told(found, "state", "problems") == ["not_applicable", ()]


@pytest.mark.parametrize("absorbed", ABSORBED)
def test_a_division_by_zero_changes_nothing_where_the_gate_is_settled_or_a_fact_is_missing(absorbed: str) -> None:
    rulebook = one_gate(applies_when="near", fails_when=absorbed)
    states = [gate(assessed(rulebook, near=near, divisor=0), "g") for near in (True, False, None)]
    assert [told(found, "state", "problems") for found in states] == [
        ["fail", ()],
        ["not_applicable", ()],
        ["unknown", ()],
    ]


def test_names_of_both_expressions_count() -> None:
    rulebook = one_gate(applies_when="moved", fails_when="near")
    assert gate(assessed(rulebook, large=False, near=True), "g").state is GateState.NOT_APPLICABLE
    assert gate(assessed(rulebook, large=False), "g").state is GateState.UNKNOWN
    assert gate(assessed(rulebook, large=False, near=False), "g").state is GateState.PASS


def test_a_gate_tells_the_facts_below_it_and_what_it_met() -> None:
    rulebook = book(
        parameters={"most": {"value": 2}},
        facts={
            "records": {"type": "list", "of": {"amount": NUMBER}},
            "asked": BOOLEAN,
            "water": {"type": "number", "asked_when": "asked"},
            "output": NUMBER,
            "spare": NUMBER,
        },
        derived={
            "ratio": {"value": "water / output"},
            "spent": {"value": "sum(records.map(r, r.amount))"},
        },
        gates=[
            {"id": "ratio", "fails_when": "ratio > most"},
            {"id": "spent", "applies_when": "ratio < most", "fails_when": "spent > most"},
        ],
    )
    found = assessed(rulebook, asked=True, water=4, output=0, records=[{"amount": 1}, {}])
    assert dict(gate(found, "ratio").reads) == {"water": 4, "output": 0}
    assert list(gate(found, "spent").reads.items()) == [("records", 2), ("water", 4), ("output", 0)]
    assert gate(found, "ratio").problems == ("division_by_zero",)
    assert gate(found, "spent").problems == ("division_by_zero", "unknown_field")
    passed = assessed(rulebook, asked=True, water=4, output=4, records=[])
    assert [each.problems for each in passed.gates] == [(), ()]
    assert dict(gate(assessed(rulebook, asked=False, water=4), "ratio").reads) == {"water": None, "output": None}


CATEGORIES = [
    {"id": "A", "when": "water > 100", "best_outcome": "conditional"},
    {"id": "B", "when": "power > 100", "best_outcome": "defer"},
    {"id": "C", "otherwise": True},
]


@pytest.mark.parametrize(
    ("facts", "category", "provisional", "best", "worst"),
    [
        ({"water": 101}, "A", False, "conditional", "conditional"),
        ({"water": 101, "power": 101}, "A", False, "conditional", "conditional"),
        ({"water": 100, "power": 101}, "B", False, "defer", "defer"),
        ({"water": 100, "power": 100}, "C", False, "approve", "approve"),
        ({}, "A", True, "approve", "defer"),
        ({"power": 100}, "A", True, "approve", "conditional"),
        ({"power": 101}, "A", True, "conditional", "defer"),
        ({"water": 100}, "B", True, "approve", "defer"),
    ],
)
def test_the_first_category_that_holds_or_may_hold_is_taken_and_the_range_looks_at_all_still_possible(
    *, facts: dict[str, Plain], category: str, provisional: bool, best: str, worst: str
) -> None:
    rulebook = book(
        facts={"water": NUMBER, "power": NUMBER, "quality": NUMBER},
        categories=CATEGORIES,
        criteria=[{"id": "quality", "value": "quality", **HUNDRED}],
    )
    found = assessed(rulebook, quality=100, **facts)
    assert found.category == CategoryResult(category, provisional)
    assert told(found, "best_possible", "worst_possible") == [best, worst]
    capped = {"A": "conditional", "B": "defer", "C": "approve"}[category]
    assert found.outcome == capped


def test_a_category_on_something_not_applicable_is_provisional() -> None:
    rulebook = book(**PARK, categories=[{"id": "A", "when": "moved"}, {"id": "B", "otherwise": True}])
    assert assessed(rulebook, large=False).category == CategoryResult("A", provisional=True)


def rules(**sections: Plain) -> Rulebook:
    """Gates of every kind, a category that may cap, and one criterion that is the whole score."""
    written = {
        "facts": {"quality": NUMBER, "more": NUMBER, "a": BOOLEAN, "b": BOOLEAN, "c": BOOLEAN, "cap": BOOLEAN},
        "gates": [
            {"id": "mild", "fails_when": "a", "on_fail": "conditional"},
            {"id": "hard", "fails_when": "b", "on_fail": "reject"},
            {"id": "soft", "fails_when": "c", "on_fail": "defer"},
        ],
        "categories": [
            {"id": "capped", "when": "cap", "best_outcome": "conditional"},
            {"id": "free", "otherwise": True},
        ],
        "criteria": [
            {"id": "quality", "value": "quality", "weight": 80, **HUNDRED},
            {"id": "more", "value": "more", "weight": 20, **HUNDRED},
        ],
        **sections,
    }
    return book(**written)


SOUND: Entry = {"quality": 90, "more": 90, "a": False, "b": False, "c": False, "cap": False}


@pytest.mark.parametrize(
    ("changes", "outcome", "reasons"),
    [
        ({}, "approve", []),
        ({"a": True}, "conditional", [("gate_failed", "mild", "conditional")]),
        ({"b": True}, "reject", [("gate_failed", "hard", "reject")]),
        ({"c": True}, "defer", [("gate_failed", "soft", "defer")]),
        ({"a": None}, "defer", [("gate_unknown", "mild", "defer")]),
        ({"cap": True}, "conditional", [("category_cap", None, "conditional")]),
        ({"cap": None}, "conditional", [("category_cap", None, "conditional")]),
        ({"quality": 74, "more": 74}, "conditional", [("score", None, "conditional")]),
        ({"quality": 59, "more": 59}, "defer", [("score", None, "defer")]),
        ({"quality": 10, "more": 10}, "reject", [("score", None, "reject")]),
        # 80 % complete; the score is 72, or 8, softened to defer
        ({"more": None}, "defer", [("incomplete", None, "defer"), ("score", None, "conditional")]),
        ({"more": None, "quality": 10}, "defer", [("incomplete", None, "defer"), ("score", None, "defer")]),
        (
            {"a": True, "b": None, "c": True, "cap": True, "more": None, "quality": 10},
            "defer",
            [
                ("gate_failed", "soft", "defer"),
                ("gate_unknown", "hard", "defer"),
                ("incomplete", None, "defer"),
                ("score", None, "defer"),
                ("gate_failed", "mild", "conditional"),
                ("category_cap", None, "conditional"),
            ],
        ),
        (
            {"a": None, "b": True, "c": None, "quality": 10, "more": 10},
            "reject",
            [
                ("gate_failed", "hard", "reject"),
                ("score", None, "reject"),
                ("gate_unknown", "mild", "defer"),
                ("gate_unknown", "soft", "defer"),
            ],
        ),
    ],
)
def test_the_outcome_is_the_worst_of_its_reasons_and_they_are_told_worst_first(
    changes: dict[str, Plain], outcome: str, reasons: list[tuple[str, str | None, str]]
) -> None:
    found = assessed(rules(), **{**SOUND, **changes})
    assert found.outcome == outcome
    expected = tuple(Reason(ReasonCode(code), Outcome(said), gate) for code, gate, said in reasons)
    assert found.reasons == expected


def test_the_score_s_own_outcome_is_told_before_it_is_softened() -> None:
    found = assessed(rules(), **{**SOUND, "more": None, "quality": 10})
    assert (found.outcome, found.score.outcome) == (Outcome.DEFER, Outcome.REJECT)


def test_what_incomplete_data_does_is_for_the_rules_to_say() -> None:
    incomplete = {**SOUND, "more": None, "quality": 100}
    for otherwise, outcome in (("approve", "approve"), ("conditional", "conditional"), ("reject", "reject")):
        rulebook = rules(decision={"completeness": {"at_least": 90, "otherwise": otherwise}})
        assert assessed(rulebook, **incomplete).outcome == outcome


def test_completeness_exactly_at_its_mark_is_complete() -> None:
    rulebook = rules(decision={"completeness": {"at_least": 80, "otherwise": "defer"}})
    assert assessed(rulebook, **{**SOUND, "more": None, "quality": 100}).outcome is Outcome.APPROVE
    assert assessed(rulebook, **{**SOUND, "more": None, "quality": 10}).outcome is Outcome.REJECT, "nothing is softened"


@pytest.mark.parametrize(
    ("changes", "best", "worst"),
    [
        ({"b": None}, "approve", "reject"),
        ({"a": None}, "approve", "conditional"),
        ({"a": True, "b": None}, "conditional", "reject"),
        ({"b": True, "a": None}, "reject", "reject"),
        ({"more": None}, "approve", "conditional"),
        ({"more": None, "quality": 10}, "reject", "reject"),
        ({"quality": None, "more": 0}, "approve", "reject"),
    ],
)
def test_the_range_of_the_outcome_lets_unknown_gates_pass_or_fail(
    changes: dict[str, Plain], best: str, worst: str
) -> None:
    found = assessed(rules(), **{**SOUND, **changes})
    assert told(found, "best_possible", "worst_possible") == [best, worst]


def test_an_unknown_gate_that_could_only_set_conditions_defers_today() -> None:
    found = assessed(rules(), **{**SOUND, "a": None})
    assert (found.outcome, found.worst_possible) == (Outcome.DEFER, Outcome.CONDITIONAL)
