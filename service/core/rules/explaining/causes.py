"""What in a condition made it come out as it did: of an alternative that holds, only the parts that hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.rules.assessment import Assessment, GateResult
from service.core.rules.expressions.evaluate import evaluate
from service.core.rules.expressions.nodes import Compare, Expression, Literal, Logic, Name, Node, Unary, parts
from service.core.rules.expressions.types import Value
from service.core.rules.model import Rulebook
from service.core.rules.wording import Limit, is_figure, limits

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEEDS = {"<": "needs_below", "<=": "needs_at_most", ">": "needs_above", ">=": "needs_at_least"}


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a condition, and whether it is its being true or its being false that counted.

    ``alone`` says that no other part can make up for it.
    """

    part: Node
    holds: bool
    alone: bool

    def figures(self, rulebook: Rulebook) -> Iterator[tuple[str, Limit | None]]:
        """Name the facts and derived figures in it, each with what it is held against."""
        held = limits(rulebook, self.part)
        for name in dict.fromkeys(_named(rulebook, self.part)):
            yield name, held.get(name)

    def need(self, rulebook: Rulebook) -> tuple[str, str, Limit] | None:
        """Say what would have to be otherwise, where a name itself is held against a number: code, name, number."""
        if not isinstance(self.part, Compare) or self.part.operator not in _TURNED:
            return None
        left, right = self.part.left, self.part.right
        if not isinstance(left, Name | Literal) or not isinstance(right, Name | Literal):
            return None
        for name, limit in limits(rulebook, self.part).items():
            is_left = isinstance(left, Name) and left.name == name
            operator = self.part.operator if is_left else _TURNED[self.part.operator]
            return _NEEDS[_OPPOSITE[operator] if self.holds else operator], name, limit
        return None


def causes_of_failure(rulebook: Rulebook, assessment: Assessment, gate: GateResult) -> tuple[Cause, ...]:
    """Give what made a failed gate fail, as far as the assessment's own figures tell."""
    figures = {**assessment.derived, **gate.reads}
    parameters = {name: parameter.value for name, parameter in rulebook.parameters.items()}
    records = {name: None for name, fact in rulebook.facts.items() if fact.of}
    search = _Search(rulebook, {**parameters, **figures, **records})
    return tuple(search.causes(Cause(gate.rule.fails_when.root, holds=True, alone=True)))


@dataclass(frozen=True, slots=True)
class _Search:
    rulebook: Rulebook
    values: Mapping[str, Value]

    def causes(self, cause: Cause) -> Iterator[Cause]:
        """Take a cause apart; one of a single part is given as it is."""
        node, wanted = cause.part, cause.holds
        if isinstance(node, Unary) and node.operator == "!":
            yield from self.causes(Cause(node.of, not wanted, cause.alone))
        elif not isinstance(node, Logic):
            yield cause
        elif (node.operator == "||") is wanted:
            for part in self._telling(node, wanted=wanted):
                yield from self.causes(Cause(part, wanted, cause.alone))
        else:
            changing = [part for part in node.parts if any(_named(self.rulebook, part))]
            for part in changing:
                yield from self.causes(Cause(part, wanted, cause.alone and len(changing) == 1))

    def _telling(self, node: Logic, *, wanted: bool) -> list[Node]:
        """Give the parts of which any is enough that came out as wanted, or that may have where none is known to."""
        truths = [(part, evaluate(Expression("", part, ()), self.values).value) for part in node.parts]
        return [part for part, truth in truths if truth is wanted] or [part for part, truth in truths if truth is None]


def _named(rulebook: Rulebook, node: Node) -> Iterator[str]:
    if isinstance(node, Name) and is_figure(rulebook, node.name):
        yield node.name
    for part in parts(node):
        yield from _named(rulebook, part)
