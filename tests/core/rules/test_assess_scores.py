"""Scales, dimensions and totals, exact until they are published."""

from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.rules.assessment import CriterionState, DimensionScore
from service.core.rules.model import Bands, Choices, Outcome, Points, Rulebook
from service.core.rules.scales import extent, score
from service.core.rules.totals import published
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Entry, Plain, assessed, book, choice, criterion, told

WATER = Points(tuple((Decimal(at), Decimal(given)) for at, given in ((8, 100), ("13.9", 75), ("24.1", 30), (30, 0))))
RATIO = Bands(((Decimal(400), Decimal(100)), (Decimal(250), Decimal(60))), Decimal(5))
FIT = Choices({"core": Decimal(100), "lead": Decimal(80), "other": Decimal(20)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", Fraction(100)),
        ("8", Fraction(100)),
        ("8.59", Fraction(195, 2)),
        ("13.9", Fraction(75)),
        ("17.7143", Fraction(75) - Fraction(45) * Fraction("3.8143") / Fraction("10.2")),
        ("24.1", Fraction(30)),
        ("29", Fraction(300, 59)),
        ("30", Fraction(0)),
        ("1000", Fraction(0)),
    ],
)
def test_points_are_joined_by_straight_lines_and_flat_outside(value: str, expected: Fraction) -> None:
    assert score(WATER, Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("401", 100), ("400", 100), ("399.99", 60), ("250", 60), ("249.9", 5), ("-1", 5)]
)
def test_of_bands_the_first_reached_counts(value: str, expected: int) -> None:
    assert score(RATIO, Decimal(value)) == expected


def test_a_choice_scores_what_stands_beside_it() -> None:
    assert [score(FIT, each) for each in ("core", "lead", "other")] == [100, 80, 20]


def test_a_scale_reaches_from_its_least_to_its_greatest_score() -> None:
    assert extent(WATER) == (Fraction(0), Fraction(100))
    assert extent(RATIO) == (Fraction(5), Fraction(100))
    assert extent(FIT) == (Fraction(20), Fraction(100))


@pytest.mark.parametrize(("value", "expected"), [(-1, 0), (0, 0), (30, 60), (50, 100), (51, 100)])
def test_a_formula_is_clamped(value: int, expected: int) -> None:
    rulebook = book(facts={"x": NUMBER}, criteria=[{"id": "c", "score": "x * 2"}])
    found = criterion(assessed(rulebook, x=value), "c")
    assert told(found, "state", "value", "score") == ["known", None, expected]


def test_the_value_beside_a_formula_is_shown_and_need_not_be_known() -> None:
    rulebook = book(facts={"x": NUMBER, "y": NUMBER}, criteria=[{"id": "c", "value": "y", "score": "x"}])
    assert criterion(assessed(rulebook, x=5, y=7), "c").value == 7
    found = criterion(assessed(rulebook, x=5), "c")
    assert told(found, "state", "value", "score") == ["known", None, 5]
    assert criterion(assessed(rulebook, y=7), "c").state is CriterionState.UNKNOWN


@pytest.mark.parametrize(
    ("exact", "decimals", "expected"),
    [
        ("1/3", 2, "0.33"),
        ("2/3", 2, "0.67"),
        ("0.125", 2, "0.13"),
        ("0.124999999999999999999999999999999999999999", 2, "0.12"),
        ("-0.125", 2, "-0.13"),
        ("74.995", 2, "75.00"),
        ("99.5", 0, "100"),
    ],
)
def test_a_figure_is_published_half_up(exact: str, decimals: int, expected: str) -> None:
    assert published(Fraction(exact), decimals) == Decimal(expected)


@given(st.fractions(0, 100), st.integers(0, 6))
def test_a_published_figure_is_within_half_a_unit_of_the_exact_one(exact: Fraction, decimals: int) -> None:
    said = Fraction(published(exact, decimals))
    assert said - exact <= Fraction(1, 2 * 10**decimals)
    assert exact - said < Fraction(1, 2 * 10**decimals)


