"""Cells as facts: what stands in a cell is taken as it stands, or refused; nothing is guessed.

A number is what was typed. Spreadsheets keep it in binary; whoever reads the file gives the shortest decimal that leads
to the same binary number, which is what was typed up to 15 digits. A text is a number only if it is written as one:
digits with at most one decimal point.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from service.core.imports.tables import Cell, Kind
from service.core.rules.model import Fact, FactType
from service.core.values import Json

_NUMBER = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?", re.ASCII)
_LONGEST_SHOWN: Final = 40
_YES: Final = frozenset({"true", "yes", "是"})
_NO: Final = frozenset({"false", "no", "否"})
_USELESS: Final[Mapping[Kind, str]] = {Kind.FORMULA: "cell_formula", Kind.ERROR: "cell_error"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be taken: the code of the flaw, and its figures."""

    code: str
    figures: Mapping[str, object]


# What a cell says, or why it says nothing.
Read: TypeAlias = "Json | Refused"


def read(fact: Fact, cell: Cell) -> Read:
    """Give what a cell says of a fact as JSON, or why it says nothing; None for white space alone."""
    return _taken(cell, _READERS.get(fact.kind, _text), fact)


def text(cell: Cell) -> Read:
    """Give the text of a cell, or why it is none; None for white space alone."""
    return _taken(cell, _text, None)


def number(cell: Cell) -> Read:
    """Give the number in a cell, or why it is none; None for white space alone."""
    return _taken(cell, _number, None)


def _taken(cell: Cell, reader: Callable[[Fact | None, Cell], Read], fact: Fact | None) -> Read:
    if cell.kind in _USELESS:
        return Refused(_USELESS[cell.kind], {})
    if isinstance(cell.value, str) and not cell.value.strip():
        return None
    return reader(fact, cell)


def _number(_: Fact | None, cell: Cell) -> Read:
    if cell.kind is Kind.PERCENTAGE:
        return Refused("cell_percentage", {})
    if isinstance(cell.value, Decimal):
        return cell.value
    if isinstance(cell.value, str) and _NUMBER.fullmatch(cell.value.strip()):
        return Decimal(cell.value.strip())
    return _refused("cell_number", cell)


def _boolean(_: Fact | None, cell: Cell) -> Read:
    if isinstance(cell.value, bool):
        return cell.value
    said = cell.value.strip().lower() if isinstance(cell.value, str) else ""
    return said in _YES if said in _YES | _NO else _refused("cell_boolean", cell)


def _choice(fact: Fact | None, cell: Cell) -> Read:
    """Take a choice by its key, or by a label that is no other's; the rulebook refuses anything else."""
    if not isinstance(cell.value, str) or fact is None:
        return _refused("cell_text", cell)
    said = cell.value.strip()
    if said in fact.choices:
        return said
    meant = [key for key, label in fact.choices.items() if said in {label.zh, label.en}]
    return meant[0] if len(meant) == 1 else said


def _text(_: Fact | None, cell: Cell) -> Read:
    return cell.value if isinstance(cell.value, str) else _refused("cell_text", cell)


def _date(_: Fact | None, cell: Cell) -> Read:
    if cell.kind is Kind.DATE and isinstance(cell.value, date):
        return cell.value.isoformat()
    return cell.value.strip() if isinstance(cell.value, str) else _refused("cell_date", cell)


def _refused(code: str, cell: Cell) -> Refused:
    shown = cell.value.strip() if isinstance(cell.value, str) else str(cell.value)
    return Refused(code, {"found": shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"})


_READERS: Final[Mapping[FactType, Callable[[Fact | None, Cell], Read]]] = {
    FactType.NUMBER: _number,
    FactType.INTEGER: _number,
    FactType.BOOLEAN: _boolean,
    FactType.CHOICE: _choice,
    FactType.TEXT: _text,
    FactType.DATE: _date,
}
