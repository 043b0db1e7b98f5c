"""What the XML files of a workbook are looked at for while they are unpacked."""

import re
from dataclasses import dataclass
from typing import Final
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from service.tables import limits
from service.tables.limits import refused

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_LAST_ROW: Final = 1_048_576
_LETTERS: Final = 26
# Links that people click on, and that nothing follows by itself.
_CLICKED: Final = "/hyperlink"


class BrokenSheetError(Exception):
    """Rows or cells do not follow one another, so that two readers could read two different things."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and the last column in which anything stands, and how many cells there are."""

    row: int = 1
    column: int = 1
    cells: int = 0

    def joined(self, other: "Extent") -> "Extent":
        """Give what is large enough for both. Raises ``InvalidError`` for more cells than are read."""
        cells = self.cells + other.cells
        if cells > limits.MOST_CELLS:
            raise refused("table_cells", most=limits.MOST_CELLS)
        return Extent(max(self.row, other.row), max(self.column, other.column), cells)


class CellsScan(ContentHandler):
    """Counts rows and cells, and demands that each comes after the one before it."""

    def __init__(self) -> None:
        """Begin above the first row."""
        super().__init__()
        self._row = self._column = self._cells = self._rows = 0
        self._last_row = self._last_column = 1

    @property
    def extent(self) -> Extent:
        """How far anything stands."""
        return Extent(self._last_row, self._last_column, self._cells)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the library's name
        """Look at a row or a cell."""
        local = name.rpartition(":")[2]
        if local == "row":
            self._begin_row(attrs.get("r"))
        elif local == "c":
            self._begin_cell(attrs.get("r"))
        elif local in {"v", "is", "f"}:
            self._require_within()

    def _begin_row(self, number: str | None) -> None:
        at = self._row + 1 if number is None else _whole(number)
        self._rows += 1
        if not self._row < at <= _LAST_ROW:
            raise BrokenSheetError
        if self._rows > limits.MOST_SHEET_ROWS:
            raise refused("table_rows", most=limits.MOST_SHEET_ROWS)
        self._row, self._column = at, 0

    def _begin_cell(self, place: str | None) -> None:
        at = self._column + 1 if place is None else self._column_of(place)
        self._cells += 1
        if at <= self._column:
            raise BrokenSheetError
        if self._cells > limits.MOST_CELLS:
            raise refused("table_cells", most=limits.MOST_CELLS)
        self._column = at

    def _column_of(self, place: str) -> int:
        found = _PLACE.fullmatch(place)
        if found is None or int(found[2]) != self._row:
            raise BrokenSheetError
        column = 0
        for letter in found[1]:
            column = column * _LETTERS + ord(letter) - ord("A") + 1
        return column

    def _require_within(self) -> None:
        """Refuse what stands further out than any table of ours goes; formatting may go as far as it likes."""
        if self._row > limits.MOST_SHEET_ROWS:
            raise refused("table_rows", most=limits.MOST_SHEET_ROWS)
        if self._column > limits.MOST_COLUMNS:
            raise refused("table_columns", most=limits.MOST_COLUMNS)
        self._last_row, self._last_column = self._row, max(self._last_column, self._column)


class RelationsScan(ContentHandler):
    """Refuses what leads out of the file."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the library's name
        """Look at a relation."""
        del name
        if attrs.get("TargetMode", "").lower() == "external" and not attrs.get("Type", "").endswith(_CLICKED):
            raise refused("table_outside")


class TypesScan(ContentHandler):
    """Refuses a workbook that says that it has macros."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the library's name
        """Look at a type."""
        del name
        kind = attrs.get("ContentType", "").lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise refused("table_macros")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LAST_ROW))):
        raise BrokenSheetError
    return int(text)
