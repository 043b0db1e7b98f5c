"""The plain interpreter: walks the tree of a checked expression. What it says is what the language means.

The compiled form of an expression (``translate``) is tested against it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from service.core.rules.expressions import operations
from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Compare,
    Conditional,
    Expression,
    Field,
    Items,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
)
from service.core.rules.expressions.types import Value
from service.core.values import CONTEXT, round_half_up

MOST_STEPS = 10_000

DIVISION_BY_ZERO = "division_by_zero"
STEP_LIMIT = "step_limit"


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, and what was met; for an unknown value that is why, where it is not simply an unknown name.

    ``reasons`` holds ``division_by_zero`` and ``step_limit``. A value may be known in spite of a division by zero.
    """

    value: Value
    reasons: frozenset[str] = frozenset()


def evaluate(expression: Expression, values: Mapping[str, Value]) -> Result:
    """Evaluate a checked expression.

    ``values`` holds every name of the expression; ``None`` is unknown (or not applicable). Numbers are finite
    decimals, lists tuples, records mappings. Never raises for values of the types the expression was checked with.
    """
    evaluation = _Evaluation(values)
    try:
        value = evaluation.visit(expression.root)
    except _OutOfStepsError:
        return Result(None, frozenset({STEP_LIMIT}))
    return Result(value, frozenset(evaluation.reasons))


class _OutOfStepsError(Exception):
    """The evaluation has taken all its steps."""


# A checked tree puts values of the right type everywhere; what an operator gets needs no second check here.
_Checked: TypeAlias = Any


class _Evaluation:
    """One evaluation: the values in sight, the steps taken, the reasons met."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.reasons: set[str] = set()
        self._values = values
        self._variables: dict[str, Value] = {}
        self._steps = 0

    def visit(self, node: Node) -> _Checked:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise _OutOfStepsError
        return _VISITS[type(node)](self, node)

    def literal(self, node: Literal) -> Value:
        return node.value

    def items(self, node: Items) -> Value:
        return tuple(self.visit(item) for item in node.items)

    def name(self, node: Name) -> Value:
        return self._variables[node.name] if node.name in self._variables else self._values[node.name]

    def field(self, node: Field) -> Value:
        record = self.visit(node.of)
        return None if record is None else record.get(node.field)

    def unary(self, node: Unary) -> Value:
        value = self.visit(node.of)
        if value is None:
            return None
        return not value if node.operator == "!" else CONTEXT.minus(value)

    def logic(self, node: Logic) -> bool | None:
        tests = (self.visit(part) for part in node.parts)
        return operations.every(tests) if node.operator == "&&" else operations.some(tests)

    def chain(self, node: Chain) -> Decimal | None:
        result: Decimal | None = self.visit(node.first)
        for _, operator, operand in node.steps:
            result = self._arithmetic(operator, result, self.visit(operand))
        return result

    def compare(self, node: Compare) -> bool | None:
        left, right = self.visit(node.left), self.visit(node.right)
        if node.operator == "in":
            return None if right is None else operations.contained(left, right)
        return _COMPARISONS[node.operator](left, right)

    def conditional(self, node: Conditional) -> Value:
        condition = self.visit(node.condition)
        if condition is None:
            return None
        return self.visit(node.then if condition else node.otherwise)  # type: ignore[no-any-return]

    def call(self, node: Call) -> Value:
        if node.function == "present":
            return self.visit(node.arguments[0]) is not None
        arguments = [self.visit(argument) for argument in node.arguments]
        if any(argument is None for argument in arguments):
            return None
        return _FUNCTIONS[node.function](*arguments)

    def macro(self, node: Macro) -> Value:
        records = self.visit(node.of)
        if records is None:
            return None
        return _MACROS[node.macro](records, self._bodies(node, records))

    def _bodies(self, node: Macro, records: tuple[Value, ...]) -> Iterator[Value]:
        """Evaluate the body for one record after the other, as far as they are asked for."""
        for record in records:
            self._variables[node.variable] = record
            yield self.visit(node.body)

    def _arithmetic(self, operator: str, left: Decimal | None, right: Decimal | None) -> Decimal | None:
        if left is None or right is None:
            return None
        if operator in "/%" and not right:
            self.reasons.add(DIVISION_BY_ZERO)
        result = _ARITHMETIC[operator](left, right)
        return result if result is None or result.is_finite() else None


def _ordered(compare: Callable[[_Checked, _Checked], bool]) -> Callable[[Value, Value], bool | None]:
    return lambda left, right: None if left is None or right is None else compare(left, right)


def _different(left: Value, right: Value) -> bool | None:
    same = operations.equal(left, right)
    return None if same is None else not same


def _extreme(choose: Callable[[_Checked], Decimal | None]) -> Callable[..., Decimal | None]:
    return lambda *given: choose(given[0] if isinstance(given[0], tuple) else given)


_VISITS: dict[type, Callable[[_Evaluation, _Checked], Value]] = {
    Literal: _Evaluation.literal,
    Items: _Evaluation.items,
    Name: _Evaluation.name,
    Field: _Evaluation.field,
    Unary: _Evaluation.unary,
    Logic: _Evaluation.logic,
    Chain: _Evaluation.chain,
    Compare: _Evaluation.compare,
    Conditional: _Evaluation.conditional,
    Call: _Evaluation.call,
    Macro: _Evaluation.macro,
}
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": operations.divide,
    "%": operations.remainder,
}
_COMPARISONS: dict[str, Callable[[Value, Value], bool | None]] = {
    "==": operations.equal,
    "!=": _different,
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
}
_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": CONTEXT.abs,
    "contains": lambda text, part: part in text,
    "endsWith": lambda text, end: text.endswith(end),
    "max": _extreme(operations.greatest),
    "min": _extreme(operations.least),
    "round": lambda number, decimals: round_half_up(number, int(decimals)),
    "size": lambda whole: Decimal(len(whole)),
    "startsWith": lambda text, start: text.startswith(start),
    "sum": operations.total,
    "years_between": operations.years_between,
}
_MACROS: dict[str, Callable[..., Value]] = {
    "all": lambda _, tests: operations.every(tests),
    "exists": lambda _, tests: operations.some(tests),
    "exists_one": lambda _, tests: operations.exactly_one(tests),
    "filter": operations.sifted,
    "map": lambda _, values: tuple(values),
}
