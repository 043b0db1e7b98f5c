"""Which numbers can never be below zero, by the limits that are declared."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from service.core.rules.expressions.nodes import Call, Chain, Conditional, Field, Items, Literal, Macro, Name, Node
from service.core.rules.model import Fact, Rulebook

_OF_ARGUMENTS: Final = frozenset({"min", "sum", "round"})
_NEVER: Final = frozenset({"abs", "size"})


def is_never_negative(rulebook: Rulebook, node: Node) -> bool:
    """Say whether a number, or each number in a list, can certainly not be below zero wherever it is known."""
    return _JUDGES.get(type(node), _unsure)(rulebook, node)


def _unsure(_rulebook: Rulebook, _node: Node) -> bool:
    return False


def _literal(_rulebook: Rulebook, node: Literal) -> bool:
    return isinstance(node.value, Decimal) and node.value >= 0


def _name(rulebook: Rulebook, node: Name) -> bool:
    figure, parameter = rulebook.derived.get(node.name), rulebook.parameters.get(node.name)
    if figure is not None:
        return is_never_negative(rulebook, figure.value.root)
    if parameter is not None:
        return isinstance(parameter.value, Decimal) and parameter.value >= 0
    fact = rulebook.facts.get(node.name)
    return fact is not None and _is_limited(fact)


def _field(rulebook: Rulebook, node: Field) -> bool:
    """Judge by every list that has a field of that name."""
    fields = [field for fact in rulebook.facts.values() for field in fact.of if field.id == node.field]
    return all(map(_is_limited, fields))


def _is_limited(fact: Fact) -> bool:
    limits = fact.limits
    return any(least is not None and least >= 0 for least in (limits.min, limits.min_exclusive))


def _chain(rulebook: Rulebook, node: Chain) -> bool:
    operands = (node.first, *(operand for _, _, operand in node.steps))
    return all(operator != "-" for _, operator, _ in node.steps) and _all(rulebook, operands)


def _conditional(rulebook: Rulebook, node: Conditional) -> bool:
    return _all(rulebook, (node.then, node.otherwise))


def _call(rulebook: Rulebook, node: Call) -> bool:
    if node.function == "max":
        return any(is_never_negative(rulebook, argument) for argument in node.arguments)
    return node.function in _NEVER or (node.function in _OF_ARGUMENTS and _all(rulebook, node.arguments))


def _macro(rulebook: Rulebook, node: Macro) -> bool:
    return is_never_negative(rulebook, node.body if node.macro == "map" else node.of)


def _all(rulebook: Rulebook, nodes: tuple[Node, ...]) -> bool:
    return all(is_never_negative(rulebook, node) for node in nodes)


_JUDGES: Final[dict[type, Callable[[Rulebook, Any], bool]]] = {
    Literal: _literal,
    Name: _name,
    Field: _field,
    Chain: _chain,
    Conditional: _conditional,
    Call: _call,
    Macro: _macro,
    Items: lambda rulebook, node: _all(rulebook, node.items),
}
