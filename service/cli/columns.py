"""Text in columns, where a Chinese character takes two places and a line breaks between any two of them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

PAGE: Final = 100

_OPENING = "（“《〈「『【("
_CLOSING = "，。；：、！？）”》〉」』】,.;:!?)%"
_WIDE = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
# What may not be torn apart: a word or one Chinese character, with the marks that cling to it and the space behind.
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:(?![{_OPENING}{_CLOSING}])[{_WIDE}]|[^\s{_WIDE}“”]+)[{_CLOSING}]*\s*"
    rf"|[{_OPENING}{_CLOSING}]+\s*|\s+"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how many places it has, and on which side its text stands."""

    places: int
    right: bool = False


def width(text: str) -> int:
    """Count the places a text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else not unicodedata.combining(one) for one in text)


def pad(text: str, column: Column) -> str:
    """Fill a text up to the places of its column; one that is longer stays as it is."""
    space = " " * (column.places - width(text))
    return space + text if column.right else text + space


def wrap(text: str, places: int) -> list[str]:
    """Break a text into lines; a single word that is longer than a line stays whole."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > places:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def row(columns: Sequence[Column], cells: Sequence[str], indent: str = "  ") -> Iterator[str]:
    """Lay out one row; a cell that is too long goes on below."""
    broken = (wrap(cell, column.places) for column, cell in zip(columns, cells, strict=True))
    for parts in zip_longest(*broken, fillvalue=""):
        texts = (pad(part, column) for column, part in zip(columns, parts, strict=True))
        yield (indent + "  ".join(texts)).rstrip()


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out rows in columns as wide as what stands in them."""
    columns = [Column(max(map(width, cells))) for cells in zip(*rows, strict=True)]
    for cells in rows:
        yield from row(columns, cells, indent="")


def paragraph(text: str, mark: str = "") -> Iterator[str]:
    """Break a text over the page, its lines standing under one another behind a mark."""
    lead = f"  {mark}"
    for number, line in enumerate(wrap(text, PAGE - width(lead))):
        yield (lead if number == 0 else " " * width(lead)) + line
