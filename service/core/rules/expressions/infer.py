"""The type of every part of an expression, and every mistake of meaning on the way.

``None`` stands for a type that is not known because something inside is already reported; it agrees with everything,
so that one mistake is said once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from service.core.rules.expressions.agree import agree, comparable, shown
from service.core.rules.expressions.mistakes import Mistake, unknown_word
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
    start,
)
from service.core.rules.expressions.signatures import SIGNATURES
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import product, quotient

Found = Type | None

_BOOLEAN = Type(Kind.BOOLEAN)
_LITERALS: dict[type, Type] = {
    bool: _BOOLEAN,
    Decimal: Type(Kind.NUMBER, unit=None),
    str: Type(Kind.TEXT),
    date: Type(Kind.DATE),
}
_WORDS = {"and": "&&", "or": "||", "not": "!"}


def infer(root: Node, scope: Mapping[str, Found]) -> tuple[Found, list[Mistake]]:
    """Give the type of a tree, as far as it is known, and every mistake of meaning in it.

    ``scope`` holds the types of the names in sight; ``None`` for a name whose type is not known.
    """
    inference = _Inference(scope)
    return inference.visit(root), inference.mistakes


class _Inference:
    """One pass over one tree: ``mistakes`` fill as ``visit`` goes."""

    def __init__(self, scope: Mapping[str, Found]) -> None:
        self.mistakes: list[Mistake] = []
        self._scope = scope
        self._variables: dict[str, Found] = {}

    def visit(self, node: Node) -> Found:
        """Give the node's type, or ``None``."""
        return _VISITS[type(node)](self, node)

    def say(self, offset: int, code: str, **figures: object) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(offset, code, figures))

    def want(self, node: Node, *kinds: Kind) -> Found:
        """Visit a part that must be of one of these kinds; ``None`` (and a mistake) where it is of another."""
        found = self.visit(node)
        if found is None or found.kind in kinds:
            return found
        self.say(start(node), "wrong_type", wanted=", ".join(kinds), found=shown(found))
        return None

    def together(self, places: Iterable[tuple[int, Found]]) -> Found:
        """Find the common type of parts and where they stand; blames each that does not go with those before."""
        common: Found = None
        clashes = 0
        for at, found in places:
            both = found if common is None or found is None else agree(common, found)
            if isinstance(both, tuple):
                self.say(at, both[0], left=both[1], right=both[2])
                clashes += 1
            elif both is not None:
                common = both
        return None if clashes else common

    def literal(self, node: Literal) -> Found:
        return _LITERALS[type(node.value)]

    def items(self, node: Items) -> Found:
        if not node.items:
            return Type(Kind.LIST)
        types = [(start(item), self.visit(item)) for item in node.items]
        common = self.together(types)
        return None if common is None else Type(Kind.LIST, of=common)

    def name(self, node: Name) -> Found:
        if node.name in self._variables:
            return self._variables[node.name]
        if node.name in self._scope:
            return self._scope[node.name]
        self.mistakes.append(self._unknown(node))
        return None

    def field(self, node: Field) -> Found:
        of = self.visit(node.of)
        if of is None:
            return None
        fields = dict(of.fields)
        if of.kind is not Kind.RECORD:
            listed = of.kind is Kind.LIST and of.of is not None and node.field in dict(of.of.fields)
            self.say(node.at, "field_of_list" if listed else "no_fields", field=node.field, found=shown(of))
        elif node.field not in fields:
            self._unknown_word(node.at, "unknown_field", node.field, fields)
        return fields.get(node.field)

    def unary(self, node: Unary) -> Found:
        return self.want(node.of, Kind.BOOLEAN if node.operator == "!" else Kind.NUMBER)

    def logic(self, node: Logic) -> Found:
        for part in node.parts:
            self.want(part, Kind.BOOLEAN)
        return _BOOLEAN

    def chain(self, node: Chain) -> Found:
        common = self.want(node.first, Kind.NUMBER)
        for at, operator, operand in node.steps:
            common = self._step(at, operator, common, self.want(operand, Kind.NUMBER))
        return common

    def compare(self, node: Compare) -> Found:
        left, right = self.visit(node.left), self.visit(node.right)
        if left is None or right is None:
            return _BOOLEAN
        if node.operator == "in":
            self._membership(node, left, right)
        elif node.operator in {"==", "!="}:
            self._equality(node, left, right)
        else:
            self._order(node, left, right)
        return _BOOLEAN

    def conditional(self, node: Conditional) -> Found:
        arms = []
        rest: Node = node
        while isinstance(rest, Conditional):
            self.want(rest.condition, Kind.BOOLEAN)
            arms.append((start(rest.then), self.visit(rest.then)))
            rest = rest.otherwise
        return self.together([*arms, (start(rest), self.visit(rest))])

    def call(self, node: Call) -> Found:
        if node.function:
            return SIGNATURES[node.function](self, node)
        for argument in node.arguments:
            self.visit(argument)
        return None

    def macro(self, node: Macro) -> Found:
        records = self.want(node.of, Kind.LIST)
        outer = self._variables
        if node.variable in self._scope or node.variable in outer:
            self.say(node.at, "variable_hides", name=node.variable)
        self._variables = {**outer, node.variable: None if records is None else records.of}
        body = self.visit(node.body) if node.macro == "map" else self.want(node.body, Kind.BOOLEAN)
        self._variables = outer
        if node.macro == "filter":
            return records
        if node.macro == "map":
            return None if body is None else Type(Kind.LIST, of=body)
        return _BOOLEAN

    def _unknown_word(self, at: int, code: str, word: str, known: Iterable[str]) -> None:
        """Note a word that is not known. What was meant is guessed as long as the scope lists its names."""
        guessing = next(iter(self._scope), None) is not None
        self.mistakes.append(unknown_word(at, code, word, known if guessing else ()))

    def _unknown(self, node: Name) -> Mistake:
        word = node.name.lower()
        if word in _WORDS:
            return Mistake(node.at, "word_operator", {"found": node.name, "meant": _WORDS[word]})
        if word in {"null", "none", "nil"}:
            return Mistake(node.at, "no_null", {"found": node.name})
        if word in {"true", "false"}:
            return Mistake(node.at, "unknown_name_meant", {"found": node.name, "meant": word})
        known = {*self._scope}
        if any(node.name in _choices(self._scope[name]) for name in known):
            return Mistake(node.at, "choice_unquoted", {"found": node.name})
        return unknown_word(node.at, "unknown_name", node.name, known | {*self._variables})

    def _step(self, at: int, operator: str, left: Found, right: Found) -> Found:
        if left is None or right is None:
            return None
        if operator in "+-%":
            return self.together([(at, left), (at, right)])
        combine = product if operator == "*" else quotient
        return replace(left, unit=combine(left.unit or (), right.unit or ()))

    def _membership(self, node: Compare, left: Type, right: Type) -> None:
        if right.kind is not Kind.LIST:
            self.say(start(node.right), "wrong_type", wanted=Kind.LIST.value, found=shown(right))
        elif right.of is not None:
            self._same(node, left, right.of)
            self._choices(node.left, right.of)
            self._choices(node.right, Type(Kind.LIST, of=left))

    def _equality(self, node: Compare, left: Type, right: Type) -> None:
        self._same(node, left, right)
        self._choices(node.left, right)
        self._choices(node.right, left)

    def _same(self, node: Compare, left: Type, right: Type) -> None:
        if self.together([(node.at, left), (node.at, right)]) is not None and not comparable(left):
            self.say(node.at, "not_comparable", found=shown(left))

    def _order(self, node: Compare, left: Type, right: Type) -> None:
        if isinstance(node.left, Compare) and left.kind is not right.kind:
            self.say(node.at, "chained_comparison", operator=node.operator)
            return
        wrong = [(part, found) for part, found in ((node.left, left), (node.right, right)) if not _ordered(found)]
        for part, found in wrong:
            self.say(start(part), "not_ordered", operator=node.operator, found=shown(found))
        if not wrong:
            self.together([(node.at, left), (node.at, right)])

    def _choices(self, node: Node, beside: Type) -> None:
        """Report the texts written in ``node`` that the choice ``beside`` it can never be."""
        if isinstance(node, Items) and beside.kind is Kind.LIST and beside.of is not None:
            for item in node.items:
                self._choices(item, beside.of)
        elif isinstance(node, Conditional):
            self._choices(node.then, beside)
            self._choices(node.otherwise, beside)
        elif isinstance(node, Literal) and beside.choices is not None and node.value not in beside.choices:
            self._unknown_word(node.at, "unknown_choice", str(node.value), beside.choices)


def _choices(found: Found) -> Iterator[str]:
    """Give the choices of a type, or of the fields of a list."""
    if found is not None:
        yield from found.choices or ()
        for part in (found.of, *(field for _, field in found.fields)):
            yield from _choices(part)


def _ordered(found: Type) -> bool:
    return found.kind in {Kind.NUMBER, Kind.DATE}


_VISITS: dict[type, Callable[[_Inference, Any], Found]] = {
    Literal: _Inference.literal,
    Items: _Inference.items,
    Name: _Inference.name,
    Field: _Inference.field,
    Unary: _Inference.unary,
    Logic: _Inference.logic,
    Chain: _Inference.chain,
    Compare: _Inference.compare,
    Conditional: _Inference.conditional,
    Call: _Inference.call,
    Macro: _Inference.macro,
}
