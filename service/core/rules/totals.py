"""Weighted averages, exact, and the greatest and least they can become.

An item of weight 0 changes no average. Some items may be left out, each on its own; the extreme average over all ways
of leaving out is found without trying them: an item raises an average exactly if it lies above it, so the items are
taken from the highest down for as long as they do. The total rises with each dimension's score, and each dimension
can reach its extreme whatever the others do, so the extreme of the total is that of the extremes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

# A weight and a score.
Pair: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion in its dimension, or a dimension in the total: its weight, where it stands and where it could.

    ``known`` is its score where nothing unknown is counted. A part that may be left out is ``optional``.
    """

    weight: Fraction
    score: Fraction
    lowest: Fraction
    highest: Fraction
    known: Fraction | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """The weighted average of parts: as it stands, its extremes, and of what is known alone."""

    score: Fraction
    lowest: Fraction
    highest: Fraction
    known: Fraction | None
    optional: bool

    def part(self, weight: Decimal) -> Part:
        """Make it part of a greater whole."""
        return Part(Fraction(weight), self.score, self.lowest, self.highest, self.known, self.optional)


def whole(parts: Iterable[Part]) -> Whole | None:
    """Average the parts that have weight; None where there is none."""
    weighty = [part for part in parts if part.weight]
    score = average((part.weight, part.score) for part in weighty)
    lowest, highest = least_average(weighty), greatest_average(weighty)
    if score is None or lowest is None or highest is None:
        return None
    known = average((part.weight, part.known) for part in weighty if part.known is not None)
    return Whole(score, lowest, highest, known, all(part.optional for part in weighty))


def average(pairs: Iterable[Pair]) -> Fraction | None:
    """Average scores by weight; None for no weight at all."""
    counted = list(pairs)
    weight = sum((weight for weight, _ in counted), Fraction(0))
    return sum((weight * score for weight, score in counted), Fraction(0)) / weight if weight else None


def greatest_average(parts: Iterable[Part]) -> Fraction | None:
    """Give the greatest average over all ways of leaving out; None where there is nothing to average."""
    return _greatest([(part.weight, part.highest, part.optional) for part in parts if part.weight])


def least_average(parts: Iterable[Part]) -> Fraction | None:
    """Give the least average over all ways of leaving out; None where there is nothing to average."""
    found = _greatest([(part.weight, -part.lowest, part.optional) for part in parts if part.weight])
    return None if found is None else -found


def published(exact: Fraction, decimals: int) -> Decimal:
    """Round an exact figure once, halves away from zero."""
    scaled = abs(exact) * 10**decimals
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(f"{'-' if exact < 0 else ''}{rounded}e-{decimals}")


def _greatest(items: list[tuple[Fraction, Fraction, bool]]) -> Fraction | None:
    taken = [(weight, score) for weight, score, optional in items if not optional]
    best = average(taken)
    for weight, score in sorted(((w, s) for w, s, optional in items if optional), key=lambda item: -item[1]):
        if best is not None and score <= best:
            break
        taken.append((weight, score))
        best = average(taken)
    return best
