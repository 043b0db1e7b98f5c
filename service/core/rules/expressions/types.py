"""The static types of the expression language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

# A value while rules are evaluated. ``None`` is "unknown": the language has no null, and unknown is never zero.
# Numbers are always Decimal. A list is a tuple; a record of a list fact maps field names to values.
Value: TypeAlias = "bool | Decimal | str | date | tuple[Value, ...] | Mapping[str, Value] | None"


class Kind(StrEnum):
    """What sort of value a type describes."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    LIST = "list"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a fact, parameter, derived figure or expression.

    ``unit`` is for numbers: a product of base names with integer powers, as sorted ``(name, power)`` pairs, ``()``
    for the unit "1", ``None`` for a literal that takes the unit its neighbour needs. ``choices`` is for texts that
    come from a choice fact. ``of`` is a list's element type (``None``: the empty list, which fits any). ``fields``
    are a record's.
    """

    kind: Kind
    unit: tuple[tuple[str, int], ...] | None = ()
    choices: tuple[str, ...] | None = None
    of: "Type | None" = None
    fields: "tuple[tuple[str, Type], ...]" = ()
