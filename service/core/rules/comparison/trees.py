"""What an expression means, whatever it looks like: two with equal meanings give the same value of the same facts."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Compare,
    Field,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
    parts,
)

Meaning: TypeAlias = tuple[Any, ...]


def meaning(node: Node, renamed: Mapping[str, str]) -> Meaning:
    """Give the meaning of a tree, with some of its names under their new ones.

    Places, spacing, brackets, the spelling of numbers and the names of macro variables are no part of it.
    """
    if isinstance(node, Name):
        return ("name", renamed.get(node.name, node.name))
    if isinstance(node, Macro):
        inner = {**renamed, node.variable: f"#{sum(name.startswith('#') for name in renamed.values())}"}
        return ("macro", node.macro, meaning(node.of, renamed), meaning(node.body, inner))
    own = _OWN.get(type(node), lambda _: ())
    return (type(node).__name__, *own(node), *(meaning(part, renamed) for part in parts(node)))


_OWN: dict[type, Callable[[Any], tuple[object, ...]]] = {
    Literal: lambda node: (type(node.value).__name__, node.value),
    Field: lambda node: (node.field,),
    Unary: lambda node: (node.operator,),
    Logic: lambda node: (node.operator,),
    Chain: lambda node: tuple(operator for _, operator, _ in node.steps),
    Compare: lambda node: (node.operator,),
    Call: lambda node: (node.function,),
}
