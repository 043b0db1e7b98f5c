"""The conditions inside an expression, and what they come out as for given values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from service.core.rules.expressions.evaluate import MOST_STEPS, evaluate
from service.core.rules.expressions.nodes import (
    Call,
    Compare,
    Conditional,
    Expression,
    Literal,
    Logic,
    Macro,
    Node,
    Unary,
    parts,
)
from service.core.rules.expressions.types import Value

_TESTS = frozenset({"present", "contains", "endsWith", "startsWith"})
_ALWAYS_CONDITIONS = (Logic, Compare)


@dataclass(frozen=True, slots=True)
class Part:
    """A condition in an expression, and the macros it stands in the body of, outermost first."""

    node: Node
    loops: tuple[Macro, ...] = ()


def conditions_in(root: Node, *, is_condition: bool) -> tuple[Part, ...]:
    """Give the conditions in an expression: the whole, if it is one, and the parts of ``&& || ! ? :`` and of macros.

    What ``!`` negates stands for the negation. ``true`` and ``false`` are no conditions.
    """
    whole = [Part(root)] if is_condition and isinstance(root, Unary) else []
    return (*whole, *_conditions(root, (), is_condition=is_condition))


def outcomes(part: Part, values: Mapping[str, Value]) -> set[bool | None]:
    """Give what a part comes out as: once, or for each element of the lists around it. None is unknown.

    Of lists within lists no more elements are looked at than an evaluation has steps.
    """
    every = islice(_surroundings(part.loops, values), MOST_STEPS)
    found = {_value(part.node, surroundings) for surroundings in every}
    return {None if value is None else value is True for value in found}


def _conditions(node: Node, loops: tuple[Macro, ...], *, is_condition: bool) -> Iterator[Part]:
    if _counts(node, is_condition=is_condition):
        yield Part(node, loops)
    for below, inside, whether in _below(node, loops, is_condition=is_condition):
        yield from _conditions(below, inside, is_condition=whether)


def _counts(node: Node, *, is_condition: bool) -> bool:
    if isinstance(node, Literal) or (isinstance(node, Unary) and node.operator == "!"):
        return False
    return is_condition or isinstance(node, _ALWAYS_CONDITIONS) or (isinstance(node, Call) and node.function in _TESTS)


def _below(
    node: Node, loops: tuple[Macro, ...], *, is_condition: bool
) -> Iterator[tuple[Node, tuple[Macro, ...], bool]]:
    """Give the nodes right below one, the macros around them, and whether their place wants a condition."""
    if isinstance(node, Macro):
        yield node.of, loops, False
        yield node.body, (*loops, node), node.macro != "map"
    elif isinstance(node, Conditional):
        yield node.condition, loops, True
        yield node.then, loops, is_condition
        yield node.otherwise, loops, is_condition
    else:
        inside = isinstance(node, Logic) or (isinstance(node, Unary) and node.operator == "!")
        yield from ((part, loops, inside) for part in parts(node))


def _surroundings(loops: tuple[Macro, ...], values: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    if not loops:
        yield values
        return
    macro, *inner = loops
    records = _value(macro.of, values)
    for record in records if isinstance(records, tuple) else ():
        yield from _surroundings(tuple(inner), {**values, macro.variable: record})


def _value(node: Node, values: Mapping[str, Value]) -> Value:
    return evaluate(Expression("", node, ()), values).value
