"""The syntax tree of an expression.

Every node knows ``at``: the offset, in characters, of its first (for an operator: of the operator's own) character
in the expression's text.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """``true``, ``5.0``, ``"text"`` or ``date("2026-01-01")``."""

    at: int
    value: bool | Decimal | str | date


@dataclass(frozen=True, slots=True)
class Items:
    """``[a, b, c]``."""

    at: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, parameter, derived figure or macro variable."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """``of.field`` on a record of a list fact."""

    at: int
    of: "Node"
    field: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``!of`` or ``-of``; ``operator`` is ``"!"`` or ``"-"``."""

    at: int
    operator: str
    of: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of one operator, ``"&&"`` or ``"||"``, over two or more parts."""

    at: int
    operator: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A left-associative chain of one precedence, ``a + b - c`` or ``a * b / c``, evaluated from the left.

    ``steps`` are ``(offset of the operator, operator, operand)``.
    """

    at: int
    first: "Node"
    steps: tuple[tuple[int, str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right`` with ``== != < <= > >= in``."""

    at: int
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? then : otherwise``."""

    at: int
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language: ``size min max sum abs round present years_between startsWith endsWith contains``.

    A method's receiver is its first argument. ``present`` has one ``Name`` argument; ``round`` a literal second one.
    """

    at: int
    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """``of.macro(variable, body)`` with ``exists all exists_one filter map``."""

    at: int
    macro: str
    of: "Node"
    variable: str
    body: "Node"


Node: TypeAlias = Literal | Items | Name | Field | Unary | Logic | Chain | Compare | Conditional | Call | Macro


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, its tree, and the names standing in it (first seen first, no macro variables)."""

    text: str
    root: Node
    names: tuple[str, ...]
