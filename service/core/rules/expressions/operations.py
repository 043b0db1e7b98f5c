"""What the operators and functions do to known and unknown values: exact, three-valued, without a context of its own.

``None`` is unknown throughout. Every rounding is that of ``values.CONTEXT``, whatever the thread's own context.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import compress

from service.core.rules.expressions.types import Value
from service.core.values import CONTEXT


def equal(left: Value, right: Value) -> bool | None:
    """``==`` of two values of one type; lists element by element."""
    if left is None or right is None:
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and every(equal(*pair) for pair in zip(left, right, strict=True))
    return left == right


def contained(value: Value, items: Sequence[Value]) -> bool | None:
    """``value in items``, as ``items.exists(i, i == value)``."""
    return some(equal(item, value) for item in items)


def every(tests: Iterable[bool | None]) -> bool | None:
    """Kleene's and."""
    unsure = False
    for test in tests:
        if test is False:
            return False
        unsure = unsure or test is None
    return None if unsure else True


def some(tests: Iterable[bool | None]) -> bool | None:
    """Kleene's or."""
    unsure = False
    for test in tests:
        if test is True:
            return True
        unsure = unsure or test is None
    return None if unsure else False


def exactly_one(tests: Iterable[bool | None]) -> bool | None:
    """Say whether one test is true: certain once two are, or none is unknown."""
    true, unsure = 0, False
    for test in tests:
        true += test is True
        if true > 1:
            return False
        unsure = unsure or test is None
    return None if unsure else true == 1


def divide(left: Decimal, right: Decimal) -> Decimal | None:
    """``left / right``; unknown where ``right`` is zero."""
    return CONTEXT.divide(left, right) if right else None


def remainder(left: Decimal, right: Decimal) -> Decimal | None:
    """``left % right`` with the sign of ``left``, exact however far apart they are; unknown where ``right`` is zero."""
    if not right:
        return None
    try:
        return CONTEXT.plus(CONTEXT.remainder(left, right))
    except InvalidOperation:  # the whole quotient has more digits than a number may have
        return _far_remainder(left, right)


def _far_remainder(left: Decimal, right: Decimal) -> Decimal:
    """Give the remainder where ``left`` is many powers of ten above ``right``, without ever writing the quotient."""
    (coefficient, exponent), (divisor, lowest) = _whole(left), _whole(right)
    if exponent < lowest:
        divisor, lowest = divisor * 10 ** (lowest - exponent), exponent
    rest = coefficient * pow(10, exponent - lowest, divisor) % divisor
    return CONTEXT.scaleb(Decimal(rest).copy_sign(left), lowest)


def _whole(number: Decimal) -> tuple[int, int]:
    """Split a finite number into a whole number, without its sign, and a power of ten."""
    _, digits, exponent = number.as_tuple()
    return int(Decimal((0, digits, 0))), int(exponent)


def total(items: Sequence[Value]) -> Decimal | None:
    """``sum(items)``, added from the first; 0 for none."""
    result = Decimal(0)
    for item in items:
        if not isinstance(item, Decimal):
            return None
        result = CONTEXT.add(result, item)
    return result


def least(items: Sequence[Value]) -> Decimal | None:
    """``min`` of a list; unknown where it is empty or an element is unknown."""
    numbers = [item for item in items if isinstance(item, Decimal)]
    return min(numbers) if numbers and len(numbers) == len(items) else None


def greatest(items: Sequence[Value]) -> Decimal | None:
    """``max`` of a list; unknown where it is empty or an element is unknown."""
    numbers = [item for item in items if isinstance(item, Decimal)]
    return max(numbers) if numbers and len(numbers) == len(items) else None


def sifted(items: Sequence[Value], tests: Iterable[bool | None]) -> tuple[Value, ...] | None:
    """``filter``: the items whose test is true; unknown where a test is."""
    kept = list(tests)
    return None if None in kept else tuple(compress(items, kept))


def years_between(start: date, end: date) -> Decimal:
    """Whole years completed from ``start`` to ``end``, below zero where ``end`` is first.

    From 29 February a year is complete on 1 March of a common year.
    """
    if end < start:
        return -years_between(end, start)
    incomplete = (end.month, end.day) < (start.month, start.day)
    return Decimal(end.year - start.year - incomplete)
