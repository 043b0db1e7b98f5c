"""What can be told of an expression from its tree and the types of its names."""

from collections.abc import Mapping

from service.core.rules.expressions.nodes import Conditional, Items, Macro, Name, Node, parts
from service.core.rules.expressions.types import Kind, Type

MOST_RECORDS = 200


def most_steps(node: Node) -> int:
    """Give the most visits to nodes that one evaluation can need, with lists of up to 200 records."""
    if isinstance(node, Macro):
        return 1 + most_steps(node.of) + _length(node.of) * most_steps(node.body)
    return 1 + sum(most_steps(part) for part in parts(node))


def holds(node: Node, kind: type) -> bool:
    """Say whether a node of this class stands somewhere below ``node``."""
    return any(isinstance(part, kind) or holds(part, kind) for part in parts(node))


def element_type(node: Node, types: Mapping[str, Type | None]) -> Type | None:
    """Give the type of a list's elements, as far as the types of the names tell."""
    if isinstance(node, Macro) and node.macro == "filter":
        return element_type(node.of, types)
    found = types[node.name] if isinstance(node, Name) else None
    return found.of if found is not None else None


def is_scalar(node: Node, types: Mapping[str, Type | None]) -> bool:
    """Say whether a node is certainly no list."""
    if isinstance(node, Name):
        found = types[node.name]
        return found is not None and found.kind is not Kind.LIST
    if isinstance(node, Conditional):
        return is_scalar(node.then, types) or is_scalar(node.otherwise, types)
    return not isinstance(node, Items) and not (isinstance(node, Macro) and node.macro in {"filter", "map"})


def _length(node: Node) -> int:
    """Give the most elements a list can have."""
    if isinstance(node, Items):
        return len(node.items)
    if isinstance(node, Macro):
        return _length(node.of)
    if isinstance(node, Conditional):
        return max(_length(node.then), _length(node.otherwise))
    return MOST_RECORDS
