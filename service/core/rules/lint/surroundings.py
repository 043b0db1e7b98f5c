"""What the names of an expression can be at one place in it, after what has been settled before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

from service.core.rules.lint.ranges import Range, is_empty, join

# How two values can stand to each other; texts and truths that differ are both below and above.
Orders: TypeAlias = frozenset[str]
ALL_ORDERS: Final[Orders] = frozenset("<=>")

_Sides: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``names`` hold for the whole file. ``own`` are narrower here, or variables; ``orders`` of terms are settled."""

    names: Mapping[str, Range]
    own: Mapping[str, Range] = field(default_factory=dict)
    orders: Mapping[_Sides, Orders] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Range:
        return self.own[name] if name in self.own else self.names[name]

    def narrowed(self, name: str, values: Range) -> Self | None:
        """Give the surroundings where a name is one of these values; None where it can be none."""
        if is_empty(values):
            return None
        return type(self)(self.names, {**self.own, name: values}, self.orders)

    def ordered(self, sides: _Sides, orders: Orders) -> Self | None:
        """Give the surroundings where two terms stand so to each other; None where they cannot."""
        return type(self)(self.names, self.own, {**self.orders, sides: orders}) if orders else None

    def inside(self, variable: str, values: Range) -> Self:
        """Give the surroundings in the body of a macro; what was settled of terms may not hold of its variable."""
        return type(self)(self.names, {**self.own, variable: values}, {})

    def outside(self, variable: str, before: Self) -> Self:
        """Give the surroundings after the body, where ``before`` was before it."""
        own = {name: values for name, values in self.own.items() if name != variable}
        return type(self)(self.names, own, before.orders)

    def plain(self) -> Self:
        """Give the surroundings with nothing settled but variables."""
        return type(self)(self.names, {name: values for name, values in self.own.items() if name not in self.names})


def either(left: Surroundings | None, right: Surroundings | None) -> Surroundings | None:
    """Give what holds after one or the other way to a place; None is a way that cannot be gone."""
    if left is None or right is None:
        return left or right
    own = {name: join(one, right.own[name]) for name, one in left.own.items() if name in right.own}
    orders = {sides: one | right.orders[sides] for sides, one in left.orders.items() if sides in right.orders}
    return Surroundings(left.names, own, orders)
