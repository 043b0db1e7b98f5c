"""Ranges of numbers, and what arithmetic makes of them: a result always holds every value that can come out.

Every operation of the language rounds half-up to 34 digits, which keeps the order of numbers: the ends are computed
with the same operation. A rounded end counts as reached, but for 0, which no rounding reaches.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, TypeAlias

from service.core.rules.expressions.operations import remainder
from service.core.values import CONTEXT, ROUNDING, number_text, round_half_up

INFINITY: Final = Decimal("Infinity")
_ZERO: Final = Decimal(0)
# Beyond it a range counts as endless, so that no figure grows without end.
_HUGE: Final = Decimal("1e100")

# An end, and whether it is left out itself.
_End: TypeAlias = tuple[Decimal, bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``low`` to ``high``. An open end is left out itself; one that is infinite is open.

    With ``decimals``, only numbers of that many decimals are meant. Without a number where ``low`` is above ``high``.
    """

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False
    decimals: int | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether there is no number."""
        return self.low > self.high

    @property
    def is_point(self) -> bool:
        """Say whether there is just one number."""
        return self.low == self.high

    @property
    def starts(self) -> _End:
        """Give the lower end."""
        return self.low, self.low_open

    @property
    def ends(self) -> _End:
        """Give the upper end."""
        return self.high, self.high_open


EMPTY: Final = Interval(INFINITY, -INFINITY)
EVERY: Final = Interval(-INFINITY, INFINITY, low_open=True, high_open=True)


def interval(starts: _End, ends: _End, decimals: int | None = None) -> Interval:
    """Give the numbers between two ends; where only some decimals are meant, the ends are such numbers."""
    if decimals is not None:
        starts, ends = _up(starts, decimals), _down(ends, decimals)
    (low, low_open), (high, high_open) = starts, ends
    if low > high or (low == high and (low_open or high_open)):
        return EMPTY
    return Interval(low, high, low_open, high_open, decimals)


def point(number: Decimal) -> Interval:
    """Give one number."""
    return Interval(number, number)


def meet(left: Interval, right: Interval) -> Interval:
    """Give the numbers in both."""
    known = [one.decimals for one in (left, right) if one.decimals is not None]
    starts, ends = max(left.starts, right.starts), min(left.ends, right.ends, key=_tighter_end)
    return interval(starts, ends, min(known, default=None))


def join(left: Interval, right: Interval) -> Interval:
    """Give a range that holds the numbers of both."""
    if left.is_empty or right.is_empty:
        return right if left.is_empty else left
    decimals = None if left.decimals is None or right.decimals is None else max(left.decimals, right.decimals)
    (low, low_open), (high, high_open) = min(left.starts, right.starts), max(left.ends, right.ends, key=_tighter_end)
    return Interval(low, high, low_open, high_open, decimals)


def below(numbers: Interval, end: _End) -> Interval:
    """Give the numbers up to an end."""
    return interval(numbers.starts, min(numbers.ends, end, key=_tighter_end), numbers.decimals)


def above(numbers: Interval, end: _End) -> Interval:
    """Give the numbers from an end on."""
    return interval(max(numbers.starts, end), numbers.ends, numbers.decimals)


def without(numbers: Interval, number: Decimal) -> Interval:
    """Leave out a number, if it is at an end."""
    if number == numbers.low:
        return above(numbers, (number, True))
    return below(numbers, (number, True)) if number == numbers.high else numbers


def add(left: Interval, right: Interval) -> Interval:
    """Give every sum."""
    low, high = CONTEXT.add(left.low, right.low), CONTEXT.add(left.high, right.high)
    return _rounded((low, left.low_open or right.low_open), (high, left.high_open or right.high_open))


def negate(numbers: Interval) -> Interval:
    """Give the numbers with the other sign."""
    low, high = CONTEXT.minus(numbers.high), CONTEXT.minus(numbers.low)
    return Interval(low, high, numbers.high_open, numbers.low_open, numbers.decimals)


def subtract(left: Interval, right: Interval) -> Interval:
    """Give every difference."""
    return add(left, negate(right))


def multiply(left: Interval, right: Interval) -> Interval:
    """Give every product."""
    return _hull(_product(one, other) for one in _both(left) for other in _both(right))


def divide(left: Interval, right: Interval) -> Interval:
    """Give every quotient; division by zero gives none."""
    divisors = without(without(right, _ZERO), _ZERO)
    if divisors.is_empty:
        return EMPTY
    if divisors.low < 0 < divisors.high:
        return EVERY
    sign = Decimal(1 if divisors.high > 0 else -1)
    quotients = (_quotient(one, other, sign) for one in _both(left) for other in _both(divisors))
    return _hull(found for found in quotients if found is not None)


def modulo(left: Interval, right: Interval) -> Interval:
    """Give a range of every remainder: no larger than the dividend or the divisor, with the dividend's sign."""
    if left.is_point and right.is_point:
        exact = remainder(left.low, right.low)
        return EMPTY if exact is None else point(exact)
    if right.is_point and not right.low:
        return EMPTY
    most = max(abs(right.low), abs(right.high))
    low, high = max(min(left.low, _ZERO), -most), min(max(left.high, _ZERO), most)
    return Interval(low, high, low.is_infinite(), high.is_infinite())


