from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.rules.expressions.check import Wanted, read_expression
from service.core.rules.expressions.nodes import Expression, Literal, Node, parts, start
from service.core.rules.expressions.parse import parse
from service.core.rules.expressions.types import Kind, Type
from tests.core.rules.expressions.scope import SCOPE, number, read

# Two ways to write one tree.
SAME = [
    ("n + m * k - n", "n + (m * k) - n"),
    ("n * m + k % 2", "(n * m) + (k % 2)"),
    ("-n * m", "(-n) * m"),
    ("!p && q", "(!p) && q"),
    ("p || q && p", "p || (q && p)"),
    ("n + m > k", "(n + m) > k"),
    ("n > m && m > k", "(n > m) && (m > k)"),
    ("n > m == q", "(n > m) == q"),
    ("p ? n : q ? m : k", "p ? n : (q ? m : k)"),
    ("p || q ? n : m", "(p || q) ? n : m"),
    ("n in [1, 2] || p", "(n in [1, 2]) || p"),
    ("n in [1, 2,]", "n in [1, 2]"),
    ("!!!p", "!p"),
    ("----n", "--n"),
    ("((n))", "n"),
    ("n>1&&m<2", "n > 1\n\t&& m < 2"),
    ("place == 'a\"b'", 'place == "a\\"b"'),
    (r'"\u9ec4\\\n\t\'"', "'黄\\\\\\n\\t\\''"),
    ("005.50 > n", "5.5 > n"),
    ("incentives.exists(i, !i.paid)", "(incentives).exists(i, (!(i.paid)))"),
]


def shape(node: Node) -> object:
    """Give a tree without places."""
    own = [
        str(getattr(node, name)) if name != "value" else getattr(node, name)
        for name in ("operator", "name", "field", "function", "macro", "variable", "value")
        if hasattr(node, name)
    ]
    signs = [operator for _, operator, _ in getattr(node, "steps", ())]
    return [type(node).__name__, *own, *signs, *map(shape, parts(node))]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_precedence_and_spelling(left: str, right: str) -> None:
    assert shape(read(left).root) == shape(read(right).root)


def test_left_out_brackets_are_not_always_the_same() -> None:
    for left, right in [("n - (m - k)", "n - m - k"), ("(p || q) && p", "p || q && p"), ("-(n + m)", "-n + m")]:
        assert shape(read(left).root) != shape(read(right).root)


def test_every_node_knows_where_it_begins() -> None:
    text = "p && (water * 2 > 3 ? place.contains('a') : incentives.exists(i, i.paid == q))"
    begins = {text[start(node) :] for node in every_node(read(text).root)}
    assert {
        text,
        text[6:],
        "water * 2 > 3 ? place.contains('a') : incentives.exists(i, i.paid == q))",
        "place.contains('a') : incentives.exists(i, i.paid == q))",
        "incentives.exists(i, i.paid == q))",
        "i.paid == q))",
        "2 > 3 ? place.contains('a') : incentives.exists(i, i.paid == q))",
        "q))",
    } <= begins


def every_node(node: Node) -> list[Node]:
    return [node, *(below for part in parts(node) for below in every_node(part))]


def test_names_stand_in_the_order_of_the_text_without_macro_variables() -> None:
    expression = read("present(m) && incentives.exists(i, i.amount > added_value) && n + m > k")
    assert expression.names == ("m", "incentives", "added_value", "n", "k")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("water / added_value", "m3/a/万元"),
        ("water + 1 - 2.5", "m3/a"),
        ("2 * water / water", "1"),
        ("1 / added_value", "1/万元"),
        ("p ? 0 : water", "m3/a"),
        ("p ? 0 : 1", None),
        ("min(3, water, 2)", "m3/a"),
        ("round(abs(-water), 2)", "m3/a"),
        ("max([1, added_value])", "万元"),
        ("sum(incentives.map(i, i.amount))", "万元"),
        ("sum(incentives.map(i, i.amount * water)) / water", "万元"),
        ("water % 7", "m3/a"),
        ("size(incentives) + years_between(start, end)", "1"),
        ("5", None),
        ("-5 + 3", None),
        ("2 * 3", "1"),
    ],
)
def test_the_unit_of_a_result(text: str, unit: str | None) -> None:
    _, found, mistakes = read_expression(text, SCOPE, Wanted.of(Kind.NUMBER))
    assert mistakes == ()
    assert found == (Type(Kind.NUMBER, unit=None) if unit is None else number(unit))


def test_a_literal_takes_the_unit_that_is_wanted() -> None:
    unit = number("kg/a").unit
    assert read_expression("5", SCOPE, Wanted.of(Kind.NUMBER, unit=unit))[1:] == (number("kg/a"), ())


def test_a_choice_keeps_its_choices() -> None:
    _, found, _ = read_expression("p ? nature : nature", SCOPE, Wanted.of(Kind.TEXT))
    assert found == Type(Kind.TEXT, choices=("new", "expand"))
    _, found, _ = read_expression("p ? nature : 'other'", SCOPE, Wanted.of(Kind.TEXT))
    assert found == Type(Kind.TEXT)


# The largest that is still taken; the next larger is in the table of mistakes.
@pytest.mark.parametrize(
    "text",
    [
        "'" + "x" * 2046 + "'",
        "(" * 100 + "1" + ")" * 100,
        "abs(" * 31 + "1" + ")" * 31,
        "-" * 498 + "n",
        "1" + "+1" * 498,
        "p?1:" * 166 + "2",
        "1" * 34,
        "0.000" + "1" * 34,
        "1" + "0" * 60,
    ],
)
def test_limits_are_inclusive(text: str) -> None:
    assert isinstance(read(text), Expression)


def test_numbers_are_exact() -> None:
    root = read("1234567890.123456789012345678901234").root
    assert root == Literal(0, Decimal("1234567890.123456789012345678901234"))


HOSTILE = [
    "(",
    "[",
    "-",
    "!",
    "a.",
    "a?",
    "a?1:",
    "a(",
    "abs(",
    "!(",
    "-(",
    "[[",
    "1+",
    "'",
    '"',
    "\\",
    "1.",
    "a<",
    "a in ",
    "“",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_and_deep_texts_are_refused_without_ado(piece: str) -> None:
    for text in (piece * (2048 // len(piece.encode())), piece * 2000, piece * 600 + "1"):
        expression, _, mistakes = read_expression(text, SCOPE, Wanted.of(*Kind))
        assert expression is None
        assert mistakes


PIECES = [
    *("n", "p", "1", "2.5", "'a'", "(", ")", "[", "]", ".", ",", "?", ":", "&&", "||", "!", "==", "<", "in", "+"),
    *("-", "*", "/", "%", "exists(i,", "incentives.", "present(", "date(", "min(", "＞", "“", "”", "=", "and", "water"),
]


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(PIECES),
        max_size=20,
    ).map(" ".join)
)
def test_any_text_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    root, mistakes = parse(text)
    assert root is not None or mistakes
    assert all(0 <= mistake.offset <= len(text) for mistake in mistakes)
    expression, _, mistakes = read_expression(text, SCOPE, Wanted.of(*Kind))
    assert (expression is None) is bool(mistakes)
