"""From a checked expression to Python source, for the compiled form of a rulebook.

The source says the same as ``evaluate``, which it is tested against. Names of the expression become Python variables
that hold None while unknown. Logic of three values becomes two tests, "certainly true" and "certainly false", so that
no object stands for "unknown" while the answer is known; arithmetic becomes plain operators behind one check for None.

The source relies on its surroundings for three things: the thread's decimal context is ``values.CONTEXT``; the
globals hold ``RUNTIME`` and the translator's ``constants``; and numbers are far from the largest decimals (an exponent
within a million), because an overflow to infinity is not looked for. It does not tell reasons: where the answer is
unknown and a reason is needed, ask ``evaluate``.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from service.core.rules.expressions.evaluate import MOST_STEPS
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
from service.core.rules.expressions.shape import element_type, holds, is_scalar, most_steps
from service.core.rules.expressions.source import (
    ATOM,
    CALLS,
    PRODUCT,
    RUNTIME,
    SUM,
    Certain,
    Code,
    Constant,
    Known,
    Maybe,
    Variable,
    arithmetic,
    both,
    maybe,
)

__all__ = ["RUNTIME", "Certain", "Translator", "Variable"]


class Translator:
    """Translates expressions over the same variables; one for all expressions of a compiled module.

    ``constants`` grows as expressions are translated: Python names and the values to bind to them. Names that begin
    with ``_`` belong to the translator; every other name is free for ``variables``. What comes out is one Python
    expression each; put it in brackets inside another.
    """

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        """Take the variables of every name that expressions may use."""
        self.constants: dict[str, Constant] = {}
        self._variables = variables
        self._bound = count(1)

    def value(self, expression: Expression) -> str | None:
        """Give the source of the expression's value, None where unknown; or ``None`` if it may need too many steps."""
        writer = self._writer(expression)
        return None if writer is None else writer.whole(expression.root)

    def tests(self, expression: Expression) -> Certain | None:
        """Give the two tests of a boolean expression; or ``None`` if it may need too many steps."""
        writer = self._writer(expression)
        if writer is None:
            return None
        return Certain(writer.test(expression.root, wanted=True), writer.test(expression.root, wanted=False))

    def _writer(self, expression: Expression) -> "_Writer | None":
        if most_steps(expression.root) > MOST_STEPS:
            return None
        return _Writer(self._variables, self.constants, self._bound)


