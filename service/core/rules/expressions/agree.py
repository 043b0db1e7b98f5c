"""When two types go together, and what their common type is."""

from dataclasses import replace

from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import unit_text

# What stands in the way of two types: a code and the two sides as they are shown.
Clash = tuple[str, str, str]

_COMPARABLE = frozenset({Kind.NUMBER, Kind.BOOLEAN, Kind.TEXT, Kind.DATE})


def agree(left: Type, right: Type) -> Type | Clash:
    """Find the type that holds values of both, for ``? :``, a list's elements, ``==`` and ``+``.

    A number literal takes the other's unit; texts keep their choices only where both have some. Otherwise the clash:
    ``types_differ`` or ``units_differ`` and how each side reads.
    """
    if left.kind is not right.kind:
        return "types_differ", shown(left), shown(right)
    if left.kind is Kind.NUMBER:
        return _numbers(left, right)
    if left.kind is Kind.LIST:
        return _lists(left, right)
    if left.kind is Kind.RECORD and left != right:
        return "types_differ", shown(left), shown(right)
    if left.choices is None or right.choices is None:
        return replace(left, choices=None)
    return replace(left, choices=tuple(dict.fromkeys(left.choices + right.choices)))


def comparable(found: Type) -> bool:
    """Say whether ``==`` is for this type: for everything but records and lists of them."""
    while found.kind is Kind.LIST and found.of is not None:
        found = found.of
    return found.kind in _COMPARABLE or found.kind is Kind.LIST


def shown(found: Type) -> str:
    """Write a type for a message, in the words of the rules file: ``number``, ``list of text``."""
    if found.kind is Kind.LIST and found.of is not None:
        return f"list of {shown(found.of)}"
    return found.kind.value


def _numbers(left: Type, right: Type) -> Type | Clash:
    if left.unit is None:
        return right
    if right.unit is None or left.unit == right.unit:
        return left
    return "units_differ", unit_text(left.unit), unit_text(right.unit)


def _lists(left: Type, right: Type) -> Type | Clash:
    if left.of is None or right.of is None:
        return right if left.of is None else left
    of = agree(left.of, right.of)
    return replace(left, of=of) if isinstance(of, Type) else of
