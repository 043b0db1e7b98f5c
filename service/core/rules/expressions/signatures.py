"""What each function takes and gives."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Protocol

from service.core.rules.expressions.agree import shown
from service.core.rules.expressions.nodes import Call, Literal, Name, Node, start
from service.core.rules.expressions.types import Kind, Type

Found = Type | None

MOST_DECIMALS = 20

_DECIMALS = frozenset(Decimal(decimals) for decimals in range(MOST_DECIMALS + 1))
_BOOLEAN = Type(Kind.BOOLEAN)
_COUNT = Type(Kind.NUMBER)
_LITERAL = Type(Kind.NUMBER, unit=None)


class Reader(Protocol):
    """What a signature asks of the inference that visits its arguments."""

    def visit(self, node: Node) -> Found:
        """Give the node's type."""

    def say(self, offset: int, code: str, **figures: object) -> None:
        """Note a mistake."""

    def want(self, node: Node, *kinds: Kind) -> Found:
        """Visit a part that must be of one of these kinds."""

    def together(self, places: Iterable[tuple[int, Found]]) -> Found:
        """Find the common type of parts."""


def _number(reader: Reader, call: Call) -> Found:
    return reader.want(call.arguments[0], Kind.NUMBER)


def _numbers(reader: Reader, call: Call) -> Found:
    if len(call.arguments) == 1:
        return _list_of_numbers(reader, call)
    return reader.together([(start(part), reader.want(part, Kind.NUMBER)) for part in call.arguments])


def _list_of_numbers(reader: Reader, call: Call) -> Found:
    found = reader.want(call.arguments[0], Kind.LIST)
    if found is None:
        return None
    of = found.of or _LITERAL
    if of.kind is Kind.NUMBER:
        return of
    reader.say(start(call.arguments[0]), "wrong_type", wanted="list of number", found=shown(found))
    return None


def _round(reader: Reader, call: Call) -> Found:
    number, decimals = call.arguments
    value = decimals.value if isinstance(decimals, Literal) else None
    if not isinstance(value, Decimal) or value not in _DECIMALS:
        reader.say(start(decimals), "round_decimals", most=MOST_DECIMALS)
    return reader.want(number, Kind.NUMBER)


def _present(reader: Reader, call: Call) -> Found:
    reader.visit(call.arguments[0])
    if not isinstance(call.arguments[0], Name):
        reader.say(start(call.arguments[0]), "present_name")
    return _BOOLEAN


def _all_of(kinds: tuple[Kind, ...], result: Type) -> Callable[[Reader, Call], Found]:
    def signature(reader: Reader, call: Call) -> Found:
        for argument in call.arguments:
            reader.want(argument, *kinds)
        return result

    return signature


_TEXTS = _all_of((Kind.TEXT,), _BOOLEAN)

# A signature visits every argument and gives the type of the call, or None where it is not known.
SIGNATURES: dict[str, Callable[[Reader, Call], Found]] = {
    "abs": _number,
    "contains": _TEXTS,
    "endsWith": _TEXTS,
    "max": _numbers,
    "min": _numbers,
    "present": _present,
    "round": _round,
    "size": _all_of((Kind.LIST, Kind.TEXT), _COUNT),
    "startsWith": _TEXTS,
    "sum": _list_of_numbers,
    "years_between": _all_of((Kind.DATE,), _COUNT),
}
