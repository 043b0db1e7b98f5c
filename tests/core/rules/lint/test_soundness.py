"""What the reasoning calls impossible never happens: expressions and values at random, under ranges that hold them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from service.core.rules.expressions.evaluate import evaluate
from service.core.rules.expressions.types import Value
from service.core.rules.lint import intervals
from service.core.rules.lint.intervals import Interval, interval
from service.core.rules.lint.ranges import Anything, Many, Range, Record, Texts, any_of, exactly, join, listed
from service.core.rules.lint.reasoning import Reasoning
from service.core.rules.lint.surroundings import Surroundings
from service.core.values import CONTEXT
from tests.core.rules.expressions.scope import SCOPE, read
from tests.core.rules.expressions.written import values, written


def holds(values: Range, value: Value) -> bool:
    """Say whether a known value is in a range."""
    if isinstance(values, Anything):
        return True
    if isinstance(values, Interval):
        number = Decimal(value.toordinal()) if isinstance(value, date) else value
        assert isinstance(number, Decimal)
        return not intervals.meet(values, intervals.point(number)).is_empty
    if isinstance(values, Texts):
        return (value in values.some) is not values.others
    if isinstance(values, Many):
        assert isinstance(value, tuple)
        every = values.items or (values.of,) * len(value)
        elements = [(one, item) for one, item in zip(every, value, strict=True) if item is not None]
        return values.least <= len(value) <= values.most and all(holds(one, item) for one, item in elements)
    if isinstance(values, Record):
        assert isinstance(value, Mapping)
        return all(value.get(name) is None or holds(one, value[name]) for name, one in values.fields.items())
    return value in values


@st.composite
def ranges(draw: DrawFn, name: str, known: list[Value]) -> Range:
    """Draw a range of a name that holds some values: as wide as its type, just these, or something between."""
    seen = [one for one in known if one is not None]
    widest = any_of(SCOPE[name])
    if not seen or draw(st.integers(0, 3)) == 0:
        return widest
    if isinstance(widest, Many):
        return exact(seen)
    narrow = exact(seen)
    if isinstance(narrow, Interval) and draw(st.booleans()):
        more = draw(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(10)]))
        low, high = CONTEXT.subtract(narrow.low, more), CONTEXT.add(narrow.high, more)
        return interval((low, low < narrow.low), (high, high > narrow.high))
    return narrow


def exact(seen: Sequence[Value]) -> Range:
    found = [described(one) for one in seen]
    whole = found[0]
    for one in found[1:]:
        whole = join(whole, one)
    return whole


def described(value: Value) -> Range:
    if isinstance(value, tuple):
        return listed(described(item) for item in value)
    if isinstance(value, Mapping):
        return Record({name: exactly(one) for name, one in value.items() if one is not None})
    return exactly(value)


@pytest.mark.parametrize("kind", ["number", "boolean", "text", "date", "numbers", "records"])
def test_what_an_expression_gives_lies_in_what_the_reasoning_says_it_can_be(kind: str) -> None:
    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(written(kind), st.lists(values(), min_size=1, max_size=4), st.data())
    def lies_within(text: str, cases: list[dict[str, Value]], data: st.DataObject) -> None:
        expression = read(text)
        names = {name: data.draw(ranges(name, [case[name] for case in cases])) for name in expression.names}
        found = Reasoning({"k"}, most_visits=10**6).value(expression.root, Surroundings(names))
        for case in cases:
            value = evaluate(expression, case).value
            assert value is None or holds(found, value), (text, case, names, found, value)

    lies_within()


def test_a_condition_over_a_grid_of_whole_numbers_is_possible_where_the_reasoning_denies_it_nowhere() -> None:
    @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4), st.data())
    def never_denies(conditions: list[str], data: st.DataObject) -> None:
        text = conditions[0]
        for condition in conditions[1:]:
            text = f"({text}) {data.draw(st.sampled_from(['&&', '||']))} {condition}"
        expression = read(text)
        around = Surroundings({"n": GRID, "m": GRID, "p": frozenset({True, False})})
        found = Reasoning(()).outcomes(expression.root, around)
        cases = [{"n": n, "m": m, "p": p} for n in NUMBERS for m in NUMBERS for p in (True, False, None)]
        assert {evaluate(expression, case).value for case in cases} - {None} <= found, text

    never_denies()


GRID = interval((Decimal(0), False), (Decimal(4), False), 0)
NUMBERS: list[Value] = [*map(Decimal, range(5)), None]
CONDITIONS = [
    *("n < 2", "n >= 2", "n == m", "n < m", "n >= m", "m != 3", "!(n <= m)", "p", "!p", "n in [1, m, 3]"),
    *(
        "!(n in [0, 1, 2, 3])",
        "(p ? n : m) > 3",
        "n > 4",
        "(n < m ? m < n : n > 1)",
        "[n, m].exists(v, v > 3 && v < m)",
    ),
    *("[n].all(v, v == 2)", "n / m >= 1", "present(n)", "[n, m].filter(v, v < 2).exists(v, v > n)"),
]
