"""From a tree back to text, with no more brackets than it needs: to show a part of an expression, or a changed one."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from service.core.rules.expressions.functions import METHODS
from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Compare,
    Conditional,
    Field,
    Items,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
)

# How tightly each form holds together; a looser one gets brackets inside a tighter one.
_CHOICE, _OR, _AND, _RELATION, _SUM, _PRODUCT, _SIGN, _MEMBER = range(8)


def write(node: Node) -> str:
    """Write a node. Parsed again, the text gives the same tree, but for the sign of a number below zero."""
    return _inside(node, _CHOICE)


def _inside(node: Node, rank: int) -> str:
    """Write a node as an operand of something that binds with ``rank``."""
    text = _WRITERS[type(node)](node)
    return text if _rank(node) >= rank else f"({text})"


def _rank(node: Node) -> int:
    if isinstance(node, Logic):
        return _OR if node.operator == "||" else _AND
    if isinstance(node, Chain):
        return _SUM if node.steps[0][1] in "+-" else _PRODUCT
    return _RANKS.get(type(node), _MEMBER)


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, Decimal):
        return format(node.value, "f")
    return f'date("{node.value.isoformat()}")' if isinstance(node.value, date) else _text(node.value)


def _text(value: str) -> str:
    """Quote a text with the escapes the language knows."""
    return json.dumps(value, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")


def _logic(node: Logic) -> str:
    return f" {node.operator} ".join(_inside(part, _rank(node) + 1) for part in node.parts)


def _chain(node: Chain) -> str:
    tighter = _rank(node) + 1
    steps = (f" {operator} {_inside(operand, tighter)}" for _, operator, operand in node.steps)
    return _inside(node.first, tighter) + "".join(steps)


def _conditional(node: Conditional) -> str:
    condition, then = _inside(node.condition, _OR), _inside(node.then, _OR)
    return f"{condition} ? {then} : {_inside(node.otherwise, _CHOICE)}"


def _call(node: Call) -> str:
    if node.function not in METHODS:
        return f"{node.function}({_listed(node.arguments)})"
    return f"{_inside(node.arguments[0], _MEMBER)}.{node.function}({_listed(node.arguments[1:])})"


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(write(node) for node in nodes)


_RANKS: dict[type, int] = {Conditional: _CHOICE, Compare: _RELATION, Unary: _SIGN}
_WRITERS: dict[type, Callable[[Any], str]] = {
    Literal: _literal,
    Items: lambda node: f"[{_listed(node.items)}]",
    Name: lambda node: node.name,
    Field: lambda node: f"{_inside(node.of, _MEMBER)}.{node.field}",
    Unary: lambda node: node.operator + _inside(node.of, _MEMBER),
    Logic: _logic,
    Chain: _chain,
    Compare: lambda node: f"{_inside(node.left, _RELATION)} {node.operator} {_inside(node.right, _SUM)}",
    Conditional: _conditional,
    Call: _call,
    Macro: lambda node: f"{_inside(node.of, _MEMBER)}.{node.macro}({node.variable}, {write(node.body)})",
}
