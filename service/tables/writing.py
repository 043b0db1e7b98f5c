"""Workbooks written: the template of an edition, empty or filled in. The same content is the same bytes."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from service.archives import timeless
from service.core.imports.columns import NUMBER, REMARK, Column, Layout, Plan, asked, title
from service.core.imports.filling import Filled, Rows, label
from service.core.rules.facts import LONGEST_TEXT
from service.core.rules.model import Fact, FactType, Rulebook
from service.core.values import Json, write_json
from service.office import fit
from service.tables.hints import Hints
from service.tables.limits import MOST_ROWS
from service.tables.texts import SUSPECT
from service.tables.workbooks import CHOICES, STAMP

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAYOUT: Final = "1"

_CORE: Final = "docProps/core.xml"
_DATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - what the library writes has no zone
_FONT: Final = "宋体"
_SHADE: Final = PatternFill("solid", start_color="F0EFE9")
_WIDTH: Final = 18
_GUIDE_WIDTHS: Final = (26, 30, 60, 60, 60)
_FIRST: Final = 4
_DIGITS: Final = 15
_LONGEST_PROMPT: Final = 255
_FORMATS: Final[Mapping[FactType, str]] = {
    FactType.DATE: "yyyy-mm-dd",
    **dict.fromkeys((FactType.NUMBER, FactType.INTEGER, FactType.LIST), "General"),
}
_TEXT: Final = "@"


@dataclass(frozen=True, slots=True)
class Book:
    """A table of an edition in a language; without rows it is the template, with rows an export, told columns too."""

    rulebook: Rulebook
    layout: Layout
    language: str
    rows: Rows | None = None

    @property
    def hints(self) -> Hints:
        """What it says about its columns."""
        return Hints(self.rulebook, self.language)


def workbook(book: Book) -> bytes:
    """Write a table as a workbook."""
    made = Workbook()
    made.remove(made.worksheets[0])
    choices = _Choices(book)
    plans = (book.layout.applications, *book.layout.lists)
    for plan in plans:
        _write(made.create_sheet(title(plan, book.language)), plan, book, choices)
    _guide(made.create_sheet(book.hints.say("sheet_guide")), book, plans)
    choices.write(_hidden(made, CHOICES))
    _stamp(_hidden(made, STAMP), book.rulebook)
    target = io.BytesIO()
    made.save(target)
    told = DocumentProperties(title=_titled(book), creator="", language=book.language, created=_DATED, modified=_DATED)
    return timeless(target.getvalue(), {_CORE: cast("bytes", tostring(told.to_tree()))})


class _Choices:
    """What can be chosen, kept on a sheet of its own: one column for each fact that has choices."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], str] = {}

    def said(self, fact: Fact) -> tuple[str, ...]:
        if fact.kind is FactType.BOOLEAN:
            return (self._book.hints.say("value_yes"), self._book.hints.say("value_no"))
        return tuple(label(fact, key, self._book.language) for key in fact.choices)

    def place(self, fact: Fact) -> str:
        said = self.said(fact)
        letter = self._columns.setdefault(said, get_column_letter(len(self._columns) + 1))
        return f"{CHOICES}!${letter}$1:${letter}${len(said)}"

    def write(self, sheet: Worksheet) -> None:
        for at, said in enumerate(self._columns, start=1):
            for row, text in enumerate(said, start=1):
                _put(sheet, row, at, text)


