from datetime import date
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.rules.expressions.evaluate import Result, evaluate
from service.core.rules.expressions.types import Value
from tests.core.rules.expressions.scope import read

TAX: dict[str, Value] = {
    "amount": Decimal(30),
    "count": Decimal(1),
    "condition": "tax",
    "paid": True,
    "since": date(2024, 2, 29),
}
RENT: dict[str, Value] = {"amount": Decimal(5), "count": None, "condition": "rent", "paid": None, "since": None}
# Known: k, nature, place, start, water, incentives. Unknown: n, p, end. q is true.
KNOWN: dict[str, Value] = {
    "n": None,
    "m": Decimal(0),
    "k": Decimal("2.5"),
    "water": Decimal(100),
    "added_value": None,
    "p": None,
    "q": True,
    "nature": "new",
    "place": "东营港",
    "start": date(2026, 1, 31),
    "end": None,
    "incentives": (TAX, RENT),
}

TRUE = [
    # exact decimals
    "0.7 + 0.1 >= 0.8",
    "0.1 + 0.2 == 0.3",
    "1.50 == 1.5 && 5 == 5.0",
    "1 / 3 * 3 == 0.9999999999999999999999999999999999",
    "2 / 3 == 0.6666666666666666666666666666666667",
    "100000000000000000000 % 0.00000000000000000007 == 0.00000000000000000004",
    "-7 % 3 == -1 && 7 % -3 == 1 && -0 == 0",
    "0.5 - 2.5 * 2 == -4.5",
    "10 - 2 - 3 == 5 && 12 / 2 / 3 == 2 && 7 % 4 * 2 == 6",
    "round(-2.5, 0) == -3 && round(2.5, 0) == 3 && round(2.445, 2) == 2.45 && round(7, 3) == 7",
    "abs(-k) == 2.5 && min(3, k, 7) == 2.5 && max([3, k, 7]) == 7",
    "sum([]) == 0 && sum([1, 2, k]) == 5.5",
    # precedence
    "true || false && false",
    "!false && true",
    "1 + 2 * 3 == 7 && -2 * 3 == -6",
    "1 < 2 == true",
    "false ? false : false || true",
    # texts, dates, lists
    "nature in ['new', 'expand'] && !(nature in ['expand'])",
    "place.startsWith('东') && place.endsWith('港') && place.contains('营') && size(place) == 3",
    "start < date('2026-02-01') && start == date(\"2026-01-31\")",
    "size(incentives) == 2 && size([]) == 0",
    "[1, 2] == [1.0, 2.0] && [1] != [1, 2] && [] == [] && [1, n] != [2, n]",
    "k in [1, 2.5, n]",
    "!(n in [])",
    # whole years
    "years_between(date('2024-02-29'), date('2025-02-28')) == 0",
    "years_between(date('2024-02-29'), date('2025-03-01')) == 1",
    "years_between(date('2024-02-29'), date('2028-02-29')) == 4",
    "years_between(date('2025-03-01'), date('2024-02-29')) == -1",
    "years_between(date('2025-02-28'), date('2024-02-29')) == 0",
    "years_between(start, start) == 0",
    # presence
    "present(k) && !present(n) && !present(p) && present(incentives)",
    # lists of records
    "incentives.exists(i, i.amount > 20) && !incentives.all(i, i.amount > 20)",
    "incentives.exists(i, i.count == 1)",
    "!incentives.all(i, i.count == 2)",
    "incentives.exists_one(i, i.condition == 'tax')",
    "!incentives.map(i, true).exists_one(x, x)",
    "![q, q, p].exists_one(i, i)",
    "sum(incentives.map(i, i.amount)) == 35",
    "sum(incentives.filter(i, i.condition == 'rent').map(i, i.amount)) == 5",
    "size(incentives.map(i, i.count)) == 2",
    "incentives.exists(i, [1, 2].exists(j, i.count == 2 - j))",
    # Kleene
    "!(p && false) && (p || true) && !(false && p) && (true || p)",
    "q ? q : p",
]
UNKNOWN = [
    "p",
    "!p",
    "p && true",
    "p || false",
    "p == p",
    "p != true",
    "n > 1",
    "n + 1 == 2",
    "-n == 1",
    "n in [1, 2]",
    "k in [1, n]",
    "p ? true : true",
    "[1, n] == [1, 2]",
    "min([]) == 0",
    "max([n, 100]) == 100",
    "min(n, 1) == 1",
    "sum([1, n]) == 1",
    "round(n, 2) == 1 || abs(n) == 1",
    "incentives.all(i, i.amount > 1 && (i.paid || p))",
    "incentives.exists(i, i.count > 1)",
    "incentives.exists_one(i, i.count == 1)",
    "size(incentives.filter(i, i.paid)) == 1",
    "years_between(start, end) > 0",
    "incentives.map(i, i.count) == [1, 2]",
]