class _Writer:
    """Writes one expression: a node as a test, as a value that may be None, or as one that is known if tests hold."""

    def __init__(self, variables: Mapping[str, Variable], constants: dict[str, Constant], bound: Iterator[int]) -> None:
        self._variables = dict(variables)
        self._types = {name: variable.type for name, variable in variables.items()}
        self._constants = constants
        self._bound = bound

    def whole(self, root: Node) -> Maybe:
        if isinstance(root, Logic):
            true, false = self.test(root, wanted=True), self.test(root, wanted=False)
            return f"True if {true} else False if {false} else None"
        return self.maybe(root)

    def test(self, node: Node, *, wanted: bool) -> str:
        """Give a test that holds where ``node`` is certainly ``wanted``."""
        return _TESTS.get(type(node), _Writer.test_known)(self, node, wanted=wanted)

    def test_known(self, node: Node, *, wanted: bool) -> str:
        known = self.known(node)
        value = known.inside(ATOM)
        return " and ".join([*known.tests, value if wanted else f"not {value}"])

    def test_name(self, node: Name, *, wanted: bool) -> str:
        variable = self._variables[node.name]
        if wanted:
            return variable.code
        return f"not {variable.code}" if variable.known else f"{variable.code} is False"

    def test_unary(self, node: Unary, *, wanted: bool) -> str:
        return self.test(node.of, wanted=not wanted)

    def test_logic(self, node: Logic, *, wanted: bool) -> str:
        word = "and" if (node.operator == "&&") is wanted else "or"
        return f" {word} ".join(f"({self.test(part, wanted=wanted)})" for part in node.parts)

    def test_conditional(self, node: Conditional, *, wanted: bool) -> str:
        return self.arms(node, "False", lambda arm: self.test(arm, wanted=wanted))

    def test_macro(self, node: Macro, *, wanted: bool) -> str:
        if node.macro not in {"all", "exists"}:
            return self.test_known(node, wanted=wanted)
        word = "all" if (node.macro == "all") is wanted else "any"
        records = self.named(node.of)
        loop = self.loop(node, records, lambda body: self.test(body, wanted=wanted))
        return " and ".join([*records.tests, f"{word}({loop})"])

    def code(self, node: Node) -> Code:
        return _CODES[type(node)](self, node)

    def maybe(self, node: Node) -> Maybe:
        return self._variables[node.name].code if isinstance(node, Name) else maybe(self.code(node))

    def scalar(self, node: Node) -> bool:
        return is_scalar(node, self._types)

    def known(self, node: Node) -> Known:
        code = self.code(node)
        return self.bind(code) if isinstance(code, str) else code

    def named(self, node: Node) -> Known:
        """Give a list that a loop can name: the source of a loop's list may not bind a name itself."""
        known = self.known(node)
        if known.value.isidentifier():
            return known
        bound = self.bind(known.value)
        return Known(bound.value, both(known, bound), ATOM)

    def bind(self, code: Maybe) -> Known:
        name = f"_b{next(self._bound)}"
        return Known(name, (f"({name} := {code}) is not None",), ATOM)

    def constant(self, value: Constant) -> str:
        for name, constant in self._constants.items():
            if type(constant) is type(value) and constant == value:
                return name
        name = f"_k{len(self._constants) + 1}"
        self._constants[name] = value
        return name

    def literal(self, node: Literal) -> Code:
        return Known(str(node.value) if isinstance(node.value, bool) else self.constant(node.value), (), ATOM)

    def items(self, node: Items) -> Code:
        return Known("(" + "".join(f"{self.maybe(item)}, " for item in node.items) + ")", (), ATOM)

    def name(self, node: Name) -> Code:
        variable = self._variables[node.name]
        return Known(variable.code, () if variable.known else (f"{variable.code} is not None",), ATOM)

    def field(self, node: Field) -> Code:
        record = self.known(node.of)
        return maybe(Known(f"{record.inside(ATOM)}.get({node.field!r})", record.tests, ATOM))

    def unary(self, node: Unary) -> Code:
        of = self.known(node.of)
        if node.operator == "!":
            return Known(f"not {of.inside(ATOM)}", of.tests)
        return Known(f"-{of.inside(ATOM)}", of.tests, PRODUCT)

    def logic(self, node: Logic) -> Code:
        word = "_every" if node.operator == "&&" else "_some"
        return f"{word}(({', '.join(self.maybe(part) for part in node.parts)}))"

    def chain(self, node: Chain) -> Code:
        code = self.known(node.first)
        for _, operator, operand in node.steps:
            code = self.step(code, operator, self.known(operand))
        return code

    def step(self, left: Known, operator: str, right: Known) -> Known:
        if operator in "+-*":
            return arithmetic(left, operator, right)
        if not right.value.isidentifier():
            name = f"_b{next(self._bound)}"
            right = Known(name, (*right.tests, f"({name} := {right.value})"), ATOM)
        elif not self._constants.get(right.value):
            right = Known(right.value, (*right.tests, right.value), ATOM)
        return arithmetic(left, operator, right)

    def compare(self, node: Compare) -> Code:
        if node.operator == "in":
            return self.membership(node)
        if node.operator in {"==", "!="} and not self.scalar(node.left) and not self.scalar(node.right):
            same = f"_equal({self.maybe(node.left)}, {self.maybe(node.right)})"
            if node.operator == "==":
                return same
            bound = self.bind(same)
            return Known(f"not {bound.value}", bound.tests)
        left, right = self.known(node.left), self.known(node.right)
        return Known(f"{left.inside(SUM)} {node.operator} {right.inside(SUM)}", both(left, right))

    def membership(self, node: Compare) -> Code:
        items = node.right.items if isinstance(node.right, Items) else ()
        if items and all(isinstance(item, Literal) for item in items):
            values = tuple(item.value for item in items if isinstance(item, Literal))
            texts = frozenset(value for value in values if isinstance(value, str))
            left = self.known(node.left)
            return Known(f"{left.inside(SUM)} in {self.constant(texts or values)}", left.tests)
        right = self.known(node.right)
        return maybe(Known(f"_contained({self.maybe(node.left)}, {right.value})", right.tests, ATOM))

    def conditional(self, node: Conditional) -> Code:
        return self.arms(node, "None", self.maybe)

    def arms(self, node: Conditional, unknown: str, arm: Callable[[Node], str]) -> str:
        """Give the arms of a chain of conditions, flat: there is an end to how deep Python's brackets go."""
        rest: Node = node
        pieces = []
        while isinstance(rest, Conditional):
            pieces.append(self.arm(rest.condition, f"({arm(rest.then)})", unknown))
            rest = rest.otherwise
        return " else ".join([*pieces, f"({arm(rest)})"])

    def arm(self, condition: Node, then: str, unknown: str) -> str:
        if isinstance(condition, Logic) and not holds(condition, Conditional):
            true, false = self.test(condition, wanted=True), self.test(condition, wanted=False)
            return f"{then} if {true} else {unknown} if not ({false})"
        known = self.known(condition)
        decided = f"{then} if {known.value}"
        return f"{unknown} if not ({known.condition}) else {decided}" if known.tests else decided

    def call(self, node: Call) -> Code:
        if node.function == "present":
            return Known(f"{self.maybe(node.arguments[0])} is not None")
        if node.function == "round" and isinstance(node.arguments[1], Literal):
            number, decimals = self.known(node.arguments[0]), node.arguments[1].value
            return Known(f"_round({number.value}, {decimals:.0f})", number.tests, ATOM)
        return CALLS[node.function]([self.known(argument) for argument in node.arguments])

    def macro(self, node: Macro) -> Code:
        records = self.named(node.of)
        loop = self.loop(node, records, self.maybe)
        if node.macro == "map":
            return Known(f"tuple([{loop}])", records.tests, ATOM)
        if node.macro == "filter":
            return maybe(Known(f"_sifted({records.value}, [{loop}])", records.tests))
        return maybe(Known(f"{_FOLDS[node.macro]}({loop})", records.tests))

    def loop(self, node: Macro, records: Known, body: Callable[[Node], str]) -> str:
        variable = Variable(f"_b{next(self._bound)}", element_type(node.of, self._types))
        self._variables[node.variable] = variable
        self._types[node.variable] = variable.type
        source = body(node.body)
        return f"({source}) for {variable.code} in {records.value}"


_TESTS: dict[type, Callable[..., str]] = {
    Conditional: _Writer.test_conditional,
    Logic: _Writer.test_logic,
    Macro: _Writer.test_macro,
    Name: _Writer.test_name,
    Unary: _Writer.test_unary,
}
_CODES: dict[type, Callable[[_Writer, Any], Code]] = {
    Call: _Writer.call,
    Chain: _Writer.chain,
    Compare: _Writer.compare,
    Conditional: _Writer.conditional,
    Field: _Writer.field,
    Items: _Writer.items,
    Literal: _Writer.literal,
    Logic: _Writer.logic,
    Macro: _Writer.macro,
    Name: _Writer.name,
    Unary: _Writer.unary,
}
_FOLDS = {"all": "_every", "exists": "_some", "exists_one": "_exactly_one"}
