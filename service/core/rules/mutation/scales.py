"""Mutants of what scores: points, bands, choices, and the weights of criteria and dimensions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from service.core.rules.clauses import Way, with_entry
from service.core.rules.model import Bands, Choices, Criterion, Dimension, Points, Rulebook, Scale
from service.core.rules.mutation.kinds import Kind, Mutant
from service.core.rules.mutation.steps import neighbours
from service.core.values import EXACT, number_text

_LEAST, _MOST = Decimal(0), Decimal(100)
_Pair: TypeAlias = tuple[Decimal, Decimal]
# What was changed, where in the criterion, how it reads before and after, and the scale then.
_Change: TypeAlias = tuple[Kind, Way, str, str, Scale]


def scales(rulebook: Rulebook) -> Iterator[Mutant]:
    """Give the mutants of every scale and of every weight."""
    for criterion in rulebook.criteria:
        for kind, inside, before, after, scale in _of_scale(criterion.scale):
            way = ("criteria", criterion.id, *inside)
            yield Mutant(kind, way, 0, before, after, with_entry(rulebook, "criteria", criterion.id, scale=scale))
    for dimension in rulebook.dimensions:
        ring = [criterion for criterion in rulebook.criteria if criterion.dimension == dimension]
        yield from _moved(rulebook, "criteria", ring)
    yield from _moved(rulebook, "dimensions", list(rulebook.dimensions.values()))


def _of_scale(scale: Scale) -> Iterator[_Change]:
    if isinstance(scale, Points):
        yield from _of_points(scale.points)
    elif isinstance(scale, Bands):
        yield from _of_bands(scale)
    elif isinstance(scale, Choices):
        yield from _of_choices(scale)


def _of_points(points: Sequence[_Pair]) -> Iterator[_Change]:
    for index, point in enumerate(points):
        for other, which in _other_pairs(point):
            changed = (*points[:index], other, *points[index + 1 :])
            if all(left < right for (left, _), (right, _) in pairwise(changed)):
                kind = (Kind.THRESHOLD, Kind.SCORE)[which]
                yield kind, ("points", index, which), _pair(point), _pair(other), Points(changed)


def _of_bands(scale: Bands) -> Iterator[_Change]:
    for index, band in enumerate(scale.bands):
        for other, which in _other_pairs(band):
            changed = (*scale.bands[:index], other, *scale.bands[index + 1 :])
            if all(left > right for (left, _), (right, _) in pairwise(changed)):
                kind, key = ((Kind.THRESHOLD, "at_least"), (Kind.SCORE, "score"))[which]
                before, after = (f"{key}: {number_text(pair[which])}" for pair in (band, other))
                yield kind, ("bands", index, key), before, after, replace(scale, bands=changed)
    for score in neighbours(scale.otherwise, _LEAST, _MOST):
        before, after = (f"score: {number_text(found)}" for found in (scale.otherwise, score))
        yield Kind.SCORE, ("bands", len(scale.bands), "score"), before, after, replace(scale, otherwise=score)


def _of_choices(scale: Choices) -> Iterator[_Change]:
    for choice, score in scale.scores.items():
        for other in neighbours(score, _LEAST, _MOST):
            before, after = (f"{choice}: {number_text(found)}" for found in (score, other))
            yield Kind.SCORE, ("choices", choice), before, after, Choices({**scale.scores, choice: other})
    for (first, high), (second, low) in pairwise(scale.scores.items()):
        if high != low:
            before = f"{first}: {number_text(high)}, {second}: {number_text(low)}"
            after = f"{first}: {number_text(low)}, {second}: {number_text(high)}"
            swapped = Choices({**scale.scores, first: low, second: high})
            yield Kind.SCORE, ("choices", first), before, after, swapped


def _other_pairs(pair: _Pair) -> Iterator[tuple[_Pair, int]]:
    """Change the value of a pair or its score, which is within 0 and 100; say which it was."""
    value, score = pair
    yield from (((found, score), 0) for found in neighbours(value))
    yield from (((value, found), 1) for found in neighbours(score, _LEAST, _MOST))


def _moved(rulebook: Rulebook, section: str, ring: Sequence[Criterion | Dimension]) -> Iterator[Mutant]:
    """Move one unit of weight from each to the next of a ring, so that the sum stays."""
    for giver, taker in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        less = [found for found in neighbours(giver.weight, _LEAST) if found < giver.weight]
        if giver is not taker and less:
            more = EXACT.add(taker.weight, EXACT.subtract(giver.weight, less[0]))
            changed = with_entry(rulebook, section, giver.id, weight=less[0])
            yield Mutant(
                Kind.WEIGHT,
                (section, giver.id, "weight"),
                0,
                f"{giver.id}: {number_text(giver.weight)}, {taker.id}: {number_text(taker.weight)}",
                f"{giver.id}: {number_text(less[0])}, {taker.id}: {number_text(more)}",
                with_entry(changed, section, taker.id, weight=more),
            )


def _pair(pair: _Pair) -> str:
    return f"[{number_text(pair[0])}, {number_text(pair[1])}]"
