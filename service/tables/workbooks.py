"""Workbooks (``.xlsx``) read: cells as they were typed, formulas as such, and the stamp of the template."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from service.core.imports.tables import Cell, Format, Kind, Row, Sheet, Stamp, Workbook
from service.tables.guards import BROKEN, require_harmless
from service.tables.limits import refused
from service.tables.scanning import Extent

STAMP: Final = "_sluice"
CHOICES: Final = "_choices"

# What a workbook that is well-formed and yet none makes the library raise.
_UNREADABLE: Final = (
    *BROKEN,
    InvalidFileException,
    AttributeError,
    LookupError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
    SyntaxError,
)
_NOT_FINITE: Final = frozenset({"inf", "-inf", "nan"})


def read(content: bytes, guides: frozenset[str]) -> Workbook:
    """Read a workbook without its sheets of that name, which only explain. Raises ``InvalidError``."""
    extent = require_harmless(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(content, guides, extent)
    except _UNREADABLE as error:
        raise refused("table_broken") from error


def _read(content: bytes, guides: frozenset[str], extent: Extent) -> Workbook:
    book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        named = {sheet.title: sheet for sheet in book.worksheets}
        stamp = None if STAMP not in named else _stamp(named[STAMP])
        wanted = [sheet for name, sheet in named.items() if name not in {STAMP, CHOICES, *guides}]
        return Workbook(Format.XLSX, tuple(Sheet(sheet.title, tuple(_rows(sheet, extent))) for sheet in wanted), stamp)
    finally:
        book.close()


def _rows(sheet: Any, extent: Extent) -> Iterator[Row]:  # noqa: ANN401 - the library's types are of sheets in memory
    rows = sheet.iter_rows(min_row=1, max_row=extent.row, min_col=1, max_col=extent.column)
    for number, row in enumerate(rows, start=1):
        cells = {at: _cell(cell) for at, cell in enumerate(row, start=1) if cell.value is not None}
        if cells:
            yield Row(number, cells)


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - the library's types are of sheets in memory
    value = cell.value
    if cell.data_type in {"f", "e"}:
        return Cell(Kind.FORMULA if cell.data_type == "f" else Kind.ERROR, None)
    if isinstance(value, bool):
        return Cell(Kind.BOOLEAN, value)
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return Cell(Kind.DATE, value.date()) if value.time() == time() else Cell(Kind.MOMENT, None)
    if isinstance(value, date):
        return Cell(Kind.DATE, value)
    return Cell(Kind.TEXT, value) if isinstance(value, str) else Cell(Kind.MOMENT, None)


def _number(value: float, shown_as: str) -> Cell:
    """Give the shortest decimal that leads to the binary number in the file: what was typed."""
    text = repr(value)
    if text in _NOT_FINITE:
        return Cell(Kind.ERROR, None)
    return Cell(Kind.PERCENTAGE if "%" in shown_as else Kind.NUMBER, Decimal(text))


def _stamp(sheet: Any) -> Stamp:  # noqa: ANN401 - the library's types are of sheets in memory
    said = {str(row[0].value): str(row[1].value) for row in sheet.iter_rows(min_row=1, max_row=4, min_col=1, max_col=2)}
    return Stamp(said.get("rulebook", ""), said.get("edition", ""), said.get("sha256", ""), said.get("layout", ""))
