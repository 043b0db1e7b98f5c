"""What a condition could come out as at all, as far as the rulebook alone tells."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from service.core.rules.coverage.parts import Part, outcomes
from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Field,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    parts,
)
from service.core.rules.expressions.types import Value
from service.core.rules.model import Rulebook
from service.core.rules.plan import CATEGORY

_EITHER: Final[tuple[bool | None, ...]] = (True, False)


class Possible:
    """What is possible under one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Take the parameters with the values of the chosen profile."""
        self._rulebook = rulebook
        constants: Mapping[str, Value] = {name: one.value for name, one in rulebook.parameters.items()}
        self._constants = {**dict.fromkeys((*rulebook.facts, *rulebook.derived, CATEGORY)), **constants}
        self._unsure: dict[str, bool] = {}

    def outcomes(self, part: Part) -> tuple[bool | None, ...]:
        """Give what a part can come out as: true, false and, where something in it can be unknown, None.

        What the parameters settle alone has just one outcome, and none within a list of theirs that is empty.
        """
        settled = self._settled(part)
        if settled is not None:
            return settled
        return (*_EITHER, None) if self.may_be_unknown(part.node, part.loops) else _EITHER

    def may_be_unknown(self, node: Node, loops: tuple[Macro, ...] = ()) -> bool:
        """Say whether a node can come out unknown: facts and fields can, parameters and ``present(…)`` cannot."""
        return _UNSURE.get(type(node), _any_part)(self, node, loops)

    def _settled(self, part: Part) -> tuple[bool | None, ...] | None:
        if any(isinstance(node, Call) and node.function == "present" for node in _walk(part.node)):
            return None
        if any(self._is_empty(macro.of) for macro in part.loops):
            return ()
        variables: Mapping[str, Value] = {macro.variable: None for macro in part.loops}
        (found,) = outcomes(Part(part.node), {**self._constants, **variables})
        return None if found is None else (found,)

    def _is_empty(self, node: Node) -> bool:
        return isinstance(node, Name) and self._constants.get(node.name) == ()

    def of_name(self, node: Name, loops: tuple[Macro, ...]) -> bool:
        """Say it of a name; an element can be unknown where something in its list can."""
        for macro in reversed(loops):
            if macro.variable == node.name:
                return not self._is_of_records(macro.of) and self.may_be_unknown(macro.of, loops)
        figure = self._rulebook.derived.get(node.name)
        if figure is None:
            return node.name in self._rulebook.facts
        if node.name not in self._unsure:
            self._unsure[node.name] = self.may_be_unknown(figure.value.root)
        return self._unsure[node.name]

    def of_chain(self, node: Chain, loops: tuple[Macro, ...]) -> bool:
        """Say it of arithmetic, which also fails where a divisor may be zero."""
        divisors = [operand for _, operator, operand in node.steps if operator in "/%"]
        return _any_part(self, node, loops) or not all(self._is_not_zero(one) for one in divisors)

    def of_call(self, node: Call, loops: tuple[Macro, ...]) -> bool:
        """Say it of a function; the least and greatest of a list are unknown where it may be empty."""
        if node.function == "present":
            return False
        is_extreme = node.function in {"min", "max"} and len(node.arguments) == 1
        return _any_part(self, node, loops) or (is_extreme and not isinstance(node.arguments[0], Items))

    def _is_of_records(self, node: Node) -> bool:
        return isinstance(node, Name) and node.name in self._rulebook.facts

    def _is_not_zero(self, node: Node) -> bool:
        known = self._constants.get(node.name) if isinstance(node, Name) else None
        return bool(node.value if isinstance(node, Literal) else known)


def _any_part(possible: Possible, node: Node, loops: tuple[Macro, ...]) -> bool:
    return any(possible.may_be_unknown(part, loops) for part in parts(node))


def _of_macro(possible: Possible, node: Macro, loops: tuple[Macro, ...]) -> bool:
    return possible.may_be_unknown(node.of, loops) or possible.may_be_unknown(node.body, (*loops, node))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in parts(node):
        yield from _walk(part)


_UNSURE: dict[type, Callable[[Possible, Any, tuple[Macro, ...]], bool]] = {
    Call: Possible.of_call,
    Chain: Possible.of_chain,
    Field: lambda *_: True,
    Macro: _of_macro,
    Name: Possible.of_name,
}
