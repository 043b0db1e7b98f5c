"""Exact figures in decimals are what fractions say."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.rules import scales as plain
from service.core.rules.compiled.exact import Figure, Item, Rounding, exactly, greatest, least
from service.core.rules.compiled.judging import SURROUNDINGS
from service.core.rules.compiled.scales import denominator, score
from service.core.rules.compiled.source import Source
from service.core.rules.compiled.texts import number, unit_texts
from service.core.rules.model import Bands, Points, Scale
from service.core.rules.totals import Part, greatest_average, least_average, published
from service.core.values import number_text

FIGURES = st.decimals(-1000, 1000, places=3)
WEIGHTS = st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(9)])
ITEMS = st.lists(st.tuples(WEIGHTS, FIGURES, st.booleans()), max_size=6)


@given(FIGURES, st.decimals("0.001", 1000, places=3), st.integers(0, 4))
def test_a_figure_is_rounded_once_halves_away_from_zero(above: Decimal, below: Decimal, decimals: int) -> None:
    rounding = Rounding(decimals)
    said = exactly(rounding.published)(above * rounding.halves, below)
    assert said == published(Fraction(above) / Fraction(below), decimals)


@given(ITEMS)
def test_extremes_over_all_ways_of_leaving_out_are_those_of_fractions(
    items: list[tuple[Decimal, Decimal, bool]],
) -> None:
    parts = [_part(*item) for item in items]
    certain = Figure(
        sum((weight * value for weight, value, optional in items if not optional), Decimal(0)),
        sum((weight for weight, _, optional in items if not optional), Decimal(0)),
    )
    optional = [Item(weight, value) for weight, value, may_go in items if may_go]
    assert _fraction(exactly(greatest)(certain, optional)) == greatest_average(parts)
    assert _fraction(exactly(least)(certain, optional)) == least_average(parts)


MARKS = st.lists(st.decimals(-50, 50, places=2), unique=True, min_size=2, max_size=6)
SCORES = st.lists(st.decimals(0, 100, places=1), min_size=6, max_size=6)
POINTS = st.builds(lambda marks, scores: Points(tuple(zip(sorted(marks), scores, strict=False))), MARKS, SCORES)
BANDS = st.builds(
    lambda marks, scores: Bands(tuple(zip(sorted(marks, reverse=True), scores, strict=False)), Decimal(5)),
    MARKS,
    SCORES,
)


@settings(deadline=None)
@given(st.one_of(POINTS, BANDS), st.lists(st.decimals(-60, 60, places=4), min_size=1, max_size=5))
def test_tables_score_like_the_scale(scale: Scale, values: list[Decimal]) -> None:
    shares = denominator([scale]) * Fraction(7, 2)
    source = Source(SURROUNDINGS)
    with source.block("def scored(value)"):
        source.line(f"return {score(scale, 'value', source, shares)}")
    scored = exactly(source.module("scale").function("scored"))
    for value in values:
        assert Fraction(scored(value)) == plain.score(scale, value) * shares


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_published_figures_have_their_text(decimals: int) -> None:
    texts = unit_texts(decimals)
    for units in (0, 1, 10, 99, 5820, 100 * 10**decimals, 10**7, -25):
        assert texts[str(Decimal(units))] == number_text(Decimal(units).scaleb(-decimals))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_numbers_are_written_by_value(value: Decimal) -> None:
    assert number(value) == number_text(value)


def _part(weight: Decimal, value: Decimal, optional: bool) -> Part:  # noqa: FBT001 - drawn as it is
    here = Fraction(value)
    return Part(Fraction(weight), here, here, here, here, optional)


def _fraction(figure: Figure | None) -> Fraction | None:
    return None if figure is None else Fraction(figure.above) / Fraction(figure.below)
