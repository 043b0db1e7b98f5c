"""Scales as tables of exact numbers over one denominator, so that scoring is one product and one sum.

A piece of a broken line is ``value * rise + start``. Rises such as 25/5.9 have no end as decimals; times the common
denominator of all of them they have. What a table gives is a score times that denominator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm

from service.core.rules.compiled.source import Source
from service.core.rules.model import Bands, Choices, Points, Scale
from service.core.values import EXACT


@dataclass(frozen=True, slots=True)
class Line:
    """A broken line: up to and including each mark, ``value * rise + start``; the last piece is for all beyond."""

    marks: tuple[Decimal, ...]
    pieces: tuple[tuple[Fraction, Fraction], ...]


def line(scale: Points) -> Line:
    """Give the pieces of a broken line; the first and the last are flat."""
    points = [(Fraction(at), Fraction(given)) for at, given in scale.points]
    pieces = [(Fraction(0), points[0][1])]
    for (left, low), (right, high) in pairwise(points):
        rise = (high - low) / (right - left)
        pieces.append((rise, low - rise * left))
    return Line(tuple(at for at, _ in scale.points), (*pieces, (Fraction(0), points[-1][1])))


def denominator(scales: Iterable[Scale]) -> int:
    """Give the least number that makes every piece of every line a finite decimal."""
    lines = [line(scale) for scale in scales if isinstance(scale, Points)]
    found = (number.denominator for one in lines for piece in one.pieces for number in piece)
    return lcm(1, *map(_endless, found))


def times(number: Fraction, shares: Fraction) -> Decimal:
    """Multiply by a multiple of the common denominator, exactly: what is left below the line are factors 2 and 5."""
    scaled = number * shares
    decimals = scaled.denominator.bit_length()  # no fewer than the twos, and more than the fives
    return EXACT.scaleb(Decimal(scaled.numerator * 10**decimals // scaled.denominator), -decimals)


def score(scale: Scale, value: str, source: Source, shares: Fraction) -> str:
    """Give the source of a known value's score in shares: a multiple of the common denominator."""
    if isinstance(scale, Choices):
        return f"{source.constant({name: times(Fraction(at), shares) for name, at in scale.scores.items()})}[{value}]"
    if isinstance(scale, Points):
        return _line(line(scale), value, source, shares)
    if isinstance(scale, Bands):
        return _bands(scale, value, source, shares)
    return f"min(max({value}, ZERO), HUNDRED) * {source.constant(times(Fraction(1), shares))}"


def _line(found: Line, value: str, source: Source, shares: Fraction) -> str:
    rises, starts = zip(*((times(rise, shares), times(start, shares)) for rise, start in found.pieces), strict=True)
    place = f"(place := bisect_left({source.constant(found.marks)}, {value}))"
    return f"{value} * {source.constant(rises)}[{place}] + {source.constant(starts)}[place]"


def _bands(scale: Bands, value: str, source: Source, shares: Fraction) -> str:
    marks = tuple(mark for mark, _ in reversed(scale.bands))
    scores = (scale.otherwise, *(given for _, given in reversed(scale.bands)))
    table = tuple(times(Fraction(given), shares) for given in scores)
    return f"{source.constant(table)}[bisect_right({source.constant(marks)}, {value})]"


def _endless(number: int) -> int:
    """Take the factors 2 and 5 out of a denominator: they end as decimals."""
    for factor in (2, 5):
        while number % factor == 0:
            number //= factor
    return number
