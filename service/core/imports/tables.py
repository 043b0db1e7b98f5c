"""A table as it was read: sheets of rows of cells, each cell with the place by which people find it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

APPLICATIONS: Final = "applications"
GUIDE: Final = "guide"

# Where a flaw points that is of the file and not of one application.
FILE: Final = "/file"

_LETTERS: Final = 26


class Kind(StrEnum):
    """What stands in a cell. A cell in which nothing stands is no cell."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    PERCENTAGE = "percentage"
    FORMULA = "formula"
    ERROR = "error"


class Format(StrEnum):
    """What kind of file a table came in."""

    XLSX = "xlsx"
    CSV = "csv"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell; ``value`` is None where it is no use, as with formulas."""

    kind: Kind
    value: str | Decimal | bool | date | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something stands: its number, and its cells by the numbers of their columns, both from 1."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet in which something stands, in order."""

    name: str
    rows: tuple[Row, ...]

    def place(self, row: int, column: int) -> str:
        """Name a cell as people do: ``sheet!C5``."""
        return f"{self.name}!{letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a template says of itself: which edition it was made from, and how it is laid out."""

    rulebook: str
    edition: str
    sha256: str
    layout: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file; of csv there is one. ``stamp`` is None where the file has none."""

    format: Format
    sheets: tuple[Sheet, ...]
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A file with one JSON object a line: the lines in which something stands, by their numbers."""

    lines: Mapping[int, bytes]


File: TypeAlias = Workbook | Lines


def letters(column: int) -> str:
    """Write the number of a column in letters: 1 is ``A``, 27 is ``AA``."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, _LETTERS)
        text = chr(ord("A") + rest) + text
    return text
