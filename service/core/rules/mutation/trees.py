"""Every way to change one thing in the tree of an expression."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

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
    Node,
    Unary,
    parts,
    start,
)
from service.core.rules.mutation.kinds import Kind
from service.core.rules.mutation.steps import neighbours

_ORDERINGS = ("<", "<=", ">", ">=", "==", "!=")
_UNORDERED = {"==": ("!=",), "!=": ("==",)}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"}
_SWAPPED = {"min": "max", "max": "min", "exists": "all", "all": "exists"}
_Change: TypeAlias = tuple[Kind, int, Node]
_Put: TypeAlias = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed tree: what was changed in it, where, from what to what."""

    kind: Kind
    at: int
    before: Node
    after: Node
    root: Node


def variants(root: Node) -> Iterator[Variant]:
    """Change one thing in a tree, in every way. The names standing in it stay, but for parts that are left out."""
    yield from _variants(root, lambda node: node)


def _variants(node: Node, put: _Put) -> Iterator[Variant]:
    for kind, at, changed in _CHANGES.get(type(node), _no_change)(node):
        yield Variant(kind, at, node, changed, put(changed))
    for index, part in enumerate(parts(node)):
        if not (isinstance(node, Call) and node.function == "round" and index):
            yield from _variants(part, partial(_put_inside, put, node, index))


def _put_inside(put: _Put, node: Node, index: int, part: Node) -> Node:
    below = list(parts(node))
    below[index] = part
    return put(_REBUILD[type(node)](node, below))


def _no_change(_node: Node) -> Iterator[_Change]:
    yield from ()


def _literal(node: Literal) -> Iterator[_Change]:
    if isinstance(node.value, bool):
        yield Kind.LOGIC, node.at, replace(node, value=not node.value)
    elif isinstance(node.value, Decimal):
        yield from ((Kind.THRESHOLD, node.at, replace(node, value=value)) for value in neighbours(node.value))
    elif isinstance(node.value, date):
        for day in (timedelta(days=1), timedelta(days=-1)):
            yield Kind.THRESHOLD, node.at, replace(node, value=node.value + day)


def _compare(node: Compare) -> Iterator[_Change]:
    if node.operator == "in":
        for items in _shorter(node.right):
            yield Kind.LIST, items.at, replace(node, right=items)
        return
    is_ordered = node.operator in _ORDERINGS[:4] or any(map(_is_number, (node.left, node.right)))
    others = _ORDERINGS if is_ordered else _UNORDERED[node.operator]
    for operator in others:
        if operator != node.operator:
            yield Kind.COMPARISON, node.at, replace(node, operator=operator)


def _shorter(node: Node) -> Iterator[Items]:
    """Leave one item after the other out of a written list; the place is that of the item."""
    items = node.items if isinstance(node, Items) else ()
    for index, item in enumerate(items):
        yield Items(start(item), (*items[:index], *items[index + 1 :]))


def _logic(node: Logic) -> Iterator[_Change]:
    for index in range(1, len(node.parts)):
        yield Kind.LOGIC, start(node.parts[index]), _with_other_operator(node, index)
    for index, part in enumerate(node.parts):
        rest = (*node.parts[:index], *node.parts[index + 1 :])
        yield Kind.PART, start(part), rest[0] if len(rest) == 1 else replace(node, parts=rest)


def _with_other_operator(node: Logic, index: int) -> Node:
    """Change the operator before a part; as in the text, ``&&`` then binds more tightly than ``||``."""
    before, after = node.parts[:index], node.parts[index:]
    if node.operator == "&&":
        return Logic(node.at, "||", (_joined(node, before), _joined(node, after)))
    both = Logic(node.at, "&&", (before[-1], after[0]))
    return _joined(node, (*before[:-1], both, *after[1:]))


def _joined(node: Logic, operands: tuple[Node, ...]) -> Node:
    return operands[0] if len(operands) == 1 else replace(node, parts=operands)


def _unary(node: Unary) -> Iterator[_Change]:
    yield Kind.NEGATION, node.at, node.of


def _chain(node: Chain) -> Iterator[_Change]:
    for index, (at, operator, operand) in enumerate(node.steps):
        step = (at, _ARITHMETIC[operator], operand)
        yield from _rechained(node, index, step)


def _rechained(node: Chain, index: int, step: tuple[int, str, Node]) -> Iterator[_Change]:
    steps = (*node.steps[:index], step, *node.steps[index + 1 :])
    yield Kind.ARITHMETIC, step[0], replace(node, steps=steps)


def _conditional(node: Conditional) -> Iterator[_Change]:
    yield Kind.LOGIC, node.at, replace(node, then=node.otherwise, otherwise=node.then)


def _call(node: Call) -> Iterator[_Change]:
    if node.function in _SWAPPED:
        yield Kind.ARITHMETIC, node.at, replace(node, function=_SWAPPED[node.function])


def _macro(node: Macro) -> Iterator[_Change]:
    if node.macro in _SWAPPED:
        yield Kind.LOGIC, node.at, replace(node, macro=_SWAPPED[node.macro])
    if node.macro == "filter":
        yield Kind.PART, node.at, node.of


def _is_number(node: Node) -> bool:
    return isinstance(node, Chain) or (isinstance(node, Literal) and isinstance(node.value, Decimal))


_CHANGES: Mapping[type, Callable[[Any], Iterator[_Change]]] = {
    Literal: _literal,
    Compare: _compare,
    Logic: _logic,
    Unary: _unary,
    Chain: _chain,
    Conditional: _conditional,
    Call: _call,
    Macro: _macro,
}
_REBUILD: Mapping[type, Callable[[Any, list[Node]], Node]] = {
    Items: lambda node, below: replace(node, items=tuple(below)),
    Field: lambda node, below: replace(node, of=below[0]),
    Unary: lambda node, below: replace(node, of=below[0]),
    Logic: lambda node, below: replace(node, parts=tuple(below)),
    Chain: lambda node, below: replace(
        node,
        first=below[0],
        steps=tuple((at, operator, part) for (at, operator, _), part in zip(node.steps, below[1:], strict=True)),
    ),
    Compare: lambda node, below: replace(node, left=below[0], right=below[1]),
    Conditional: lambda node, below: replace(node, condition=below[0], then=below[1], otherwise=below[2]),
    Call: lambda node, below: replace(node, arguments=tuple(below)),
    Macro: lambda node, below: replace(node, of=below[0], body=below[1]),
}
