"""Exact figures without fractions: a figure is what stands above a line and what stands below it, both decimals.

Operators here are exact only under ``values.EXACT``, so whoever comes in from outside comes in through ``exactly``.
What a whole becomes by leaving out is explained in ``totals``.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, getcontext, setcontext
from functools import wraps
from math import prod
from typing import NamedTuple, ParamSpec, TypeVar

from service.core.values import EXACT

ZERO = Decimal(0)
ONE = Decimal(1)

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Figure(NamedTuple):
    """An exact figure: what stands above the line, and below it."""

    above: Decimal
    below: Decimal


class Item(NamedTuple):
    """A weight above 0 and a value."""

    weight: Decimal
    value: Decimal


def exactly(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Make a function run under ``EXACT``, and leave the thread's context as it was."""

    @wraps(function)
    def run(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        before = getcontext()
        setcontext(EXACT)
        try:
            return function(*given, **named)
        finally:
            setcontext(before)

    return run


class Rounding:
    """Publishes figures: rounds them once, halves away from zero, to a number of decimals.

    What is to be published is counted in halves of the last decimal, so that rounding is one sum and one division.
    """

    def __init__(self, decimals: int) -> None:
        """Take the decimals that are published."""
        self.halves = Decimal(2).scaleb(decimals)
        self.unit = Decimal(1).scaleb(-decimals)

    def published(self, halves: Decimal, below: Decimal) -> Decimal:
        """Round ``halves / below``."""
        return units(halves, below) * self.unit


def units(halves: Decimal, below: Decimal) -> Decimal:
    """Round ``halves / below`` to a whole number of units of the last decimal, halves away from zero."""
    rounded = (abs(halves) + below) // (below + below)
    return -rounded if halves < ZERO else rounded


def greatest(certain: Figure, optional: Sequence[Item]) -> Figure | None:
    """Give the greatest average of what is certain and of any of the optional items; None where there is no weight.

    The certain part is a sum above its weight, which may be 0.
    """
    above, weight = certain
    if not optional:
        return certain if weight else None
    for item in sorted(optional, key=_value, reverse=True):
        if weight and item.value * weight <= above:
            break
        above += item.weight * item.value
        weight += item.weight
    return Figure(above, weight) if weight else None


def least(certain: Figure, optional: Sequence[Item]) -> Figure | None:
    """Give the least average of what is certain and of any of the optional items; None where there is no weight."""
    if not optional:
        return certain if certain.below else None
    turned = [Item(weight, -value) for weight, value in optional]
    found = greatest(Figure(-certain.above, certain.below), turned)
    return None if found is None else Figure(-found.above, found.below)


def average(parts: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Figure | None:
    """Average figures, given as weight, above and below; None for no weight at all."""
    above, below, weight = ZERO, ONE, ZERO
    for own, over, under in parts:
        above = above * under + own * over * below
        below *= under
        weight += own
    return Figure(above, below * weight) if weight else None


def aligned(figures: Sequence[Figure]) -> tuple[list[Decimal], Decimal]:
    """Put figures above one common line: what then stands above for each, and what stands below for all."""
    belows = [figure.below for figure in figures]
    others = [prod(belows[:at] + belows[at + 1 :], start=ONE) for at in range(len(belows))]
    above = [figure.above * other for figure, other in zip(figures, others, strict=True)]
    return above, prod(belows, start=ONE)


def _value(item: Item) -> Decimal:
    return item.value