@pytest.mark.parametrize("text", TRUE)
def test_what_is_certain_is_true(text: str) -> None:
    assert evaluate(read(text), KNOWN) == Result(value=True)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_hangs_on_the_unknown_is_unknown(text: str) -> None:
    assert evaluate(read(text), KNOWN) == Result(None)


@pytest.mark.parametrize("operator", ["&&", "||"])
def test_logic_follows_kleenes_tables(operator: str) -> None:
    order: list[bool | None] = [False, None, True]
    choose = min if operator == "&&" else max
    for left in order:
        for right in order:
            said = evaluate(read(f"p {operator} q"), {"p": left, "q": right}).value
            assert said is choose(left, right, key=order.index)


def test_a_division_by_zero_is_unknown_and_says_so() -> None:
    because = frozenset({"division_by_zero"})
    assert evaluate(read("1 / m"), KNOWN) == Result(None, because)
    assert evaluate(read("5 % m > 1 || p"), KNOWN) == Result(None, because)
    assert evaluate(read("sum(incentives.map(i, i.amount / m))"), KNOWN) == Result(None, because)
    assert evaluate(read("n / m"), KNOWN) == Result(None), "nothing was divided"


@pytest.mark.parametrize(
    "text",
    [
        "1 / m > 1 || q",
        "!(k % m > 1 && !q)",
        "(1 / m > 1 || q) ? q : p",
        "size([1 / m]) == 1",
        "3 in [3, 1 / m]",
        "[1, 2] != [2, 1 / m]",
        "[1 / m, 5].exists(i, i > 3)",
        "[0, 1].exists(i, k / i > 0)",
        "size([0, 1].map(i, k / i)) == 2",
    ],
)
def test_a_division_by_zero_that_leaves_the_value_known_is_told_as_well(text: str) -> None:
    assert evaluate(read(text), KNOWN) == Result(value=True, reasons=frozenset({"division_by_zero"}))


@pytest.mark.parametrize(
    "text", ["q || 1 / m > 1", "!(!q && 1 / m > 1)", "q ? q : 1 / m > 1", "[1, 0].exists(i, k / i > 0)"]
)
def test_what_is_not_looked_at_divides_nothing(text: str) -> None:
    assert evaluate(read(text), KNOWN) == Result(value=True)


def test_ten_thousand_steps_are_enough_and_one_more_is_too_many() -> None:
    # a step for the macro, one for its list, three for each record
    expression = read("incentives.all(i, i.paid || q)")
    fits: dict[str, Value] = {"incentives": ({"paid": None},) * 2499, "q": True}
    assert evaluate(expression, fits) == Result(value=True)
    assert evaluate(expression, {**fits, "incentives": ({"paid": None},) * 2500}) == Result(
        None, frozenset({"step_limit"})
    )


def test_the_context_of_the_thread_changes_nothing() -> None:
    texts = ["1 / 3", "2 / 3 * k", "round(2.5, 0)", "-k % 2", "sum([1 / 3, k])", "abs(-k)", "1 - 1", "k * -1"]
    plain = [str(evaluate(read(text), KNOWN).value) for text in texts]
    with localcontext(Context(prec=3, rounding=ROUND_FLOOR)):
        assert [str(evaluate(read(text), KNOWN).value) for text in texts] == plain


DECIMALS = st.builds(
    lambda whole, exponent: Decimal(whole).scaleb(exponent),
    st.integers(-(10**27), 10**27),
    st.integers(-300, 300) | st.integers(-3, 3),
)


@given(DECIMALS, DECIMALS.filter(bool))
def test_a_remainder_is_exact_however_far_its_operands_are_apart(left: Decimal, right: Decimal) -> None:
    exact = Fraction(left) - Fraction(right) * int(Fraction(left) / Fraction(right))
    said = evaluate(read("n % m"), {"n": left, "m": right}).value
    assert isinstance(said, Decimal)
    assert Fraction(said) == exact


def test_values_too_large_for_any_number_are_unknown() -> None:
    assert evaluate(read("k * k"), {"k": Decimal("1e999999999")}) == Result(None)
    assert evaluate(read("k % 7 < 7"), {"k": Decimal("1e999999999")}) == Result(value=True)
