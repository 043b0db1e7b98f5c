"""Sheets under their headings: which column is which, and the rows that are no remarks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from typing import Final

from service.core.errors import Flaw
from service.core.imports.columns import NUMBER, REMARK, Column, Plan
from service.core.imports.tables import FILE, Cell, Row, Sheet
from service.core.rules.facts import LONGEST_WORD
from service.core.values import number_text

_REMARK = re.compile(rf"\s*{REMARK}(\s|$)")
_NOTHING: Final = Sheet("", ())
# So many are told of cells without a heading; whoever gives them one sees the rest.
_MOST_STRAYS: Final = 200


@dataclass(frozen=True, slots=True)
class Headed:
    """A sheet whose headings are read: its columns by their numbers, and its rows below them."""

    sheet: Sheet
    columns: Mapping[int, Column]
    rows: tuple[Row, ...]
    flaws: tuple[Flaw, ...] = ()

    def place(self, row: Row, column: int) -> str:
        """Name a cell."""
        return self.sheet.place(row.number, column)

    def number_at(self) -> int | None:
        """Say where the numbers of the rows stand."""
        return next((at for at, column in self.columns.items() if column.name == NUMBER), None)

    def number(self, row: Row) -> str | None:
        """Give what a row is called by; None if it is not called anything."""
        at = self.number_at()
        return None if at is None else _name(row.cells.get(at))


def headed(sheet: Sheet | None, plan: Plan) -> Headed:
    """Read the headings of a sheet, which are its first row. What is wrong with them is kept, not raised."""
    if sheet is None or not sheet.rows:
        return Headed(sheet or _NOTHING, {}, ())
    head, *rest = sheet.rows
    known, columns, flaws = plan.known(), dict[int, Column](), list[Flaw]()
    for at, cell in head.cells.items():
        column = known.get(_heading(cell))
        if column is None:
            flaws.append(_unknown(sheet.place(head.number, at), _heading(cell), known))
        elif column in columns.values():
            flaws.append(Flaw(FILE, "heading_twice", {"found": _heading(cell)}, sheet.place(head.number, at)))
        else:
            columns[at] = column
    found = Headed(sheet, columns, tuple(rest))
    rows = tuple(row for row in rest if not _is_remark(found, row))
    strays = () if flaws else tuple(islice(_strays(sheet, rows, set(head.cells)), _MOST_STRAYS))
    return Headed(sheet, columns, rows, (*flaws, *strays))


def _heading(cell: Cell) -> str:
    return cell.value.strip() if isinstance(cell.value, str) else str(cell.value)


def _unknown(place: str, found: str, known: Mapping[str, Column]) -> Flaw:
    close = get_close_matches(found, known, n=1) if len(found) <= LONGEST_WORD else []
    figures = {"found": found[:LONGEST_WORD]}
    if close:
        return Flaw(FILE, "heading_unknown_meant", figures | {"meant": close[0]}, place)
    return Flaw(FILE, "heading_unknown", figures, place)


def _is_remark(found: Headed, row: Row) -> bool:
    at = found.number_at()
    cell = None if at is None else row.cells.get(at)
    return cell is not None and isinstance(cell.value, str) and _REMARK.match(cell.value) is not None


def _strays(sheet: Sheet, rows: tuple[Row, ...], headings: set[int]) -> Iterator[Flaw]:
    """Name the cells that stand under no heading: what they say would be lost."""
    for row in rows:
        for at in row.cells:
            if at not in headings:
                yield Flaw(FILE, "cell_unheaded", {}, sheet.place(row.number, at))


def _name(cell: Cell | None) -> str | None:
    if cell is None or cell.value is None:
        return None
    name = number_text(cell.value) if isinstance(cell.value, Decimal) else str(cell.value)
    return name.strip() or None
