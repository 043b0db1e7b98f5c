"""How the names of a rulebook stand in source: ``x_water`` is a value, ``o_water`` says that it does not apply.

Both follow ``derive``: a value is None while unknown or not applicable. ``o_…`` is there only for the names that may
turn out not applicable.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from service.core.rules.compiled.prefixes import shortened, text_lists
from service.core.rules.compiled.source import Source
from service.core.rules.dependencies import in_dependency_order
from service.core.rules.derive import has_unknown_field, standing
from service.core.rules.expressions.evaluate import MOST_STEPS, evaluate
from service.core.rules.expressions.nodes import Chain, Expression, Node, parts
from service.core.rules.expressions.shape import most_steps
from service.core.rules.expressions.translate import RUNTIME, Certain, Translator, Variable
from service.core.rules.expressions.types import Kind, Type, Value
from service.core.rules.model import Rulebook
from service.core.rules.spans import FAR, span, spans

Condition: TypeAlias = Expression | None


def held(name: str) -> str:
    """Give the variable that holds the value of a fact or derived figure."""
    return f"x_{checked(name)}"


def left_out(name: str) -> str:
    """Give the variable that says that a fact or derived figure does not apply."""
    return f"o_{checked(name)}"


def figures(rulebook: Rulebook) -> dict[str, Type]:
    """Give the types of all facts and derived figures, in the order of the file."""
    facts = {name: fact.type for name, fact in rulebook.facts.items()}
    return facts | {name: derived.type for name, derived in rulebook.derived.items()}


def optional_names(rulebook: Rulebook) -> frozenset[str]:
    """Name the facts and derived figures that may turn out not applicable."""
    found: set[str] = set()
    for name in in_dependency_order(rulebook):
        fact = rulebook.facts.get(name)
        if fact is None and not found.isdisjoint(rulebook.derived[name].value.names):
            found.add(name)
        if fact is not None and fact.asked_when is not None:
            found.add(name)
    return frozenset(found)


class Names:
    """The names of a rulebook in one module, and the source of expressions over them."""

    def __init__(self, rulebook: Rulebook, source: Source, further: Mapping[str, Variable]) -> None:
        """Bind the parameters; ``further`` are other names that expressions may use, always known."""
        self.optional = optional_names(rulebook)
        self._figures = figures(rulebook)
        self._spans = spans(rulebook)
        self._text_lists = text_lists(rulebook)
        self._source = source
        self._variables = {name: Variable(held(name), found) for name, found in self._figures.items()}
        self._variables |= {
            name: Variable(source.constant(one.value), one.type, known=True)
            for name, one in rulebook.parameters.items()
        }
        self._variables |= further
        self._translator = Translator(self._variables)
        source.globals.update(RUNTIME, evaluated=_evaluated, has_unknown_field=has_unknown_field, meets=_meets)

    def bind_constants(self) -> None:
        """Bind the constants of the expressions asked for so far."""
        self._source.globals.update(self._translator.constants)

    def value(self, expression: Expression) -> str:
        """Give the source of a value, None where unknown."""
        plain = self._translatable(expression)
        translated = None if plain is None else self._translator.value(plain)
        return translated or f"evaluated({self._given(expression)})"

    def tests(self, condition: Condition) -> Certain:
        """Give the two tests of a condition, in brackets; one that is left out is true."""
        if condition is None:
            return Certain("True", "False")
        plain = self._translatable(condition)
        translated = None if plain is None else self._translator.tests(plain)
        if translated is None:
            evaluation = f"evaluated({self._given(condition)})"
            return Certain(f"({evaluation} is True)", f"({evaluation} is False)")
        return Certain(f"({translated.true})", f"({translated.false})")

    def does_not_apply(self, *expressions: Condition) -> str:
        """Give a test that holds where a rule that came out unknown does not apply; ``False`` where it always may.

        A figure below the rule that met a problem is itself unknown, so only what these expressions meet is looked at.
        """
        names = [name for name in standing(*expressions) if name in self._figures]
        optional = [left_out(name) for name in names if name in self.optional]
        if not optional:
            return "False"
        settled = [self._settled(name) for name in names]
        lists = [name for name in names if self._figures[name].kind is Kind.LIST]
        whole = [f"not has_unknown_field({held(name)})" for name in lists]
        met = [f"not meets({self._given(one)})" for one in expressions if one is not None and may_meet(one.root)]
        return " and ".join([f"({' or '.join(optional)})", *settled, *whole, *met])

    def is_far(self, expression: Expression) -> bool:
        """Say whether a value may come so far from 1 that only the interpreter copes with it."""
        return span(expression.root, self._spans) > FAR

    def _translatable(self, expression: Expression) -> Expression | None:
        if self.is_far(expression) or most_steps(expression.root) > MOST_STEPS:
            return None
        return replace(expression, root=shortened(expression.root, self._text_lists))

    def _settled(self, name: str) -> str:
        known = f"{held(name)} is not None"
        return f"({known} or {left_out(name)})" if name in self.optional else known

    def _given(self, expression: Expression) -> str:
        """Give the arguments of an evaluation by the interpreter."""
        values = ", ".join(f"{name!r}: {self._variables[name].code}" for name in expression.names)
        return f"{self._source.constant(expression)}, {{{values}}}"


def may_meet(root: Node) -> bool:
    """Say whether an expression may divide by zero or run out of steps."""
    return most_steps(root) > MOST_STEPS or any(True for _ in divisors(root))


def divisors(node: Node) -> Iterator[Node]:
    """Find what an expression divides by."""
    if isinstance(node, Chain):
        yield from (operand for _, operator, operand in node.steps if operator in "/%")
    for part in parts(node):
        yield from divisors(part)


def _evaluated(expression: Expression, values: Mapping[str, Value]) -> Value:
    return evaluate(expression, values).value


def _meets(expression: Expression, values: Mapping[str, Value]) -> bool:
    """Say whether an expression meets a problem, even one that its value is known in spite of."""
    return bool(evaluate(expression, values).reasons)


def checked(name: str) -> str:
    """Give a name that may stand in source as it is. Raises ``ValueError`` for any other."""
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(name)
    return name
