"""One shortcut for translation: whether a text begins with one of a parameter's texts is one look for Python.

``codes.exists(c, text.startsWith(c))`` becomes ``text.startsWith(codes)``, which the language itself does not have;
translated it is Python's ``str.startswith`` with a tuple. The same for ``endsWith``. A list without any text is left as
it is, because nothing exists in it, whether the text is known or not.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Compare,
    Conditional,
    Field,
    Items,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
    parts,
)
from service.core.rules.model import Rulebook

_Change = Callable[[Node], Node]


def text_lists(rulebook: Rulebook) -> frozenset[str]:
    """Name the parameters that are lists of at least one text, and of nothing else."""
    values = {name: parameter.value for name, parameter in rulebook.parameters.items()}
    return frozenset(
        name
        for name, value in values.items()
        if isinstance(value, tuple) and value and all(isinstance(item, str) for item in value)
    )


def shortened(node: Node, lists: AbstractSet[str]) -> Node:
    """Take every shortcut of an expression; ``lists`` are names that no macro variable hides."""
    rebuild = _REBUILD.get(type(node))
    if rebuild is None:
        return node
    if isinstance(node, Macro) and isinstance(node.body, Call) and _begins_or_ends(node, node.body, lists):
        return Call(node.at, node.body.function, (shortened(node.body.arguments[0], lists), node.of))
    return rebuild(node, lambda part: shortened(part, lists))


def _begins_or_ends(node: Macro, body: Call, lists: AbstractSet[str]) -> bool:
    return (
        node.macro == "exists"
        and isinstance(node.of, Name)
        and node.of.name in lists
        and body.function in {"startsWith", "endsWith"}
        and _is(body.arguments[1], node.variable)
        and not _names(body.arguments[0], node.variable)
    )


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Name) and node.name == name


def _names(node: Node, name: str) -> bool:
    return _is(node, name) or any(_names(part, name) for part in parts(node))


def _each(nodes: tuple[Node, ...], change: _Change) -> tuple[Node, ...]:
    return tuple(change(node) for node in nodes)


_REBUILD: dict[type, Callable[[Any, _Change], Node]] = {
    Items: lambda node, change: replace(node, items=_each(node.items, change)),
    Field: lambda node, change: replace(node, of=change(node.of)),
    Unary: lambda node, change: replace(node, of=change(node.of)),
    Logic: lambda node, change: replace(node, parts=_each(node.parts, change)),
    Chain: lambda node, change: replace(
        node, first=change(node.first), steps=tuple((at, operator, change(one)) for at, operator, one in node.steps)
    ),
    Compare: lambda node, change: replace(node, left=change(node.left), right=change(node.right)),
    Conditional: lambda node, change: replace(
        node, condition=change(node.condition), then=change(node.then), otherwise=change(node.otherwise)
    ),
    Call: lambda node, change: replace(node, arguments=_each(node.arguments, change)),
    Macro: lambda node, change: replace(node, of=change(node.of), body=change(node.body)),
}
