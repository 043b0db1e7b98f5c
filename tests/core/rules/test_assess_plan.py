"""The action plan, and the unknown facts with what hangs on them."""

from decimal import Decimal

import pytest

from service.core.rules.assessment import Improvement, UnknownFact
from service.core.rules.model import Bands, Choices, Formula, PlannedCondition, Points, Scale
from service.core.rules.scales import target
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Plain, assessed, book, choice

WATER = Points(tuple((Decimal(at), Decimal(given)) for at, given in ((8, 100), ("13.9", 75), ("24.1", 30), (30, 0))))
HILL = Points(tuple((Decimal(at), Decimal(given)) for at, given in ((0, 0), (10, 60), (20, 100), (30, 70), (40, 0))))
BANDS = Bands(((Decimal(400), Decimal(100)), (Decimal(250), Decimal(60)), (Decimal(100), Decimal(20))), Decimal(0))
TURNED = Bands(((Decimal(400), Decimal(0)),), Decimal(100))
FIT = Choices(
    {"core": Decimal(100), "lead": Decimal(70), "support": Decimal(60), "fit": Decimal(60), "other": Decimal(20)}
)


@pytest.mark.parametrize(
    ("scale", "now", "expected"),
    [
        (WATER, "17.7143", "13.9"),
        (WATER, "100", "13.9"),
        (WATER, None, "13.9"),
        (HILL, "5", "10"),
        (HILL, "39", "30"),
        (HILL, None, "10"),
        (Points(((Decimal(0), Decimal(10)), (Decimal(1), Decimal(59)))), "0", None),
        (BANDS, "249", "250"),
        (BANDS, None, "250"),
        (TURNED, "500", None),
        (FIT, "other", "support"),
        (FIT, None, "support"),
        (Choices({"only": Decimal(59)}), "only", None),
    ],
)
def test_a_criterion_is_to_be_brought_to_the_nearest_value_that_scores_enough(
    scale: Scale, now: str | None, expected: str | None
) -> None:
    numbers = not isinstance(scale, Choices)
    value: Plain = now if now is None or not numbers else Decimal(now)
    wanted = expected if expected is None or not numbers else Decimal(expected)
    assert target(scale, Decimal(60), value) == wanted


def test_criteria_below_the_mark_come_first_then_what_is_asked_for_anyway() -> None:
    rulebook = book(
        facts={"a": NUMBER, "b": NUMBER, "fit": choice("core", "other"), "uses": BOOLEAN},
        derived={"half": {"value": "a / 2"}},
        criteria=[
            {"id": "half", "value": "half", **HUNDRED},
            {"id": "enough", "value": "a", **HUNDRED},
            {"id": "b", "value": "b + 0", **HUNDRED},
            {"id": "formula", "score": "a - 80"},
            {"id": "fit", "value": "fit", "choices": {"core": 100, "other": 0}},
            {"id": "out", "value": "a", "applies_when": "false", **HUNDRED},
        ],
        action_plan={"below": 60, "always": [{"id": "always"}]},
    )
    found = assessed(rulebook, a=80, fit="other")
    assert found.action_plan == (
        Improvement("half", "half", Decimal(40), Decimal(100), "24_months_after_production"),
        Improvement("b", "b + 0", None, Decimal(100), "24_months_after_production"),
        Improvement("formula", "a - 80", None, None, "24_months_after_production"),
        Improvement("fit", "fit", "other", "core", "24_months_after_production"),
        rulebook.action_plan.always[0],
    )


def test_the_published_score_decides_what_is_below_the_mark() -> None:
    rulebook = book(facts={"a": NUMBER}, criteria=[{"id": "a", "value": "a", **HUNDRED}])
    assert len(assessed(rulebook, a=Decimal("59.994")).action_plan) == 1
    assert assessed(rulebook, a=Decimal("59.995")).action_plan == ()


@pytest.mark.parametrize(
    ("when", "facts", "kept"),
    [
        ("p", {"p": True}, True),
        ("p", {"p": False}, False),
        ("p", {}, True),
        ('category == "A"', {"p": True}, True),
        ('category == "A"', {"p": False}, False),
        ('category == "A"', {}, True),
        ('category == "A" || q', {"p": False}, False),
        ("q", {"p": False}, False),
        ("q", {"p": True}, True),
        ("q && 1 / zero > 1", {"p": False, "zero": 0}, True),
    ],
)
def test_a_condition_is_dropped_only_when_it_is_certain_that_it_is_not_needed(
    *, when: str, facts: dict[str, Plain], kept: bool
) -> None:
    rulebook = book(
        facts={"p": BOOLEAN, "q": {"type": "boolean", "asked_when": "p"}, "zero": NUMBER},
        categories=[{"id": "A", "when": "p"}, {"id": "B", "otherwise": True}],
        action_plan={"always": [{"id": "one", "when": when}, {"id": "two"}]},
    )
    items = assessed(rulebook, **facts).action_plan
    assert all(isinstance(item, PlannedCondition) for item in items)
    assert [item.id for item in items] == (["one", "two"] if kept else ["two"])


def test_unknown_facts_are_listed_by_the_weight_that_hangs_on_them() -> None:
    rulebook = book(
        facts={
            "idle": NUMBER,
            "a": NUMBER,
            "power": NUMBER,
            "green": {"type": "number", "asked_when": "power > 0"},
            "office": BOOLEAN,
            "dust": {"type": "number", "asked_when": "!office"},
            "b": NUMBER,
        },
        derived={"intensity": {"value": "power / a"}, "carbon": {"value": "power * (1 - green)"}},
        gates=[
            {"id": "power", "fails_when": "intensity > 1"},
            {"id": "green", "applies_when": "power > 5", "fails_when": "green < 1"},
            {"id": "settled", "fails_when": "green < 1 && false"},
        ],
        criteria=[
            {"id": "intensity", "weight": 8, "value": "intensity", **HUNDRED},
            {"id": "carbon", "weight": 5, "value": "carbon", **HUNDRED},
            {"id": "green", "weight": 3, "value": "green", **HUNDRED},
            {"id": "b", "weight": 8, "applies_when": "office", "score": "b"},
            {"id": "known", "weight": 50, "score": "present(green) ? 50 : 40"},
        ],
    )
    found = assessed(rulebook, a=10, office=True)
    assert found.unknown == (
        UnknownFact("power", Decimal(16), ("power", "green")),
        UnknownFact("green", Decimal(8), ("green",)),
        UnknownFact("b", Decimal(8), ()),
        UnknownFact("idle", Decimal(0), ()),
    )
    assert [item.fact for item in assessed(rulebook, a=10, office=True, power=0).unknown] == ["b", "idle"]
    everything = {"idle": 0, "a": 10, "power": 1, "green": 1, "office": False, "dust": 1, "b": 1}
    assert assessed(rulebook, **everything).unknown == ()


def test_assessing_never_insists_on_required_facts() -> None:
    rulebook = book(facts={"a": {"type": "number", "required": True}})
    assert [item.fact for item in assessed(rulebook).unknown] == ["a"]


def test_a_formula_has_no_value_to_be_brought_to() -> None:
    formula = book(facts={"a": NUMBER}, criteria=[{"id": "f", "score": "a * 2"}]).criteria[0].scale
    assert isinstance(formula, Formula)
    assert target(formula, Decimal(60), Decimal(1)) is None
