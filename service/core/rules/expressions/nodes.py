"""The syntax tree of an expression.

Every node knows ``at``: the offset, in characters, of its first (for an operator: of the operator's own) character
in the expression's text. The own character of ``a.b``, ``a.f(…)`` and a macro is the first of the word after the dot,
that of ``? :`` its question mark. ``start`` gives the first character of the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias


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


def parts(node: Node) -> tuple[Node, ...]:
    """Give the nodes right below a node, in the order of the text."""
    return _PARTS[type(node)](node)


def start(node: Node) -> int:
    """Give the offset of a node's first character (brackets around it not counted)."""
    while (first := parts(node)[:1]) and first[0].at < node.at:
        node = first[0]
    return node.at


_PARTS: dict[type, Callable[[Any], tuple[Node, ...]]] = {
    Literal: lambda _: (),
    Items: lambda node: node.items,
    Name: lambda _: (),
    Field: lambda node: (node.of,),
    Unary: lambda node: (node.of,),
    Logic: lambda node: node.parts,
    Chain: lambda node: (node.first, *(operand for _, _, operand in node.steps)),
    Compare: lambda node: (node.left, node.right),
    Conditional: lambda node: (node.condition, node.then, node.otherwise),
    Call: lambda node: node.arguments,
    Macro: lambda node: (node.of, node.body),
}
