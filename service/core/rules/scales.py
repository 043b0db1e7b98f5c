"""From a value to an exact score, and what a scale could give."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from service.core.rules.expressions.types import Value
from service.core.rules.model import Bands, Choices, Formula, Points, Scale

LEAST = Fraction(0)
MOST = Fraction(100)


def score(scale: Scale, value: Value) -> Fraction:
    """Score a known value: exact, nothing rounded. The value of a formula is already its score, to be clamped."""
    if isinstance(scale, Choices):
        return Fraction(scale.scores[str(value)])
    assert isinstance(value, Decimal)  # noqa: S101 - the other scales are checked to have a number
    if isinstance(scale, Points):
        return _on_the_line(scale.points, value)
    if isinstance(scale, Bands):
        reached = (Fraction(given) for mark, given in scale.bands if value >= mark)
        return next(reached, Fraction(scale.otherwise))
    return Fraction(_within(value, Decimal(0), Decimal(100)))


def extent(scale: Scale) -> tuple[Fraction, Fraction]:
    """Give the least and the greatest score that a scale holds; 0 and 100 for a formula."""
    if isinstance(scale, Formula):
        return LEAST, MOST
    scores = [Fraction(given) for given in _scores(scale)]
    return min(scores), max(scores)


def target(scale: Scale, wanted: Decimal, now: Value) -> Decimal | str | None:
    """Give the value of a scale that scores at least ``wanted``; None where no value of the scale does.

    Of points the nearest to ``now``, or where that is unknown the one with the least score; of bands the lowest mark;
    of choices the first with the least score.
    """
    if isinstance(scale, Points):
        return _nearest([point for point in scale.points if point[1] >= wanted], now)
    if isinstance(scale, Bands):
        return min((mark for mark, given in scale.bands if given >= wanted), default=None)
    if isinstance(scale, Choices):
        enough = [(given, choice) for choice, given in scale.scores.items() if given >= wanted]
        return min(enough, key=lambda option: option[0])[1] if enough else None
    return None


def _on_the_line(points: Sequence[tuple[Decimal, Decimal]], value: Decimal) -> Fraction:
    at = Fraction(_within(value, points[0][0], points[-1][0]))
    exact = [(Fraction(where), Fraction(given)) for where, given in points]
    for (left, low), (right, high) in pairwise(exact):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return exact[0][1]


def _nearest(points: Sequence[tuple[Decimal, Decimal]], now: Value) -> Decimal | None:
    if not points:
        return None
    if not isinstance(now, Decimal):
        return min(points, key=lambda point: point[1])[0]
    here = Fraction(_within(now, points[0][0], points[-1][0]))
    return min(points, key=lambda point: abs(Fraction(point[0]) - here))[0]


def _within(number: Decimal, least: Decimal, most: Decimal) -> Decimal:
    return min(max(number, least), most)


def _scores(scale: Points | Bands | Choices) -> list[Decimal]:
    if isinstance(scale, Points):
        return [given for _, given in scale.points]
    if isinstance(scale, Bands):
        return [*(given for _, given in scale.bands), scale.otherwise]
    return list(scale.scores.values())
