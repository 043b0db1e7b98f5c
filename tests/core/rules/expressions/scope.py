"""The names that the tests of expressions use."""

from service.core.rules.expressions.check import Wanted, read_expression
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import parse_unit


def number(unit: str = "1") -> Type:
    return Type(Kind.NUMBER, unit=parse_unit(unit))


INCENTIVE = Type(
    Kind.RECORD,
    fields=(
        ("amount", number("万元")),
        ("count", number()),
        ("condition", Type(Kind.TEXT, choices=("tax", "rent"))),
        ("paid", Type(Kind.BOOLEAN)),
        ("since", Type(Kind.DATE)),
    ),
)
SCOPE: dict[str, Type | None] = {
    "n": number(),
    "m": number(),
    "k": number(),
    "water": number("m3/a"),
    "added_value": number("万元"),
    "p": Type(Kind.BOOLEAN),
    "q": Type(Kind.BOOLEAN),
    "nature": Type(Kind.TEXT, choices=("new", "expand")),
    "place": Type(Kind.TEXT),
    "start": Type(Kind.DATE),
    "end": Type(Kind.DATE),
    "incentives": Type(Kind.LIST, of=INCENTIVE),
    "at_fault": None,
}


def read(text: str, *kinds: Kind) -> Expression:
    """Read an expression that must be free of mistakes."""
    expression, _, mistakes = read_expression(text, SCOPE, Wanted.of(*(kinds or Kind)))
    assert expression is not None, (text, mistakes)
    return expression
