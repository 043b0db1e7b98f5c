"""From figures to places: along a stretch of the drawing, held at its ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

_HALF = Fraction(1, 2)
_EDGE = Fraction(1, 12)


@dataclass(frozen=True)
class Axis:
    """Figures from ``least`` to ``most`` lie between the places ``start`` and ``end``."""

    least: Fraction
    most: Fraction
    start: int
    end: int

    @cached_property
    def _slope(self) -> Fraction:
        return Fraction(self.end - self.start) / (self.most - self.least)

    def place(self, figure: Decimal | Fraction | int) -> Fraction:
        """Give the place of a figure; one beyond an end lies there."""
        if self.least == self.most:
            return Fraction(self.start + self.end, 2)
        exact = Fraction(figure)
        if exact <= self.least:
            return Fraction(self.start)
        if exact >= self.most:
            return Fraction(self.end)
        return self.start + (exact - self.least) * self._slope

    def beyond(self, figure: Decimal) -> int:
        """Say on which side a figure lies outside: -1, 1, or 0 for none."""
        return (Fraction(figure) > self.most) - (Fraction(figure) < self.least)


def around(marks: Iterable[Decimal], figures: Iterable[Decimal], start: int, end: int) -> Axis:
    """Give the axis on which a scale is drawn, with a little room beside its marks.

    Figures less than half the scale away are taken in; those farther off would leave nothing of it to be seen.
    """
    known = sorted(map(Fraction, marks))
    low, high = known[0], known[-1]
    span = high - low or abs(low) or Fraction(1)
    near = [figure for figure in map(Fraction, figures) if low - span * _HALF <= figure <= high + span * _HALF]
    low, high = min([low, *near]), max([high, *near])
    edge = (high - low or span) * _EDGE
    return Axis(low - edge, high + edge, start, end)


def score_at(points: Iterable[tuple[Decimal, Decimal]], figure: Fraction) -> Fraction:
    """Give the score of a figure on a line through points, flat outside."""
    exact = [(Fraction(value), Fraction(score)) for value, score in points]
    if figure <= exact[0][0]:
        return exact[0][1]
    for (left, low), (right, high) in pairwise(exact):
        if figure <= right:
            return low + (high - low) * (figure - left) / (right - left)
    return exact[-1][1]
