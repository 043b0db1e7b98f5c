"""Texts read: csv in UTF-8 or GB 18030 (which GBK is part of), and lines of JSON."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from service.core.imports.tables import Cell, Format, Kind, Lines, Row, Sheet, Workbook
from service.tables import limits
from service.tables.limits import refused

NAME: Final = "csv"

# What a spreadsheet might take for the beginning of a formula, and the mark that an export puts before it.
SUSPECT: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")


def read_csv(content: bytes) -> Workbook:
    """Read csv with commas, and quotes where need be. Raises ``InvalidError``."""
    text = _decoded(content)
    if "\x00" in text:
        raise refused("table_nul")
    csv.field_size_limit(limits.MOST_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), dialect="excel", strict=True)
    try:
        return Workbook(Format.CSV, (Sheet(NAME, tuple(_rows(reader))),))
    except csv.Error as error:
        raise refused("table_csv", line=reader.line_num) from error


def read_lines(content: bytes) -> Lines:
    """Split lines of JSON; an empty one is none. Raises ``InvalidError``."""
    numbered = enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1)
    found = {number: line for number, line in numbered if line.strip()}
    return Lines(found)


def marked(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet might take for a formula, or that begins like a marked one."""
    return f"'{text}" if text.startswith(SUSPECT) or _MARKED.match(text) else text


def unmarked(text: str) -> str:
    """Take the apostrophe away that ``marked`` put there."""
    return text[1:] if _MARKED.match(text) else text


def _decoded(content: bytes) -> str:
    """Read UTF-8, or else GB 18030: which one is seen by whether it is valid, never guessed."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("table_encoding")


def _rows(reader: "Iterator[list[str]]") -> Iterator[Row]:
    """Give the rows under the numbers a spreadsheet shows: a record is one row, also where it has several lines."""
    count = 0
    for number, fields in enumerate(reader, start=1):
        if number > limits.MOST_SHEET_ROWS:
            raise refused("table_rows", most=limits.MOST_SHEET_ROWS)
        if len(fields) > limits.MOST_COLUMNS and any(field.strip() for field in fields[limits.MOST_COLUMNS :]):
            raise refused("table_columns", most=limits.MOST_COLUMNS)
        cells = {at: Cell(Kind.TEXT, unmarked(field)) for at, field in enumerate(fields, start=1) if field.strip()}
        count += len(cells)
        if count > limits.MOST_CELLS:
            raise refused("table_cells", most=limits.MOST_CELLS)
        if cells:
            yield Row(number, cells)
