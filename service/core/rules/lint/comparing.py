"""What a comparison, once settled, leaves of its two sides."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from service.core.rules.lint.intervals import Interval, above, below
from service.core.rules.lint.ranges import Many, Range, is_empty, less, meet, union
from service.core.rules.lint.surroundings import ALL_ORDERS, Orders

# What is left of the left and the right side; None where the comparison cannot come out so.
Left: TypeAlias = "tuple[Range, Range] | None"

# How two sides stand to each other where a comparison is true; it is false where they stand otherwise.
ORDERS: Final[dict[str, Orders]] = {
    "<": frozenset("<"),
    "<=": frozenset("<="),
    ">": frozenset(">"),
    ">=": frozenset(">="),
    "==": frozenset("="),
    "!=": frozenset("<>"),
}
_TURNED: Final = str.maketrans("<>", "><")


def orders(operator: str, *, want: bool) -> Orders:
    """Give how two sides stand to each other where a comparison comes out so."""
    return ORDERS[operator] if want else ALL_ORDERS - ORDERS[operator]


def turned(so: Orders) -> Orders:
    """Give the same with the two sides changed over."""
    return frozenset(order.translate(_TURNED) for order in so)


def settled(left: Range, right: Range, now: Orders) -> Left:
    """Give what is left of two sides that stand to each other in one of these ways."""
    if is_empty(left) or is_empty(right):
        return None
    found = _narrowed(left, right, now)
    return None if is_empty(found[0]) or is_empty(found[1]) else found


def among(value: Range, items: Range) -> Left:
    """Give what is left of a value and a list where the value is in it."""
    if not isinstance(items, Many) or is_empty(value):
        return None if is_empty(value) else (value, items)
    if not items.most:
        return None
    options = [meet(value, item) for item in ((items.of,) if items.items is None else items.items)]
    options = [option for option in options if not is_empty(option)]
    return (union(options), items) if options else None


def not_among(value: Range, items: Range) -> Left:
    """Give what is left of a value and a list where the value is certainly not in it."""
    for item in items.items or () if isinstance(items, Many) else ():
        value = less(value, item)
    return None if is_empty(value) else (value, items)


def _narrowed(left: Range, right: Range, now: Orders) -> tuple[Range, Range]:
    if now == ORDERS["=="]:
        same = meet(left, right)
        return same, meet(right, same)
    if now == ORDERS["!="]:
        return less(left, right), less(right, left)
    if isinstance(left, Interval) and isinstance(right, Interval) and now in _NARROW:
        return _NARROW[now](left, right)
    return left, right


def _below(left: Interval, right: Interval) -> tuple[Range, Range]:
    return below(left, (right.high, True)), above(right, (left.low, True))


def _up_to(left: Interval, right: Interval) -> tuple[Range, Range]:
    return below(left, right.ends), above(right, left.starts)


_NARROW: dict[Orders, Callable[[Any, Any], tuple[Range, Range]]] = {
    ORDERS["<"]: _below,
    ORDERS["<="]: _up_to,
    ORDERS[">"]: lambda left, right: _below(right, left)[::-1],
    ORDERS[">="]: lambda left, right: _up_to(right, left)[::-1],
}
