"""Expressions in words: what a rule asks for, told with the labels of the rulebook, part by part."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias

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
from service.core.rules.expressions.types import Kind
from service.core.rules.model import Derived, Fact, FactType
from service.core.rules.plan import CATEGORY
from service.core.rules.wording import Wording
from service.core.values import number_text

# What a name of a macro stands for while its body is told: the list's records, or nothing for a list of values.
Each: TypeAlias = Mapping[str, "Fact | None"]

_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not_in"}
_RELATIONS: Final = {"==": "equal", "!=": "unequal", "in": "among", "not_in": "not_among"}
_OPERATORS: Final = _RELATIONS | {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "mod"}
_NOBODY: Final[Each] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words; with ``parts`` it only says how many of them must hold."""

    text: str
    parts: tuple["Clause", ...] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells expressions; ``wording`` has the words of the section ``conditions`` too."""

    wording: Wording
    each: Each = field(default_factory=lambda: _NOBODY)

    def condition(self, node: Node, *, holds: bool = True) -> Clause:
        """Tell when an expression is true, or with ``holds`` false when it is not."""
        if isinstance(node, Unary) and node.operator == "!":
            return self.condition(node.of, holds=not holds)
        if isinstance(node, Logic):
            return self._logic(node, holds=holds)
        found = _CONDITIONS.get(type(node))
        return Clause(self._is(node, holds=holds) if found is None else found(self, node, holds))

    def inline(self, node: Node, *, holds: bool = True) -> str:
        """Tell a condition within a sentence."""
        return self._flat(self.condition(node, holds=holds))

    def value(self, node: Node, beside: Node | None = None) -> str:
        """Tell what an expression stands for; ``beside`` is what a literal is held against."""
        found = _VALUES.get(type(node))
        return self.inline(node) if found is None else found(self, node, beside)

    def say(self, code: str, **figures: str) -> str:
        """Fill figures into words."""
        return self.wording.say(f"condition.{code}", **figures)

    def enumerated(self, said: Iterable[str]) -> str:
        """Enumerate."""
        return self.wording.words["enumeration"].join(said)

    def derived(self, node: Node, *, is_condition: bool) -> Clause:
        """Tell how a figure comes about; what is chosen between is told one after the other."""
        if is_condition:
            return self.condition(node)
        ways: list[Clause] = []
        while isinstance(node, Conditional):
            ways.append(Clause(self.say("when", condition=self.inline(node.condition), then=self.value(node.then))))
            node = node.otherwise
        last = self.value(node)
        return Clause(self.say("first"), (*ways, Clause(self.say("otherwise", value=last)))) if ways else Clause(last)

    def within(self, node: Macro) -> "Teller":
        """Give who tells the body of a macro."""
        of = node.of
        while isinstance(of, Macro) and of.macro == "filter":
            of = of.of
        records = self.wording.rulebook.facts.get(of.name) if isinstance(of, Name) else None
        fact = records if records is not None and records.of else None
        return Teller(self.wording, {**self.each, node.variable: fact})

    def figure(self, node: Node | None) -> Fact | Derived | None:
        """Find the fact, field or derived figure that a node is the name of."""
        if isinstance(node, Name) and node.name not in self.each:
            rulebook = self.wording.rulebook
            return rulebook.facts.get(node.name) or rulebook.derived.get(node.name)
        if isinstance(node, Field) and isinstance(node.of, Name):
            fact = self.each.get(node.of.name)
            return None if fact is None else next((one for one in fact.of if one.id == node.field), None)
        return None

    def _logic(self, node: Logic, *, holds: bool) -> Clause:
        parts = tuple(self.condition(part, holds=holds) for part in node.parts)
        every = (node.operator == "&&") is holds
        if every and not any(part.parts for part in parts):
            return Clause(self._joined("and", (part.text for part in parts)))
        return Clause(self.say("all" if every else "any"), parts)

    def _flat(self, clause: Clause) -> str:
        if not clause.parts:
            return clause.text
        inner = (self.say("bracket", text=self._flat(part)) if part.parts else part.text for part in clause.parts)
        return self._joined("and" if clause.text == self.say("all") else "or", inner)

    def _joined(self, word: str, said: Iterable[str]) -> str:
        return self.say(word).join(said)

    def _is(self, node: Node, *, holds: bool) -> str:
        return self.say("yes" if holds else "no", name=self.value(node))


def _compare(teller: Teller, node: Compare, holds: bool) -> str:  # noqa: FBT001 - as all of the table
    operator = node.operator if holds else _OPPOSITE[node.operator]
    left, right = teller.value(node.left, node.right), teller.value(node.right, node.left)
    of_days = operator in _ORDERED and (_is_day(teller, node.left) or _is_day(teller, node.right))
    code = f"{_OPERATORS[operator]}_day" if of_days else _OPERATORS[operator]
    return teller.say(code, left=left, right=right)


def _is_day(teller: Teller, node: Node) -> bool:
    if isinstance(node, Literal):
        return isinstance(node.value, date)
    figure = teller.figure(node)
    return figure is not None and figure.type.kind is Kind.DATE


def _called(teller: Teller, node: Call, holds: bool) -> str:  # noqa: FBT001 - as all of the table
    code = node.function if holds else f"not_{node.function}"
    names = ("text", "of")
    return teller.say(code, **dict(zip(names, (teller.value(one) for one in node.arguments), strict=False)))


def _some(teller: Teller, node: Macro, holds: bool) -> str:  # noqa: FBT001 - as all of the table
    name = "all_of" if node.macro == "all" else node.macro
    code = name if holds else f"not_{name}"
    return teller.say(code, of=teller.value(node.of), body=teller.within(node).inline(node.body))


def _literal_condition(teller: Teller, node: Literal, holds: bool) -> str:  # noqa: FBT001 - as all of the table
    return teller.say("always" if bool(node.value) is holds else "never")


def _literal(teller: Teller, node: Literal, beside: Node | None) -> str:
    wording, value, figure = teller.wording, node.value, teller.figure(beside)
    if isinstance(value, bool):
        return wording.measured(value, "")
    if isinstance(value, str):
        known = figure.choices.get(value) if isinstance(figure, Fact) else None
        return teller.say("quoted", text=value if known is None else wording.label(known))
    if isinstance(value, Decimal):
        return wording.measured(value, "" if figure is None else figure.unit)
    return value.isoformat()


def _name(teller: Teller, node: Name, beside: Node | None) -> str:
    del beside
    wording, rulebook = teller.wording, teller.wording.rulebook
    if node.name in teller.each:
        return teller.say("each")
    if node.name in rulebook.parameters:
        parameter = rulebook.parameters[node.name]
        label = wording.label(parameter.label)
        if isinstance(parameter.value, tuple):
            return teller.say("quoted", text=label)
        return teller.say("parameter", label=label, value=wording.measured(parameter.value, parameter.unit))
    figure = teller.figure(node)
    if figure is None:
        return teller.say("category" if node.name == CATEGORY else "quoted", text=node.name)
    return teller.say("quoted", text=wording.label(figure.label))


def _field(teller: Teller, node: Field, beside: Node | None) -> str:
    del beside
    figure = teller.figure(node)
    label = node.field if figure is None else teller.wording.label(figure.label)
    return teller.say("quoted", text=label)


def _items(teller: Teller, node: Items, beside: Node | None) -> str:
    return teller.enumerated(teller.value(item, beside) for item in node.items) or teller.say("empty")


def _chain(teller: Teller, node: Chain, beside: Node | None) -> str:
    sums = node.steps[0][1] in "+-"
    operands = [node.first, *(operand for _, _, operand in node.steps)]
    said = [_operand(teller, one, beside if sums else None, bare=sums and not _is_sum(one)) for one in operands]
    signs = ["", *(f" {_SIGNS[sign]} " for _, sign, _ in node.steps)]
    return "".join(f"{sign}{text}" for sign, text in zip(signs, said, strict=True))


def _is_sum(node: Node) -> bool:
    return isinstance(node, Chain) and node.steps[0][1] in "+-"


def _operand(teller: Teller, node: Node, beside: Node | None, *, bare: bool) -> str:
    said = teller.value(node, beside)
    loose = isinstance(node, Conditional) or (isinstance(node, Chain) and not bare)
    return teller.say("bracket", text=said) if loose else said


def _conditional(teller: Teller, node: Conditional, beside: Node | None) -> str:
    then, otherwise = (_operand(teller, one, beside, bare=True) for one in (node.then, node.otherwise))
    return teller.say("if", condition=teller.inline(node.condition), then=then, otherwise=otherwise)


def _called_value(teller: Teller, node: Call, beside: Node | None) -> str:
    if node.function not in _FIGURES:
        return teller.inline(node)
    if node.function == "round":
        digits = node.arguments[1]
        places = number_text(digits.value) if isinstance(digits, Literal) and isinstance(digits.value, Decimal) else ""
        return teller.say("round", of=teller.value(node.arguments[0], beside), digits=places)
    said = [teller.value(one, beside) for one in node.arguments]
    figure = teller.figure(node.arguments[0])
    is_length = node.function == "size" and isinstance(figure, Fact) and figure.kind is FactType.TEXT
    return teller.say("length" if is_length else node.function, of=teller.enumerated(said), one=said[0], other=said[-1])


def _macro_value(teller: Teller, node: Macro, beside: Node | None) -> str:
    del beside
    if node.macro not in _LISTS:
        return teller.inline(node)
    inner = teller.within(node)
    body = inner.inline(node.body) if node.macro == "filter" else inner.value(node.body)
    is_of_some = node.macro == "map" and isinstance(node.of, Macro)
    return teller.say("map_of_some" if is_of_some else node.macro, of=teller.value(node.of), body=body)


def _minus(teller: Teller, node: Unary, beside: Node | None) -> str:
    if node.operator == "!":
        return teller.inline(node)
    return f"−{_operand(teller, node.of, beside, bare=False)}"


_FIGURES: Final = frozenset({"size", "min", "max", "sum", "abs", "round", "years_between"})
_LISTS: Final = frozenset({"filter", "map"})
_CONDITIONS: Final[Mapping[type, Callable[[Teller, Any, bool], str]]] = {
    Compare: _compare,
    Call: _called,
    Macro: _some,
    Literal: _literal_condition,
}
_VALUES: Final[Mapping[type, Callable[[Teller, Any, Node | None], str]]] = {
    Literal: _literal,
    Name: _name,
    Field: _field,
    Items: _items,
    Chain: _chain,
    Conditional: _conditional,
    Call: _called_value,
    Macro: _macro_value,
    Unary: _minus,
}
