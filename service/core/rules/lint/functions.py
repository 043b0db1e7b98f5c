"""What the functions of the language can give, for what their arguments can be."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from service.core.rules.expressions import operations
from service.core.rules.lint import intervals
from service.core.rules.lint.intervals import Interval, interval, point
from service.core.rules.lint.ranges import EITHER, Anything, Many, Range, Texts, is_empty

_MOST_PAIRS: Final = 1000
_ZERO: Final = Decimal(0)

TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = MappingProxyType(
    {
        "contains": lambda text, part: part in text,
        "endsWith": str.endswith,
        "startsWith": str.startswith,
    }
)


def numbers(values: Range) -> Interval:
    """Take a range as one of numbers."""
    return values if isinstance(values, Interval) else intervals.EVERY


def called(function: str, given: list[Range]) -> Range:
    """Give what a function can give; nothing where an argument can only be unknown."""
    is_test = function in TESTS
    if any(is_empty(one) for one in given):
        return frozenset() if is_test else intervals.EMPTY
    if is_test:
        return frozenset(want for want in EITHER if not is_empty(tested(function, given, want=want)))
    return _FUNCTIONS[function](*given)


def tested(function: str, given: list[Range], *, want: bool) -> Range:
    """Give the texts for which a test of texts can say so."""
    text, part = given
    if not isinstance(text, Texts) or not isinstance(part, Texts) or text.others or part.others:
        return text
    if len(text.some) * len(part.some) > _MOST_PAIRS:
        return text
    test = TESTS[function]
    return Texts(frozenset(one for one in text.some if any(test(one, other) is want for other in part.some)))


def _size(whole: Range) -> Interval:
    if isinstance(whole, Many):
        return interval((Decimal(whole.least), False), (Decimal(whole.most), False), 0)
    if isinstance(whole, Texts) and not whole.others:
        lengths = [Decimal(len(text)) for text in whole.some]
        return interval((min(lengths), False), (max(lengths), False), 0)
    return interval((_ZERO, False), (intervals.INFINITY, True), 0)


def _extreme(choose: Callable[[list[Interval]], Interval]) -> Callable[..., Interval]:
    def extreme(*given: Range) -> Interval:
        whole = given[0]
        if len(given) > 1 or isinstance(whole, Interval):
            return choose([numbers(one) for one in given])
        if not isinstance(whole, Many):
            return intervals.EVERY
        every = [numbers(item) for item in ((whole.of,) if whole.items is None else whole.items)]
        if not whole.most or any(one.is_empty for one in every):
            return intervals.EMPTY
        return choose(every)

    return extreme


def _sum(whole: Range) -> Interval:
    if not isinstance(whole, Many):
        return intervals.EVERY
    total = point(_ZERO)
    if whole.items is not None:
        for item in whole.items:
            total = _added(total, item)
        return total
    found = intervals.EMPTY if whole.least else total
    for size in range(1, whole.most + 1):
        before, total = total, _added(total, whole.of)
        if total == before:
            break
        found = found if size < whole.least else intervals.join(found, total)
    return intervals.join(found, total) if whole.most else found


def _added(total: Interval, item: Range) -> Interval:
    more = numbers(item)
    return intervals.EMPTY if total.is_empty or more.is_empty else intervals.add(total, more)


def _round(number: Range, decimals: Range) -> Interval:
    places = numbers(decimals)
    return intervals.rounded(numbers(number), int(places.low)) if places.is_point else intervals.EVERY


def _years_between(start: Range, end: Range) -> Interval:
    if isinstance(start, Anything) or isinstance(end, Anything):
        return intervals.EVERY
    (first, last), (soonest, latest) = _days(numbers(start)), _days(numbers(end))
    fewest, most = operations.years_between(last, soonest), operations.years_between(first, latest)
    return interval((fewest, False), (most, False), 0)


def _days(found: Interval) -> tuple[date, date]:
    return date.fromordinal(int(found.low)), date.fromordinal(int(found.high))


_FUNCTIONS: dict[str, Callable[..., Range]] = {
    "abs": lambda number: intervals.magnitude(numbers(number)),
    "max": _extreme(intervals.greatest),
    "min": _extreme(intervals.least),
    "round": _round,
    "size": _size,
    "sum": _sum,
    "years_between": _years_between,
}
