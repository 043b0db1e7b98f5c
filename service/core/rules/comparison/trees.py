"""What an expression means, whatever it looks like: two with equal meanings give the same value of the same facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
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
    node = _unfolded(node)
    own = _OWN.get(type(node), lambda _: ())
    return (type(node).__name__, *own(node), *(meaning(part, renamed) for part in parts(node)))


def _unfolded(node: Node) -> Node:
    """Take away the brackets of ``(a + b) + c`` and ``a && (b && c)``, which say nothing."""
    if isinstance(node, Logic):
        inner = map(_unfolded, node.parts)
        return replace(node, parts=tuple(chain.from_iterable(_joined(node.operator, part) for part in inner)))
    if isinstance(node, Chain):
        first = _unfolded(node.first)
        if isinstance(first, Chain) and _is_sum(first) == _is_sum(node):
            return replace(node, first=first.first, steps=(*first.steps, *node.steps))
    return node


def _joined(operator: str, part: Node) -> tuple[Node, ...]:
    return part.parts if isinstance(part, Logic) and part.operator == operator else (part,)


def _is_sum(node: Chain) -> bool:
    return node.steps[0][1] in "+-"


_OWN: dict[type, Callable[[Any], tuple[object, ...]]] = {
    Literal: lambda node: (type(node.value).__name__, node.value),
    Field: lambda node: (node.field,),
    Unary: lambda node: (node.operator,),
    Logic: lambda node: (node.operator,),
    Chain: lambda node: tuple(operator for _, operator, _ in node.steps),
    Compare: lambda node: (node.operator,),
    Call: lambda node: (node.function,),
}
