"""What the unknown could still make of a score and an outcome, against trying out every possibility."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.rules.assessment import Assessment, CriterionState
from service.core.rules.judge import JudgedCriterion
from service.core.rules.model import Bands, Decision, Dimension, Mark, Outcome, Words
from service.core.rules.outcomes import score_extremes
from service.core.rules.score import score_criteria
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Entry, Plain, assessed, book, criterion, told

HIGH: Entry = {"bands": [{"at_least": 10, "score": 90}, {"otherwise": True, "score": 70}]}
LOW: Entry = {"bands": [{"at_least": 10, "score": 20}, {"otherwise": True, "score": 0}]}
BOOK = book(
    facts={"a": NUMBER, "b": NUMBER, "c": NUMBER, "p": BOOLEAN, "q": BOOLEAN},
    dimensions={"ecology": {"weight": 50}, "quality": {"weight": 50}},
    criteria=[
        {"id": "a", "dimension": "ecology", "weight": 10, "value": "a", **HUNDRED},
        {"id": "high", "dimension": "ecology", "weight": 10, "value": "b", "applies_when": "p", **HIGH},
        {"id": "low", "dimension": "ecology", "weight": 10, "value": "b", "applies_when": "q", **LOW},
        {"id": "c", "dimension": "quality", "weight": 10, "value": "c", "applies_when": "p", **HUNDRED},
    ],
)


@pytest.mark.parametrize(
    ("facts", "total", "lowest", "highest"),
    [
        # ecology a alone
        ({"a": 50, "p": False, "q": False}, "50", "50", "50"),
        # high unknown but certain to apply: at 70 to 90 it can only lift the average; c is 0 to 100
        ({"a": 50, "p": True, "q": False}, "12.5", "30", "85"),
        # high and low may be left out, each on its own: ecology 35 (low in, high out) to 70 (high in, low out)
        ({"a": 50, "c": 60}, "8.33", "12.5", "85"),
        # value known, but whether it applies is not: the whole range and being left out
        ({"a": 80, "b": 10, "p": False}, "40", "40", "80"),
        # a is unknown and certain: the lowest total exceeds the published one
        ({"a": None, "b": 10, "p": True, "q": True, "c": 50}, "43.33", "43.33", "60"),
        # nothing known, dimension quality may vanish
        ({"q": False}, "0", "0", "100"),
    ],
)
def test_the_total_ranges_over_every_end_and_every_leaving_out(
    facts: dict[str, Plain], total: str, lowest: str, highest: str
) -> None:
    found = assessed(BOOK, **facts)
    assert told(found.score, "total", "lowest", "highest") == [Decimal(total), Decimal(lowest), Decimal(highest)]


def test_a_table_whose_least_score_is_above_zero_can_lift_the_lowest_above_the_total() -> None:
    rulebook = book(facts={"b": NUMBER}, criteria=[{"id": "high", "value": "b", **HIGH}])
    assert told(assessed(rulebook).score, "total", "lowest", "highest") == [0, 70, 90]


def test_a_dimension_that_may_vanish_takes_its_floor_with_it() -> None:
    rulebook = book(
        facts={"a": NUMBER, "b": NUMBER, "p": BOOLEAN},
        dimensions={"ecology": {"weight": 50}, "quality": {"weight": 50}},
        criteria=[
            {"id": "a", "dimension": "ecology", "weight": 10, "value": "a", **HUNDRED},
            {"id": "low", "dimension": "quality", "weight": 10, "value": "b", "applies_when": "p", **LOW},
        ],
    )
    # With quality at 20 at most nothing better than reject; without it the 80 of ecology approve.
    assert told(assessed(rulebook, a=80), "best_possible", "worst_possible") == ["approve", "reject"]
    assert told(assessed(rulebook, a=80, p=True), "best_possible", "worst_possible") == ["reject", "reject"]
    assert told(assessed(rulebook, a=80, p=False), "best_possible", "worst_possible") == ["approve", "approve"]


def test_where_everything_may_be_left_out_there_may_be_no_total_which_defers() -> None:
    rulebook = book(
        facts={"b": NUMBER, "p": BOOLEAN},
        criteria=[{"id": "low", "value": "b", "applies_when": "p", **LOW}],
    )
    assert told(assessed(rulebook), "best_possible", "worst_possible") == ["defer", "reject"]
    assert told(assessed(rulebook, p=True), "best_possible", "worst_possible") == ["reject", "reject"]


def test_a_criterion_known_but_for_whether_it_applies_is_unknown_and_optional() -> None:
    found = assessed(BOOK, a=50, b=10, p=False)
    assert told(criterion(found, "low"), "state", "value", "score") == ["unknown", None, 0]
    assert found.score.completeness == 50


def test_completeness_is_taken_as_full_at_either_end() -> None:
    # 0 known of 100: deferred as incomplete today; once known it may be approved or rejected
    rulebook = book(facts={"a": NUMBER}, criteria=[{"id": "a", "value": "a", **HUNDRED}])
    found = assessed(rulebook)
    assert told(found, "outcome", "best_possible", "worst_possible") == ["defer", "approve", "reject"]


# Everything tried out ------------------------------------------------------------------------------------------------

DECISIONS = (
    replace(BOOK.decision, decimals=1),
    replace(
        BOOK.decision,
        decimals=1,
        approve=Mark(Decimal(60), Decimal(80)),
        conditional=Mark(Decimal(50), Decimal(70)),
        defer=Mark(Decimal(40), Decimal(60)),
    ),
)
NAMES = ("ecology", "quality", "third")
SCORES = st.integers(0, 20).map(lambda number: Decimal(number * 5))


def judged(index: int, dimension: str, weight: int, state: str, scores: tuple[Decimal, Decimal]) -> JudgedCriterion:
    low, high = sorted(scores)
    rule = replace(
        BOOK.criteria[0],
        id=f"c{index}",
        dimension=dimension,
        weight=Decimal(weight),
        scale=Bands(((Decimal(1), high),), low),
    )
    if state == "known":
        return JudgedCriterion(rule, CriterionState.KNOWN, Decimal(1), Fraction(high))
    if state == "out":
        return JudgedCriterion(rule, CriterionState.NOT_APPLICABLE)
    return JudgedCriterion(rule, CriterionState.UNKNOWN, optional=state == "optional")


CRITERIA = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(0, 3),
        st.sampled_from(["known", "unknown", "optional", "optional", "out"]),
        st.tuples(SCORES, SCORES),
    ),
    max_size=6,
).map(lambda rows: [judged(index, *row) for index, row in enumerate(rows)])


def ends(criterion: JudgedCriterion) -> list[Fraction | None]:
    """The scores a criterion may come to have; None for being left out."""
    if criterion.state is CriterionState.NOT_APPLICABLE:
        return [None]
    if criterion.score is not None:
        return [criterion.score]
    assert isinstance(criterion.rule.scale, Bands)
    (((_, high),), low) = criterion.rule.scale.bands, criterion.rule.scale.otherwise
    middle = (Fraction(low) + Fraction(high)) / 2
    return [Fraction(low), middle, Fraction(high), *([None] if criterion.optional else [])]


def naive(
    decision: Decision,
    criteria: Sequence[JudgedCriterion],
    scores: Sequence[Fraction | None],
    weights: dict[str, int],
) -> tuple[Decimal | None, Outcome]:
    """Add up one possibility, by the text of the rules."""
    dimensions: dict[str, Fraction] = {}
    for name in weights:
        inside = [
            (int(criterion.rule.weight), score)
            for criterion, score in zip(criteria, scores, strict=True)
            if score is not None and criterion.rule.dimension == name
        ]
        if sum(weight for weight, _ in inside):
            dimensions[name] = sum(weight * score for weight, score in inside) / Fraction(sum(w for w, _ in inside))
    whole = sum(weights[name] for name in dimensions)
    if not whole:
        return None, Outcome.DEFER
    total = rounded(sum(weights[name] * score for name, score in dimensions.items()) / Fraction(whole))
    for outcome, mark in marks(decision):
        if total >= mark.total and all(rounded(score) >= mark.each_dimension for score in dimensions.values()):
            return total, outcome
    return total, Outcome.REJECT


def rounded(exact: Fraction) -> Decimal:
    return Decimal(int(exact * 10 + Fraction(1, 2))) / 10


def marks(decision: Decision) -> Iterator[tuple[Outcome, Mark]]:
    yield Outcome.APPROVE, decision.approve
    yield Outcome.CONDITIONAL, decision.conditional
    yield Outcome.DEFER, decision.defer


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(DECISIONS), CRITERIA, st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(1, 3)))
def test_the_extremes_are_those_of_every_possibility_tried_out(
    decision: Decision, criteria: list[JudgedCriterion], weights: tuple[int, int, int]
) -> None:
    named = dict(zip(NAMES, weights, strict=True))
    dimensions = {name: Dimension(name, Decimal(weight), Words(name, name)) for name, weight in named.items()}
    rulebook = replace(BOOK, dimensions=dimensions, decision=decision)
    scored = score_criteria(rulebook, criteria)
    found = [
        naive(decision, criteria, scores, named) for scores in product(*(ends(criterion) for criterion in criteria))
    ]
    totals = [total for total, _ in found if total is not None]
    outcomes = sorted((outcome for _, outcome in found), key=lambda outcome: outcome.severity)
    extremes = score_extremes(decision, scored.dimensions)
    assert (scored.score.lowest, scored.score.highest) == (min(totals, default=None), max(totals, default=None))
    assert (extremes.best, extremes.worst) == (outcomes[0], outcomes[-1])


# Learning ------------------------------------------------------------------------------------------------------------

LEARNING = book(
    facts={"a": NUMBER, "b": NUMBER, "c": NUMBER, "p": BOOLEAN, "q": BOOLEAN},
    derived={"ratio": {"value": "a / b", "decimals": 3}, "kind": {"value": "p && a > 20"}},
    gates=[
        {"id": "g", "applies_when": "p", "fails_when": "ratio > 2", "on_fail": "reject"},
        {"id": "h", "fails_when": "q || c < 10", "on_fail": "conditional"},
    ],
    categories=[
        {"id": "A", "when": "kind", "best_outcome": "conditional"},
        {"id": "B", "when": "q", "best_outcome": "defer"},
        {"id": "C", "otherwise": True},
    ],
    dimensions={"ecology": {"weight": 30}, "quality": {"weight": 70}},
    criteria=[
        {"id": "a", "dimension": "ecology", "weight": 10, "value": "a", **HIGH},
        {"id": "ratio", "dimension": "ecology", "weight": 20, "value": "ratio", "points": [[0, 10], [1, 95], [3, 0]]},
        {"id": "b", "dimension": "quality", "weight": 30, "value": "b", "applies_when": "p", **HUNDRED},
        {"id": "c", "dimension": "quality", "weight": 40, "score": "q ? c : c + b", "applies_when": "q || a > 10"},
    ],
)
WHOLE = st.fixed_dictionaries(
    {
        "a": st.integers(0, 40),
        "b": st.integers(1, 100),
        "c": st.integers(0, 100),
        "p": st.booleans(),
        "q": st.booleans(),
    }
)


def inside(known: Assessment, open_one: Assessment) -> bool:
    """Say whether what is known now lies within what was possible before."""
    before, now = open_one.score, known.score
    if now.lowest is not None and now.highest is not None:
        assert before.lowest is not None
        assert before.highest is not None
        if not before.lowest <= now.lowest <= now.highest <= before.highest:
            return False
    best, worst = open_one.best_possible.severity, open_one.worst_possible.severity
    return best <= known.best_possible.severity <= known.worst_possible.severity <= worst


@settings(max_examples=300, deadline=None, derandomize=True)
@given(WHOLE, st.sets(st.sampled_from("abcpq")), st.sets(st.sampled_from("abcpq")))
def test_learning_never_leads_outside_what_was_possible(
    facts: dict[str, int | bool], hidden: set[str], still_hidden: set[str]
) -> None:
    full = assessed(LEARNING, **facts)
    some = assessed(LEARNING, **{name: value for name, value in facts.items() if name not in hidden & still_hidden})
    few = assessed(LEARNING, **{name: value for name, value in facts.items() if name not in hidden})
    assert inside(some, few)
    assert inside(full, some)
    assert few.score.completeness <= some.score.completeness <= full.score.completeness == 100
    assert full.best_possible == full.outcome == full.worst_possible
