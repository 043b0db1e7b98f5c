"""The conditions inside an expression that always come out the same way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from service.core.rules.expressions.nodes import (
    Call,
    Compare,
    Conditional,
    Field,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
    parts,
)
from service.core.rules.lint.functions import TESTS
from service.core.rules.lint.names import Names
from service.core.rules.lint.ranges import only
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thinking, Thought

# What a condition stands in: the whole expression, a part of && or ||, a question, or nowhere that needs one.
_ROOT: Final = "root"
_QUESTION: Final = "?"
_NOWHERE: Final = ""
# Before one of these: negated there.
_NOT: Final = "!"

_TESTS = frozenset({*TESTS, "present"})
_LOOKED_UP = (Name, Field)


@dataclass(frozen=True, slots=True)
class Constant:
    """A condition that, whenever it is looked at and known, is true, or false; ``around`` is where."""

    node: Node
    truth: bool
    around: Surroundings


def constants(thought: Thought, names: Names, thinking: Thinking, *, is_condition: bool) -> tuple[Constant, ...]:
    """Give the innermost conditions of an expression that always come out the same way, in the order of the text.

    Left out is what rests on parameters alone, and what is only true because of a condition that stands beside it.
    """
    found = _Parts(thought, names, thinking)
    found.walk(thought.expression.root, _ROOT if is_condition else _NOWHERE)
    return tuple(found.constants)


@dataclass(slots=True)
class _Parts:
    """One walk through an expression."""

    thought: Thought
    names: Names
    thinking: Thinking
    constants: list[Constant] = field(default_factory=list)

    def walk(self, node: Node, role: str) -> bool:
        """Look at a node and what is below it; say whether anything was found."""
        below = [self.walk(part, inner) for part, inner in _below(node, role)]
        if any(below):
            return True
        found = self._constant(node, role) if _is_site(node, role) else None
        if found is None:
            return False
        self.constants.append(found)
        return True

    def _constant(self, node: Node, role: str) -> Constant | None:
        in_vain = [want for want in (True, False) if self.thought.sites.of(node, want=want).in_vain]
        if len(in_vain) != 1 or self._is_settled(node):
            return None
        around = self.thought.sites.of(node, want=in_vain[0]).failed_in
        truth = not in_vain[0]
        if around is None or (
            _is_idle(role, truth=truth) and not self.thinking.never(node, around.plain(), want=not truth)
        ):
            return None
        return Constant(node, truth, around)

    def _is_settled(self, node: Node) -> bool:
        """Say whether a node rests on parameters alone, or is a figure that is constant where it is derived."""
        if isinstance(node, Name) and only(self.names.free.names.get(node.name, frozenset())):
            return True
        standing = set(_names(node))
        return bool(standing) and standing <= self.names.constant


def _is_idle(role: str, *, truth: bool) -> bool:
    """Say whether a truth that only holds because of what stands beside it changes nothing there."""
    return truth is not role.startswith(_NOT) and role.removeprefix(_NOT) not in {_ROOT, "||"}


def _below(node: Node, role: str) -> Iterator[tuple[Node, str]]:
    """Give the nodes right below one, and what each stands in there."""
    if isinstance(node, Logic):
        yield from ((part, node.operator) for part in node.parts)
    elif isinstance(node, Conditional):
        yield node.condition, _QUESTION
        yield from ((arm, _NOWHERE) for arm in (node.then, node.otherwise))
    elif isinstance(node, Macro):
        yield node.of, _NOWHERE
        yield node.body, _NOWHERE if node.macro == "map" else _QUESTION
    elif isinstance(node, Unary) and node.operator == "!":
        yield from () if isinstance(node.of, _LOOKED_UP) else ((node.of, _negated(role or _QUESTION)),)
    else:
        yield from ((part, _NOWHERE) for part in parts(node))


def _negated(role: str) -> str:
    return role.removeprefix(_NOT) if role.startswith(_NOT) else _NOT + role


def _is_site(node: Node, role: str) -> bool:
    """Say whether a node is a condition: by what it is, or by where it stands."""
    if isinstance(node, Compare | Logic):
        return True
    if isinstance(node, Unary):
        return node.operator == "!" and isinstance(node.of, _LOOKED_UP)
    if isinstance(node, Call):
        return node.function in _TESTS
    if isinstance(node, Macro):
        return node.macro not in {"filter", "map"}
    return bool(role) and isinstance(node, Name | Field | Literal)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for part in parts(node):
        yield from _names(part)
