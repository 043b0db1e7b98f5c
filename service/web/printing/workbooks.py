"""Figures as a workbook: ``.xlsx``, in which every text is a text, whatever it begins with."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeAlias, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from service.archives import timeless
from service.office import fit
from service.web.views import Shown

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value: TypeAlias = str | Decimal | int | None

_CORE = "docProps/core.xml"
_FONT = "宋体"
_THIN = Side(style="thin", color="999999")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", start_color="F0EFE9")
# What a spreadsheet might take for the beginning of a formula.
_SUSPECT = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its title, its width in characters, and how its numbers are shown."""

    title: str
    width: int
    number: str = "General"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet of a workbook, with its first rows and columns held when the rest is scrolled."""

    name: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    held_columns: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """Some sheets in one language; ``dated`` is the moment the file carries."""

    language: str
    title: str
    leaves: tuple[Leaf, ...]
    dated: datetime = datetime(2000, 1, 1, tzinfo=UTC)


def workbook(book: Book) -> Shown:
    """Write a workbook. The same figures are the same bytes."""
    made = Workbook()
    first = made.active
    if first is not None:
        made.remove(first)
    for leaf in book.leaves:
        _write(made.create_sheet(leaf.name), leaf)
    target = io.BytesIO()
    made.save(target)
    dated = book.dated.replace(tzinfo=None, microsecond=0)
    told = DocumentProperties(title=fit(book.title), creator="", language=book.language, created=dated, modified=dated)
    headers = {"Content-Type": XLSX_TYPE, "Content-Language": book.language}
    return Shown(timeless(target.getvalue(), {_CORE: cast("bytes", tostring(told.to_tree()))}), headers)


def _write(sheet: Worksheet, leaf: Leaf) -> None:
    for at, field in enumerate(leaf.fields, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = field.width
    sheet.append([_head(sheet, field.title) for field in leaf.fields])
    for values in leaf.rows:
        sheet.append([_cell(sheet, *pair) for pair in zip(leaf.fields, values, strict=True)])
    sheet.freeze_panes = f"{get_column_letter(leaf.held_columns + 1)}2"
    _lay_out(sheet)


def _cell(sheet: Worksheet, field: Field, value: Value) -> Cell:
    """Make a cell; a text is a text, also when it looks like a formula."""
    cell = Cell(sheet, row=1, column=1, value=fit(value) if isinstance(value, str) else value)
    cell.font, cell.border, cell.number_format = Font(name=_FONT), _BORDER, field.number
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_SUSPECT)
    return cell


def _head(sheet: Worksheet, title: str) -> Cell:
    cell = Cell(sheet, row=1, column=1, value=title)
    cell.font, cell.fill, cell.border = Font(name=_FONT, bold=True), _SHADE, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _lay_out(sheet: Worksheet) -> None:
    """Have it printed on A4, across, all columns on one page and the first row on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
