"""What an expression can come out as, given what its names can be.

A condition is asked twice: where it is true, and where it is false. An answer may be too wide, never too narrow: what
it calls impossible cannot be, whatever is unknown.
"""

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
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
from service.core.rules.expressions.write import write
from service.core.rules.lint import intervals
from service.core.rules.lint.comparing import among, not_among, orders, settled, turned
from service.core.rules.lint.functions import TESTS, called, numbers, tested
from service.core.rules.lint.intervals import Interval
from service.core.rules.lint.ranges import (
    ANYTHING,
    EITHER,
    MOST_RECORDS,
    Many,
    Range,
    Record,
    Truth,
    exactly,
    is_empty,
    listed,
    union,
)
from service.core.rules.lint.sites import Sites
from service.core.rules.lint.surroundings import ALL_ORDERS, Orders, Surroundings, either

MOST_VISITS: Final = 5_000

Found: TypeAlias = Surroundings | None
Steps: TypeAlias = tuple[tuple[int, str, Node], ...]

_ZERO: Final = Decimal(0)


class TooMuchError(Exception):
    """An expression is too entangled to be thought through."""


class Reasoning:
    """Thinks through an expression. ``known`` are the names that are never unknown.

    ``sites`` tell of each part of it, ``visits`` how much it took.
    """

    def __init__(self, known: Collection[str], most_visits: int = MOST_VISITS) -> None:
        self.sites = Sites()
        self._known = known
        self.visits = 0
        self._most = most_visits
        self._texts: dict[int, str] = {}

    def outcomes(self, node: Node, around: Surroundings) -> Truth:
        """Give what a condition can come out as when it is known. Raises ``TooMuchError``."""
        return frozenset(want for want in EITHER if self.where(node, around, want=want) is not None)

    def where(self, node: Node, around: Surroundings, *, want: bool) -> Found:
        """Give the surroundings in which a condition comes out so; None where it never does.

        Raises ``TooMuchError``.
        """
        self._visit()
        found = _WHERE.get(type(node), Reasoning.plain)(self, node, around, want=want)
        self.sites.tried(node, around, want=want, well=found is not None)
        return found

    def value(self, node: Node, around: Surroundings) -> Range:
        """Give what an expression can be when it is known. Raises ``TooMuchError``."""
        self._visit()
        return _VALUE.get(type(node), Reasoning.outcomes)(self, node, around)

    def _visit(self) -> None:
        self.visits += 1
        if self.visits > self._most:
            raise TooMuchError

    def plain(self, node: Node, around: Surroundings, *, want: bool) -> Found:
        """Settle what is true or false by itself: a literal, a name, a field."""
        values = self.value(node, around)
        if not isinstance(values, frozenset):
            return None if is_empty(values) else around
        return _narrowed(around, node, frozenset({want})) if want in values else None

    def negation(self, node: Unary, around: Surroundings, *, want: bool) -> Found:
        """Settle ``!``."""
        return self.where(node.of, around, want=not want)

    def logic(self, node: Logic, around: Surroundings, *, want: bool) -> Found:
        """Settle ``&&`` and ``||``: each part after those that all must come out the same way."""
        if want is (node.operator == "&&"):
            return self._all(node, around, want=want)
        found: Found = None
        for part in node.parts:
            found = either(found, self.where(part, around, want=want))
        return found

    def _all(self, node: Logic, around: Surroundings, *, want: bool) -> Found:
        found: Found = around
        for part in node.parts:
            if found is None:
                return None
            found = self.where(part, found, want=want)
        return found

    def compare(self, node: Compare, around: Surroundings, *, want: bool) -> Found:
        """Settle a comparison, and narrow its sides."""
        left, right = self.value(node.left, around), self.value(node.right, around)
        if node.operator == "in":
            found = among(left, right) if want else not_among(left, right)
            return None if found is None else _narrowed(around, node.left, found[0])
        ordered = self._ordered(node, around, orders(node.operator, want=want))
        if ordered is None:
            return None
        after, now = ordered
        found = settled(left, right, now)
        narrowed = None if found is None else _narrowed(after, node.left, found[0])
        return None if found is None or narrowed is None else _narrowed(narrowed, node.right, found[1])

    def _ordered(self, node: Compare, around: Surroundings, so: Orders) -> tuple[Surroundings, Orders] | None:
        """Settle how two terms stand to each other, whatever their values are."""
        left, right = self._text(node.left), self._text(node.right)
        is_turned = left > right
        sides = (right, left) if is_turned else (left, right)
        before = around.orders.get(sides, ALL_ORDERS) if left != right else frozenset("=")
        now = so & (turned(before) if is_turned else before)
        after = around.ordered(sides, turned(now) if is_turned else now)
        return None if after is None else (after, now)

    def _text(self, node: Node) -> str:
        if id(node) not in self._texts:
            self._texts[id(node)] = write(node)
        return self._texts[id(node)]

    def where_conditional(self, node: Conditional, around: Surroundings, *, want: bool) -> Found:
        """Settle ``? :`` in every arm."""
        found: Found = None
        for arm, surroundings in self._arms(node, around):
            found = either(found, self.where(arm, surroundings, want=want))
        return found

    def where_called(self, node: Call, around: Surroundings, *, want: bool) -> Found:
        """Settle a test of texts."""
        if node.function not in TESTS:
            return self.plain(node, around, want=want)
        given = [self.value(argument, around) for argument in node.arguments]
        if any(is_empty(one) for one in given):
            return None
        return _narrowed(around, node.arguments[0], tested(node.function, given, want=want))

    def where_macro(self, node: Macro, around: Surroundings, *, want: bool) -> Found:
        """Settle ``exists``, ``all`` and ``exists_one``: whether there must be a witness among the elements."""
        many = self._many(node, around)
        inside = around.inside(node.variable, many.of)
        sign = node.macro != "all"
        witness = self.where(node.body, inside, want=sign) if many.most else None
        others = self.where(node.body, inside, want=not sign) if many.most else None
        if want is sign:
            return None if witness is None else witness.outside(node.variable, around)
        if node.macro == "exists_one" or not many.least:
            return around
        return None if others is None else others.outside(node.variable, around)

    def _many(self, node: Macro, around: Surroundings) -> Many:
        found = self.value(node.of, around)
        return found if isinstance(found, Many) else Many(ANYTHING, 0, MOST_RECORDS)

    def _arms(self, node: Conditional, around: Surroundings) -> Iterator[tuple[Node, Surroundings]]:
        """Give the arms of ``? :`` that can be reached, with what is settled there."""
        rest: Node = node
        left: Found = around
        while isinstance(rest, Conditional) and left is not None:
            inside = self.where(rest.condition, left, want=True)
            if inside is not None:
                yield rest.then, inside
            left = self.where(rest.condition, left, want=False)
            rest = rest.otherwise
        if left is not None:
            yield rest, left

    def literal(self, node: Literal, _: Surroundings) -> Range:
        """Take a literal as it is."""
        return exactly(node.value)

    def items(self, node: Items, around: Surroundings) -> Range:
        """Take a list element by element."""
        return listed(self.value(item, around) for item in node.items)

    def name(self, node: Name, around: Surroundings) -> Range:
        """Look a name up."""
        return around[node.name]

    def field(self, node: Field, around: Surroundings) -> Range:
        """Look a field of a record up."""
        record = self.value(node.of, around)
        return record.fields.get(node.field, ANYTHING) if isinstance(record, Record) else ANYTHING

    def unary(self, node: Unary, around: Surroundings) -> Range:
        """Turn a sign or a truth."""
        if node.operator == "!":
            return self.outcomes(node, around)
        return intervals.negate(numbers(self.value(node.of, around)))

    def chain(self, node: Chain, around: Surroundings) -> Range:
        """Reckon from the left."""
        result = numbers(self.value(node.first, around))
        if node.steps[0][1] == "-" and self._text(node.first) == self._text(node.steps[0][2]) and not result.is_empty:
            return self._rest(node.steps[1:], intervals.point(_ZERO), around)
        return self._rest(node.steps, result, around)

    def _rest(self, steps: Steps, result: Interval, around: Surroundings) -> Range:
        for _, operator, operand in steps:
            right = numbers(self.value(operand, around))
            if operator in "/%" and not right.is_empty:
                self.sites.divided(operand, zero=right.is_point and not right.low)
            unknown = result.is_empty or right.is_empty
            result = intervals.EMPTY if unknown else intervals.OPERATIONS[operator](result, right)
        return result

    def conditional(self, node: Conditional, around: Surroundings) -> Range:
        """Join the arms of ``? :``."""
        return union(self.value(arm, surroundings) for arm, surroundings in self._arms(node, around))

    def call(self, node: Call, around: Surroundings) -> Range:
        """Call a function."""
        given = [self.value(argument, around) for argument in node.arguments]
        if node.function != "present":
            return called(node.function, given)
        name = node.arguments[0]
        if is_empty(given[0]):
            return frozenset({False})
        return frozenset({True}) if isinstance(name, Name) and name.name in self._known else EITHER

    def macro(self, node: Macro, around: Surroundings) -> Range:
        """Sift or map a list, or settle what is asked of it."""
        if node.macro not in {"filter", "map"}:
            return self.outcomes(node, around)
        many = self._many(node, around)
        if not many.most:
            return many
        inside = around.inside(node.variable, many.of)
        if node.macro == "map":
            return Many(self.value(node.body, inside), many.least, many.most)
        kept, dropped = (self.where(node.body, inside, want=want) for want in (True, False))
        if kept is None:
            return Many(many.of, 0, 0)
        return Many(kept[node.variable], 0 if dropped is not None else many.least, many.most)


def _narrowed(around: Surroundings, node: Node, values: Range) -> Found:
    """Give the surroundings where a node, if it is a name or a field of one, is one of these values."""
    if is_empty(values):
        return None
    if isinstance(node, Name):
        return around.narrowed(node.name, values)
    if isinstance(node, Field) and isinstance(node.of, Name):
        record = around[node.of.name]
        if isinstance(record, Record):
            return around.narrowed(node.of.name, Record({**record.fields, node.field: values}))
    return around


_WHERE: dict[type, Callable[..., Found]] = {
    Call: Reasoning.where_called,
    Compare: Reasoning.compare,
    Conditional: Reasoning.where_conditional,
    Logic: Reasoning.logic,
    Macro: Reasoning.where_macro,
    Unary: Reasoning.negation,
}
_VALUE: dict[type, Callable[[Reasoning, Any, Surroundings], Range]] = {
    Call: Reasoning.call,
    Chain: Reasoning.chain,
    Conditional: Reasoning.conditional,
    Field: Reasoning.field,
    Items: Reasoning.items,
    Literal: Reasoning.literal,
    Macro: Reasoning.macro,
    Name: Reasoning.name,
    Unary: Reasoning.unary,
}