def _hidden(made: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = made.create_sheet(name)
    sheet.sheet_state = "veryHidden"
    return sheet


def _titled(book: Book) -> str:
    said = book.hints.label(book.rulebook.title)
    return book.hints.say("guide_title", title=said, edition=book.rulebook.edition)


def _write(sheet: Worksheet, plan: Plan, book: Book, choices: _Choices) -> None:
    """Write the names of the columns, which stay hidden, their labels, their hints, and the rows."""
    is_filled = book.rows is not None
    columns = plan.columns if is_filled else tuple(asked(plan.columns))
    for at, column in enumerate(columns, start=1):
        _head(sheet, at, column, book)
        if not column.is_told:
            _guard(sheet, at, column, book.hints, choices)
    for number, values in enumerate(_rows(book.rows, plan), start=_FIRST):
        for at, column in enumerate(columns, start=1):
            _put(sheet, number, at, _shown(column, values.get(column.name), book), _format(column))
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "B4"


def _rows(rows: Rows | None, plan: Plan) -> tuple[Filled, ...]:
    if rows is None:
        return ()
    return rows.applications if plan.fact is None else rows.lists[plan.name]


def _head(sheet: Worksheet, at: int, column: Column, book: Book) -> None:
    mark = f"{REMARK} " if column.name == NUMBER else ""
    _put(sheet, 1, at, column.name)
    for row, text in ((2, book.hints.label(column.label)), (3, book.hints.hint(column))):
        cell = _put(sheet, row, at, f"{mark}{text}")
        cell.font, cell.fill = Font(name=_FONT, bold=row == 2, size=11 if row == 2 else 9), _SHADE  # noqa: PLR2004 - labels stand in row 2
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    dimension = sheet.column_dimensions[get_column_letter(at)]
    dimension.width = _WIDTH
    dimension.number_format = _format(column)


def _guard(sheet: Worksheet, at: int, column: Column, hints: Hints, choices: _Choices) -> None:
    """Have the hint shown where the cell is chosen, and the choices in a list."""
    fact, letter = column.fact, get_column_letter(at)
    has_choices = fact is not None and fact.kind in {FactType.CHOICE, FactType.BOOLEAN}
    listed = choices.place(fact) if fact is not None and has_choices else None
    found = DataValidation(type="list" if listed else None, formula1=listed, allow_blank=True)
    found.showErrorMessage, found.showInputMessage = has_choices, True
    found.prompt = hints.hint(column)[:_LONGEST_PROMPT]
    found.add(f"{letter}{_FIRST}:{letter}{_FIRST + MOST_ROWS - 1}")
    sheet.add_data_validation(found)


def _format(column: Column) -> str:
    return _TEXT if column.fact is None else _FORMATS.get(column.fact.kind, _TEXT)


def _shown(column: Column, value: Json, book: Book) -> str | Decimal | date | None:
    """Say a value as whoever fills a template in would."""
    fact = column.fact
    if isinstance(value, bool):
        return book.hints.say("value_yes" if value else "value_no")
    if isinstance(value, list | dict):
        return write_json(value)
    if isinstance(value, str) and fact is not None:
        if fact.kind is FactType.CHOICE:
            return label(fact, value, book.language)
        return date.fromisoformat(value) if fact.kind is FactType.DATE and value >= "1900-03-01" else value
    return value


def _put(
    sheet: Worksheet, row: int, column: int, value: str | Decimal | date | None, shown_as: str = "General"
) -> Cell:
    """Write a cell; a text is a text, also when it looks like a formula, and so is a number a spreadsheet would cut."""
    cell = cast("Cell", sheet.cell(row, column))
    if isinstance(value, Decimal) and not _is_kept(value):
        value = format(value, "f")
    if isinstance(value, str):
        cell.value = fit(value)[:LONGEST_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(SUSPECT)
    else:
        cell.value = value
    cell.number_format = shown_as
    return cell


def _is_kept(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number."""
    return len(value.normalize().as_tuple().digits) <= _DIGITS and Decimal(repr(float(value))) == value


def _guide(sheet: Worksheet, book: Book, plans: tuple[Plan, ...]) -> None:
    hints, at = book.hints, 0
    for at, line in enumerate(_lines(book), start=1):
        _put(sheet, at, 1, line)
    titles = tuple(hints.say(f"guide_{name}") for name in ("name", "label", "hint", "help", "cites"))
    for row, texts in enumerate((titles, *hints.guide(plans)), start=at + 2):
        for column, text in enumerate(texts, start=1):
            cell = _put(sheet, row, column, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(name=_FONT, bold=texts is titles)
    for column, width in enumerate(_GUIDE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _lines(book: Book) -> Iterator[str]:
    hints = book.hints
    named = {"no": hints.say("column_no"), "applications": hints.say("column_applications")}
    yield _titled(book)
    yield hints.say("guide_rows", most=MOST_ROWS)
    for code in ("guide_unknown", "guide_numbers"):
        yield hints.say(code)
    yield hints.say("guide_lists", **named)
    yield hints.say("guide_edition")


def _stamp(sheet: Worksheet, rulebook: Rulebook) -> None:
    told = {"rulebook": rulebook.id, "edition": rulebook.edition, "sha256": rulebook.sha256, "layout": LAYOUT}
    for row, (name, value) in enumerate(told.items(), start=1):
        _put(sheet, row, 1, name)
        _put(sheet, row, 2, value)
