"""Ranges of numbers: their ends, and what arithmetic makes of them."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from service.core.rules.lint import intervals
from service.core.rules.lint.intervals import EMPTY, EVERY, Interval, interval, point, text


def within(low: str, high: str, decimals: int | None = None) -> Interval:
    """Write a range as mathematicians do: ``within("[0", "5)")``."""
    starts = (Decimal(low[1:]), low[0] == "(")
    return interval(starts, (Decimal(high[:-1]), high[-1] == ")"), decimals)


def test_an_open_end_on_a_grid_is_the_next_number() -> None:
    assert within("(4", "10]", 0) == within("[5", "10]", 0)
    assert within("(0", "1)", 2) == within("[0.01", "0.99]", 2)
    assert within("(4", "5)", 0) == EMPTY
    assert within("[4.2", "4.8]", 0) == EMPTY


def test_a_point_is_only_there_where_both_ends_are_closed() -> None:
    assert within("[5", "5]") == point(Decimal(5))
    assert within("[5", "5)") == EMPTY
    assert within("(5", "5]") == EMPTY


@pytest.mark.parametrize(
    ("operation", "left", "right", "result"),
    [
        (intervals.add, within("(0", "5]"), within("[0", "1)"), within("(0", "6]")),
        (intervals.add, within("(1", "5]"), within("[1", "1]"), within("[2", "6]")),
        (intervals.subtract, within("[0", "5]"), within("[1", "2]"), within("[-2", "4]")),
        (intervals.multiply, within("[-2", "3]"), within("[-5", "7]"), within("[-15", "21]")),
        (intervals.multiply, within("(0", "3]"), within("[5", "7]"), within("(0", "21]")),
        (intervals.multiply, within("[0", "3]"), EVERY, EVERY),
        (intervals.multiply, point(Decimal(0)), EVERY, point(Decimal(0))),
        (
            intervals.divide,
            within("[1", "6]"),
            within("[2", "3]"),
            within("[0.3333333333333333333333333333333333", "3]"),
        ),
        (intervals.divide, within("[0", "6]"), within("[0", "3]"), within("[0", "Infinity)")),
        (intervals.divide, within("[1", "6]"), within("(0", "4]"), within("[0.25", "Infinity)")),
        (intervals.divide, within("[1", "6]"), within("[-4", "0)"), within("(-Infinity", "-0.25]")),
        (intervals.divide, within("[1", "6]"), within("[-1", "1]"), EVERY),
        (intervals.divide, within("[1", "6]"), point(Decimal(0)), EMPTY),
        (intervals.modulo, within("[0", "100]"), within("[1", "7]"), within("[0", "7]")),
        (intervals.modulo, within("[-3", "100]"), within("[-5", "7]"), within("[-3", "7]")),
        (intervals.modulo, point(Decimal(7)), point(Decimal(4)), point(Decimal(3))),
        (intervals.modulo, within("[0", "100]"), point(Decimal(0)), EMPTY),
    ],
)
def test_arithmetic_holds_every_result_and_no_more_than_it_must(
    operation: Callable[[Interval, Interval], Interval], left: Interval, right: Interval, result: Interval
) -> None:
    assert operation(left, right) == result


def test_a_number_without_its_sign() -> None:
    assert intervals.magnitude(within("[-5", "3]")) == within("[0", "5]")
    assert intervals.magnitude(within("(-5", "-3]")) == within("[3", "5)")
    assert intervals.magnitude(within("[2", "3]")) == within("[2", "3]")


def test_rounding_keeps_both_ends_and_makes_a_grid() -> None:
    assert intervals.rounded(within("(0.004", "0.005]"), 2) == within("[0.00", "0.01]", 2)
    assert intervals.above(intervals.rounded(within("[0", "9]"), 0), (Decimal("0.3"), False)) == within("[1", "9]", 0)


def test_no_figure_grows_without_end() -> None:
    large = within("[-1e90", "1e90]")
    assert intervals.multiply(large, large) == EVERY
    assert intervals.multiply(within("[1e90", "1e95]"), within("[1e90", "1e95]")) == within("[1e100", "Infinity)")


@pytest.mark.parametrize(
    ("numbers", "written"),
    [
        (point(Decimal("5.0")), "5"),
        (within("[0", "100]"), "0…100"),
        (within("(0", "Infinity)"), "> 0"),
        (within("[0", "Infinity)"), "≥ 0"),
        (within("(0", "10]"), "> 0, ≤ 10"),
        (within("(-Infinity", "10)"), "< 10"),
        (EVERY, ""),
    ],
)
def test_a_range_is_written_for_a_reader(numbers: Interval, written: str) -> None:
    assert text(numbers) == written
