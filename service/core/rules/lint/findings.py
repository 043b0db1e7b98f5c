"""What the lint says of expressions: faults with their places, of conditions that never change and of zero divisors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from service.core.rules.clauses import Way
from service.core.rules.expressions.nodes import Call, Chain, Compare, Expression, Literal, Name, Node
from service.core.rules.expressions.types import Kind
from service.core.rules.expressions.write import write
from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.lint import intervals
from service.core.rules.lint.comparing import orders, settled
from service.core.rules.lint.functions import TESTS
from service.core.rules.lint.intervals import Interval, interval
from service.core.rules.lint.names import Names
from service.core.rules.lint.parts import Constant, constants
from service.core.rules.lint.places import Places
from service.core.rules.lint.ranges import Range
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thinking, Thought
from service.core.rules.model import Rulebook
from service.core.rules.reading.collect import shortened
from service.core.values import LARGEST

# As many digits of a range as help a reader.
_SHORT = Context(prec=12, rounding=ROUND_HALF_UP)
_CODES = {True: "condition_always_true", False: "condition_never_true"}
_CODES_OF_NUMBERS = {True: "comparison_always_true", False: "comparison_never_true"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What is at hand while one rulebook is looked through."""

    rulebook: Rulebook
    places: Places
    thinking: Thinking
    names: Names

    def condition(self, expression: Expression, around: Surroundings | None = None) -> Thought:
        """Think through a condition, with parameters that switch something off free."""
        return self.thinking.condition(expression, around or self.names.free)

    def exactly(self, expression: Expression, around: Surroundings | None = None) -> Thought:
        """Think through a condition with every parameter as it is."""
        return self.thinking.condition(expression, around or self.names.exact)

    def is_switched(self, *expressions: Expression | None) -> bool:
        """Say whether expressions rest on a parameter that may switch something off."""
        return any(not self.names.switches.isdisjoint(one.names) for one in expressions if one is not None)

    def is_constant(self, expression: Expression) -> bool:
        """Say whether an expression rests on parameters alone."""
        return bool(expression.names) and self.names.constant.issuperset(expression.names)

    def at(self, way: Way, thought: Thought) -> Place:
        """Give the place of an expression's first character."""
        return self.places.of_part(way, thought.expression.root)

    def inside(self, way: Way, thought: Thought, *, is_condition: bool = True, whole: bool = True) -> Iterator[Fault]:
        """Tell of the conditions inside an expression, and of zero divisors; of the ``whole`` only where asked."""
        for found in constants(thought, self.names, self.thinking, is_condition=is_condition):
            if whole or found.node is not thought.expression.root:
                yield self._constant(way, found)
        for divisor in thought.sites.zeros():
            figures = {"divisor": shortened(write(divisor))}
            yield Fault(self.places.of_part(way, divisor), Severity.POLICY, "always_divides_by_zero", figures)

    def _constant(self, way: Way, found: Constant) -> Fault:
        figures = {"condition": shortened(write(found.node))}
        sides = self._sides(found)
        code = (_CODES if sides is None else _CODES_OF_NUMBERS)[found.truth]
        return Fault(self.places.of_part(way, found.node), Severity.WARNING, code, {**figures, **(sides or {})})

    def _sides(self, found: Constant) -> Mapping[str, object] | None:
        """Say what the two sides of a comparison of numbers can be, if that alone is why it is constant."""
        node = found.node
        if not isinstance(node, Compare) or not (self._is_number(node.left) or self._is_number(node.right)):
            return None
        left, right = (self.thinking.of_part(side, found.around) for side in (node.left, node.right))
        if node.operator == "in" or settled(left, right, orders(node.operator, want=not found.truth)) is not None:
            return None
        return {"left": shown(left), "right": shown(right)}

    def _is_number(self, node: Node) -> bool:
        if isinstance(node, Name):
            known = (self.rulebook.facts, self.rulebook.derived, self.rulebook.parameters)
            return any(names[node.name].type.kind is Kind.NUMBER for names in known if node.name in names)
        if isinstance(node, Literal):
            return isinstance(node.value, Decimal)
        return isinstance(node, Chain) or (isinstance(node, Call) and node.function not in {*TESTS, "present"})


def shown(found: Range) -> str:
    """Write a range of numbers for a message; ends that no rulebook can mean are left out."""
    if not isinstance(found, Interval) or found.is_empty:
        return ""
    low = _short(found.starts) if found.low > -LARGEST else (-intervals.INFINITY, True)
    high = _short(found.ends) if found.high < LARGEST else (intervals.INFINITY, True)
    return intervals.text(interval(low, high)) or "…"


def _short(end: tuple[Decimal, bool]) -> tuple[Decimal, bool]:
    return _SHORT.plus(end[0]), end[1]