TWO: Entry = {
    "facts": {"a": NUMBER, "b": NUMBER, "c": NUMBER, "fit": choice("core", "other"), "office": BOOLEAN},
    "dimensions": {"ecology": {"weight": 60}, "quality": {"weight": 40}},
    "criteria": [
        {"id": "a", "dimension": "ecology", "weight": 20, "value": "a", **HUNDRED},
        {"id": "b", "dimension": "ecology", "weight": 40, "value": "b", **HUNDRED},
        {"id": "c", "dimension": "quality", "weight": 30, "value": "c", "applies_when": "!office", **HUNDRED},
        {"id": "fit", "dimension": "quality", "weight": 10, "value": "fit", "choices": {"core": 100, "other": 20}},
    ],
}


def two(**changes: Plain) -> Rulebook:
    return book(**{**TWO, **changes})


def test_dimensions_and_totals_are_weighted_averages() -> None:
    found = assessed(two(), a=50, b=80, c=70, fit="core", office=False)
    # ecology (20·50 + 40·80) / 60 = 70, quality (30·70 + 10·100) / 40 = 77.5, total 0.6·70 + 0.4·77.5
    assert dict(found.score.dimensions) == {
        "ecology": DimensionScore(Decimal(70), Decimal(60)),
        "quality": DimensionScore(Decimal("77.5"), Decimal(40)),
    }
    assert found.score.total == Decimal(73)
    assert told(found.score, "lowest", "highest", "known_only") == [73, 73, 73]
    assert found.score.completeness == 100
    assert [each.contribution for each in found.criteria] == [10, 32, 21, 10]
    assert sum(each.contribution or 0 for each in found.criteria) == found.score.total


def test_scores_stay_exact_until_they_are_published() -> None:
    rulebook = book(
        facts={"x": NUMBER, "y": NUMBER, "z": NUMBER},
        criteria=[{"id": name, "value": name, "points": [[0, 0], [3, 1]]} for name in "xyz"],
    )
    found = assessed(rulebook, x=1, y=1, z=Decimal("2.5"))
    assert [each.score for each in found.criteria] == [Decimal("0.33"), Decimal("0.33"), Decimal("0.83")]
    assert found.score.total == Decimal("0.5"), "(1/3 + 1/3 + 5/6) / 3 = 1/2, not 0.4967 from rounded scores"


def test_the_decision_compares_published_figures() -> None:
    rulebook = book(facts={"x": NUMBER}, criteria=[{"id": "x", "value": "x", **HUNDRED}])
    for value, total, outcome in (
        ("74.995", "75", "approve"),
        ("74.99499999999999999999999999999999", "74.99", "conditional"),
        ("59.995", "60", "conditional"),
        ("44.995", "45", "defer"),
        ("44.99", "44.99", "reject"),
    ):
        found = assessed(rulebook, x=Decimal(value))
        assert (found.score.total, found.outcome) == (Decimal(total), outcome)


@pytest.mark.parametrize(
    ("ecology", "quality", "outcome"),
    [
        ("90", "60", "approve"),
        ("95", "59.99", "conditional"),
        ("95", "49", "defer"),
        ("95", "29", "reject"),
        ("74", "74", "conditional"),
        ("75", "75", "approve"),
    ],
)
def test_both_the_total_and_each_dimension_must_reach_the_mark(ecology: str, quality: str, outcome: str) -> None:
    rulebook = two(criteria=TWO["criteria"][:3])
    found = assessed(rulebook, a=Decimal(ecology), b=Decimal(ecology), c=Decimal(quality), office=False)
    assert told(found, "outcome") == [outcome]


def test_an_unknown_criterion_counts_zero_and_lowers_the_completeness() -> None:
    found = assessed(two(), a=50, c=70, fit="core", office=False)
    unknown = criterion(found, "b")
    assert told(unknown, "state", "value", "score", "contribution") == ["unknown", None, 0, 0]
    # ecology 1000/60 = 16.67, quality 77.5; total 10 + 31; at best ecology 5000/60
    assert found.score.dimensions["ecology"].score == Decimal("16.67")
    assert found.score.total == 41
    assert told(found.score, "lowest", "highest") == [41, 81]
    assert found.score.known_only == Decimal(61), "ecology 50, quality 77.5"
    assert found.score.completeness == 60


def test_a_criterion_that_does_not_apply_is_left_out_above_and_below_the_line() -> None:
    found = assessed(two(), a=50, b=80, c=70, fit="other", office=True)
    left_out = criterion(found, "c")
    assert (left_out.state, left_out.value, left_out.score, left_out.contribution) == (
        "not_applicable",
        None,
        None,
        None,
    )
    assert found.score.dimensions["quality"].score == 20
    assert found.score.total == 50
    assert found.score.completeness == 100


