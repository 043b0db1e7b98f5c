"""From the bytes of a file to its characters, refusing what no rules file needs."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from service.core.rules.faults import Fault, Place, Severity

MOST_BYTES = 256 * 1024

_MARK = "\ufeff"
_LINE = re.compile(r"\r\n|\r|\n")
FORBIDDEN = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """The characters of a file and where its lines begin."""

    text: str
    lines: tuple[int, ...]

    def place(self, at: int) -> Place:
        """Give the place of the character ``at``, counted from 0."""
        line = bisect_right(self.lines, at)
        return Place(line, at - self.lines[line - 1] + 1)


def decode(content: bytes) -> tuple[Source | None, Fault | None]:
    """Read UTF-8. Gives no source and the fault for a file that is too large, is not UTF-8 or holds control characters.

    A byte order mark is a fault that stops nothing.
    """
    if len(content) > MOST_BYTES:
        return None, _fault(Place(1, 1), "file_too_large", found=len(content), limit=MOST_BYTES)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        found = f"0x{content[error.start]:02X}"
        return None, _fault(_source(before).place(len(before)), "not_utf8", found=found)
    marked = text.startswith(_MARK)
    source = _source(text.removeprefix(_MARK))
    forbidden = FORBIDDEN.search(source.text)
    if forbidden is not None:
        found = f"U+{ord(forbidden[0]):04X}"
        return None, _fault(source.place(forbidden.start()), "character_forbidden", found=found)
    return source, _fault(Place(1, 1), "byte_order_mark") if marked else None


def _source(text: str) -> Source:
    return Source(text, tuple(_lines(text)))


def _lines(text: str) -> Iterator[int]:
    yield 0
    yield from (end.end() for end in _LINE.finditer(text))


def _fault(place: Place, code: str, **figures: object) -> Fault:
    return Fault(place, Severity.FORM, code, figures)
