"""What a value can be: a range of numbers, some truths, some texts, lists of such. Unknown can be added to all of them.

Days are numbers here, counted as ``date.toordinal`` does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, Final, TypeAlias

from service.core.rules.expressions.types import Kind, Type, Value
from service.core.rules.lint import intervals
from service.core.rules.lint.intervals import Interval, interval, point

MOST_RECORDS: Final = 200

Truth: TypeAlias = frozenset[bool]


@dataclass(frozen=True, slots=True)
class Texts:
    """Some texts; with ``others`` every text but these."""

    some: frozenset[str]
    others: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """Lists of ``least`` to ``most`` elements, each one of ``of``. Where ``items`` are given, exactly of these."""

    of: "Range"
    least: int
    most: int
    items: "tuple[Range, ...] | None" = None


@dataclass(frozen=True, slots=True)
class Record:
    """Records with these fields."""

    fields: "Mapping[str, Range]"


@dataclass(frozen=True, slots=True)
class Anything:
    """Values of a type that is not known."""


Range: TypeAlias = "Interval | Truth | Texts | Many | Record | Anything"

ANYTHING: Final = Anything()
EITHER: Final[Truth] = frozenset({True, False})
ANY_TEXT: Final = Texts(frozenset(), others=True)
DAYS: Final = interval((Decimal(1), False), (Decimal(date.max.toordinal()), False), 0)


def exactly(value: Value) -> Range:
    """Give the range of one known value."""
    if isinstance(value, bool):
        return frozenset({value})
    if isinstance(value, Decimal):
        return point(value)
    if isinstance(value, str):
        return Texts(frozenset({value}))
    if isinstance(value, date):
        return day(value)
    return listed([exactly(item) for item in value]) if isinstance(value, tuple) else ANYTHING


def day(value: date) -> Interval:
    """Give the range of one day."""
    return Interval(Decimal(value.toordinal()), Decimal(value.toordinal()), decimals=0)


def listed(items: Iterable[Range]) -> Many:
    """Give the range of a list with exactly these elements."""
    every = tuple(items)
    return Many(union(every), len(every), len(every), every)


def any_of(found: Type | None) -> Range:
    """Give everything of a type."""
    if found is None:
        return ANYTHING
    if found.kind is Kind.TEXT and found.choices is not None:
        return Texts(frozenset(found.choices))
    if found.kind is Kind.LIST:
        return Many(any_of(found.of), 0, MOST_RECORDS)
    if found.kind is Kind.RECORD:
        return Record({name: any_of(one) for name, one in found.fields})
    return _EVERYTHING[found.kind]


def is_empty(values: Range) -> bool:
    """Say whether there is no known value."""
    if isinstance(values, Interval):
        return values.is_empty
    if isinstance(values, frozenset):
        return not values
    return isinstance(values, Texts) and not values.some and not values.others


def only(values: Range) -> bool:
    """Say whether there is just one known value; never of lists and records."""
    if isinstance(values, Interval):
        return values.is_point
    if isinstance(values, frozenset):
        return len(values) == 1
    return isinstance(values, Texts) and len(values.some) == 1 and not values.others


def union(every: Iterable[Range]) -> Range:
    """Give a range that holds all of some ranges of one type; nothing is known of none."""
    found = list(every)
    return reduce(join, found) if found else ANYTHING


def join(left: Range, right: Range) -> Range:
    """Give a range that holds both."""
    if type(left) is not type(right):
        return ANYTHING
    return _JOINS[type(left)](left, right)


def meet(left: Range, right: Range) -> Range:
    """Give what is in both, at least."""
    if isinstance(left, Anything):
        return right
    found = _MEETS.get(type(left))
    return left if found is None or type(left) is not type(right) else found(left, right)


def less(values: Range, one: Range) -> Range:
    """Leave out a range of just one value, as far as what is left can be told."""
    if not only(one) or type(values) is not type(one):
        return values
    return _LESS[type(one)](values, one)


def _join_texts(left: Texts, right: Texts) -> Texts:
    if left.others and right.others:
        return Texts(left.some & right.some, others=True)
    if left.others or right.others:
        most, few = (left, right) if left.others else (right, left)
        return Texts(most.some - few.some, others=True)
    return Texts(left.some | right.some)


def _meet_texts(left: Texts, right: Texts) -> Texts:
    if left.others and right.others:
        return Texts(left.some | right.some, others=True)
    if left.others or right.others:
        most, few = (left, right) if left.others else (right, left)
        return Texts(few.some - most.some)
    return Texts(left.some & right.some)


def _join_lists(left: Many, right: Many) -> Many:
    # Of an empty list nothing can be told of the elements, and nothing needs to be.
    of = right.of if not left.most else left.of if not right.most else join(left.of, right.of)
    return Many(of, min(left.least, right.least), max(left.most, right.most))


def _join_records(left: Record, right: Record) -> Record:
    return Record({name: join(one, right.fields[name]) for name, one in left.fields.items() if name in right.fields})


def _less_text(values: Texts, one: Texts) -> Texts:
    return replace(values, some=values.some | one.some if values.others else values.some - one.some)


_EVERYTHING: dict[Kind, Range] = {
    Kind.NUMBER: intervals.EVERY,
    Kind.BOOLEAN: EITHER,
    Kind.TEXT: ANY_TEXT,
    Kind.DATE: DAYS,
}
_JOINS: dict[type, Callable[[Any, Any], Range]] = {
    Interval: intervals.join,
    frozenset: lambda left, right: left | right,
    Texts: _join_texts,
    Many: _join_lists,
    Record: _join_records,
    Anything: lambda left, _: left,
}
_MEETS: dict[type, Callable[[Any, Any], Range]] = {
    Interval: intervals.meet,
    frozenset: lambda left, right: left & right,
    Texts: _meet_texts,
}
_LESS: dict[type, Callable[[Any, Any], Range]] = {
    Interval: lambda values, one: intervals.without(values, one.low),
    frozenset: lambda left, right: left - right,
    Texts: _less_text,
}