def test_a_criterion_whose_only_open_names_do_not_apply_does_not_apply() -> None:
    facts = {"uses": BOOLEAN, "green": {"type": "number", "asked_when": "uses"}, "x": NUMBER}
    rulebook = book(facts=facts, criteria=[{"id": "green", "value": "green", **HUNDRED}])
    states = [criterion(assessed(rulebook, **given), "green").state for given in ({"uses": False}, {"uses": True}, {})]
    assert states == ["not_applicable", "unknown", "unknown"]
    rulebook = book(facts=facts, criteria=[{"id": "green", "applies_when": "x > 1", "value": "green", **HUNDRED}])
    assert criterion(assessed(rulebook, uses=False), "green").state is CriterionState.UNKNOWN
    assert criterion(assessed(rulebook, uses=False, x=2), "green").state is CriterionState.NOT_APPLICABLE


@pytest.mark.parametrize(
    "keys",
    [
        {"applies_when": "x / x > 1 || true", "value": "green", **HUNDRED},
        {"applies_when": "green > 1", "score": "size([x / x])"},
        {"value": "size([x / x])", "score": "green"},
        {"applies_when": "green > 1", "value": "size([x / x])", **HUNDRED},
    ],
)
def test_a_criterion_that_met_a_division_by_zero_is_unknown_and_counts(keys: dict[str, Plain]) -> None:
    facts = {"uses": BOOLEAN, "green": {"type": "number", "asked_when": "uses"}, "x": NUMBER}
    rulebook = book(facts=facts, criteria=[{"id": "green", **keys}, {"id": "x", "score": "100"}])
    found = assessed(rulebook, uses=False, x=0)
    assert told(criterion(found, "green"), "state", "score", "problems") == ["unknown", 0, ("division_by_zero",)]
    assert told(found.score, "total", "completeness") == [50, 50]
    left_out = assessed(rulebook, uses=False, x=1)
    assert told(criterion(left_out, "green"), "state", "score", "problems") == ["not_applicable", None, ()]
    assert told(left_out.score, "total", "completeness") == [100, 100]


def test_a_dimension_without_a_criterion_that_applies_has_no_score_and_no_floor() -> None:
    rulebook = two(criteria=TWO["criteria"][:3])
    found = assessed(rulebook, a=80, b=80, office=True)
    assert found.score.dimensions["quality"] == DimensionScore(None, Decimal(40))
    assert told(found.score, "total", "outcome") == [80, "approve"]


def test_where_no_criterion_applies_there_is_no_total_and_the_score_defers() -> None:
    rulebook = two(criteria=TWO["criteria"][2:3])
    found = assessed(rulebook, office=True)
    assert (found.score.total, found.score.lowest, found.score.highest, found.score.known_only) == (None,) * 4
    assert found.score.completeness == 100
    assert (found.score.outcome, found.outcome) == (Outcome.DEFER, Outcome.DEFER)
    assert (found.best_possible, found.worst_possible) == (Outcome.DEFER, Outcome.DEFER)
    assert [reason.code for reason in found.reasons] == ["score"]


def test_where_nothing_is_known_there_is_a_total_of_zero_and_none_of_what_is_known() -> None:
    found = assessed(two())
    assert told(found.score, "total", "known_only", "completeness") == [0, None, 0]


def test_weight_zero_counts_for_nothing() -> None:
    criteria = [{"id": "a", "weight": 0, "value": "a", **HUNDRED}, {"id": "b", "weight": 0, "value": "b", **HUNDRED}]
    found = assessed(two(criteria=criteria, dimensions={"only": {"weight": 0}}), a=100)
    assert told(found.score, "total", "completeness", "outcome") == [None, 100, "defer"]
    assert [each.contribution for each in found.criteria] == [0, 0]


def test_the_context_of_the_thread_changes_nothing() -> None:
    facts: dict[str, Plain] = {"a": Decimal("33.3333"), "b": Decimal("66.6667"), "c": Decimal("12.3456")}
    plain = assessed(two(), **facts)
    with localcontext(Context(prec=3, rounding=ROUND_FLOOR)):
        assert assessed(two(), **facts) == plain