def magnitude(numbers: Interval) -> Interval:
    """Give the numbers without their sign."""
    if numbers.low >= 0:
        return numbers
    turned = negate(numbers)
    if numbers.high <= 0:
        return turned
    high, high_open = max(numbers.ends, turned.ends, key=_tighter_end)
    return Interval(_ZERO, high, high_open=high_open, decimals=numbers.decimals)


def least(numbers: Iterable[Interval]) -> Interval:
    """Give the range of the least of some numbers."""
    every = list(numbers)
    return interval(min(one.starts for one in every), min((one.ends for one in every), key=_tighter_end))


def greatest(numbers: Iterable[Interval]) -> Interval:
    """Give the range of the greatest of some numbers."""
    every = list(numbers)
    return interval(max(one.starts for one in every), max((one.ends for one in every), key=_tighter_end))


def rounded(numbers: Interval, decimals: int) -> Interval:
    """Give the numbers rounded half-up to decimals."""
    if numbers.is_empty:
        return numbers
    low, high = (end if end.is_infinite() else round_half_up(end, decimals) for end in (numbers.low, numbers.high))
    coarser = decimals if numbers.decimals is None else min(decimals, numbers.decimals)
    return Interval(low, high, low.is_infinite(), high.is_infinite(), coarser)


def text(numbers: Interval) -> str:
    """Write a range for a message: ``5``, ``0…100``, ``> 0``, ``≥ 0``, ``> 0, ≤ 10``."""
    if numbers.is_point:
        return number_text(numbers.low)
    if not (numbers.low_open or numbers.high_open):
        return f"{number_text(numbers.low)}…{number_text(numbers.high)}"
    low = f"{'>' if numbers.low_open else '≥'} {number_text(numbers.low)}" if numbers.low.is_finite() else ""
    high = f"{'<' if numbers.high_open else '≤'} {number_text(numbers.high)}" if numbers.high.is_finite() else ""
    return ", ".join(part for part in (low, high) if part)


def _tighter_end(end: _End) -> tuple[Decimal, bool]:
    """Order upper ends: an open one is below the same one closed."""
    return end[0], not end[1]


def _up(end: _End, decimals: int) -> _End:
    return _on_grid(end, decimals, ROUND_CEILING, Decimal(1))


def _down(end: _End, decimals: int) -> _End:
    return _on_grid(end, decimals, ROUND_FLOOR, Decimal(-1))


def _on_grid(end: _End, decimals: int, rounding: str, step: Decimal) -> _End:
    number, is_open = end
    if number.is_infinite():
        return end
    found = ROUNDING.copy()
    found.rounding = rounding
    on_grid = number.quantize(Decimal(1).scaleb(-decimals), context=found)
    return (ROUNDING.add(on_grid, step.scaleb(-decimals)) if is_open and on_grid == number else on_grid), False


def _both(numbers: Interval) -> tuple[_End, _End]:
    return numbers.starts, numbers.ends


def _product(left: _End, right: _End) -> _End:
    (one, one_open), (other, other_open) = left, right
    if not one or not other:
        reached = (not one and not one_open) or (not other and not other_open) or not (one_open or other_open)
        return _ZERO, not reached
    return CONTEXT.multiply(one, other), one_open or other_open


def _quotient(left: _End, right: _End, sign: Decimal) -> _End | None:
    (one, one_open), (other, other_open) = left, right
    if not one:
        return _ZERO, one_open
    if other.is_infinite():
        return None if one.is_infinite() else (_ZERO, True)
    if not other:
        return INFINITY.copy_sign(one * sign), True
    return CONTEXT.divide(one, other), one_open or other_open


def _hull(corners: Iterable[_End]) -> Interval:
    every = list(corners)
    low, high = min(number for number, _ in every), max(number for number, _ in every)
    low_open, high_open = (all(is_open for number, is_open in every if number == end) for end in (low, high))
    return _rounded((low, low_open), (high, high_open))


def _rounded(starts: _End, ends: _End) -> Interval:
    """Give what is left of a range once its ends are rounded: only 0 and the infinite are still left out."""
    (low, low_open), (high, high_open) = starts, ends
    if low < -_HUGE or low > _HUGE:
        low = -INFINITY if low < 0 else _HUGE
    if high < -_HUGE or high > _HUGE:
        high = INFINITY if high > 0 else -_HUGE
    return interval(
        (low, low.is_infinite() or (low_open and not low)), (high, high.is_infinite() or (high_open and not high))
    )


OPERATIONS: Final[dict[str, Callable[[Interval, Interval], Interval]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
}
