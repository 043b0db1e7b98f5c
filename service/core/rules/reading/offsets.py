"""Where a character of a decoded text stands in the file: plain, quoted, literal and folded texts over any lines."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import TypeAlias

from service.core.rules.faults import Place
from service.core.rules.reading.nodes import PLAIN, Scalar
from service.core.rules.reading.text import Source

# A decoded character and where the file begins to say it; the character an escape stands for is not looked at.
_Said: TypeAlias = "tuple[str | None, int]"

_BREAK = r"(?:\r\n|\r|\n)"
_FOLD = rf"[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*"
_PARTS = {
    PLAIN: re.compile(rf"(?P<fold>{_FOLD})|(?P<character>.)", re.DOTALL),
    "'": re.compile(rf"(?P<fold>{_FOLD})|''|(?P<end>')|(?P<character>.)", re.DOTALL),
    '"': re.compile(
        rf"(?P<fold>{_FOLD})|\\(?P<joined>{_FOLD})|\\(?:x..|u....|U........|.)|(?P<end>\")|(?P<character>.)", re.DOTALL
    ),
}
_BREAKS = re.compile(_BREAK)
_HEADER = re.compile(rf"[|>](?P<marks>[-+0-9]*)[^\r\n]*{_BREAK}?")
_LINE = re.compile(rf"(?P<spaces> *)(?P<text>[^\r\n]*)(?P<end>{_BREAK}|\Z)")


class Offsets:
    """Where the characters of one decoded text stand."""

    def __init__(self, source: Source, scalar: Scalar) -> None:
        """Decode the text again."""
        self._source = source
        self._scalar = scalar
        self._said = _block(source.text, scalar) if scalar.style in {"|", ">"} else _flow(source.text, scalar)

    def place(self, offset: int) -> Place:
        """Give the place of the character ``offset``; the text's length gives the place after the last one."""
        if offset < len(self._said):
            return self._source.place(self._said[offset][1])
        return self._source.place(self._said[-1][1] + 1) if self._said else self._scalar.place


def place_of(source: Source, scalar: Scalar, offset: int) -> Place:
    """Give the place of the character ``offset`` of a scalar's text; its length gives the place after the last one."""
    return Offsets(source, scalar).place(offset)


def _flow(text: str, scalar: Scalar) -> list[_Said]:
    """Decode a plain or quoted text again, keeping where each character came from."""
    said: list[_Said] = []
    start = scalar.start + len(scalar.style)
    for part in _PARTS[scalar.style].finditer(text, start):
        if len(said) >= len(scalar.text):
            break
        said.extend(_said(part))
    return said


def _said(part: re.Match[str]) -> Iterator[_Said]:
    kind = part.lastgroup
    if kind is None:
        yield None, part.start()
    elif kind == "character":
        yield part[0], part.start()
    elif kind in {"fold", "joined"}:
        first, *more = (part.start(kind) + end.start() for end in _BREAKS.finditer(part[kind]))
        if more:
            yield from (("\n", at) for at in more)
        elif kind == "fold":
            yield " ", first


def _block(text: str, scalar: Scalar) -> list[_Said]:
    """Decode a literal or folded text again."""
    header = _HEADER.match(text, scalar.start)
    if header is None:
        return []
    start = header.end()
    content = _content(_lines(text, start), _indent(text, start, scalar.text))
    said = _unfolded(content) if scalar.style == "|" else _folded(content)
    found = "".join(character or "" for character, _ in said)
    return said if found.rstrip("\n") == scalar.text.rstrip("\n") else []


def _indent(text: str, start: int, said: str) -> int:
    """Give how deep a block is: the spaces before a line that the decoded text does not have.

    The line is the first with text. Where the block has none it is the widest one, and its depth is open if that is
    empty too.
    """
    before = said[: len(said) - len(said.lstrip(" \n"))]
    if before != said:
        first = next((line for line in _lines(text, start) if line["text"]), None)
        return (len(first["spaces"]) if first else 0) - len(before.rpartition("\n")[2])
    wide = max(map(len, said.split("\n")))
    blank = takewhile(lambda line: not line["text"], _lines(text, start))
    return max((len(line["spaces"]) for line in blank), default=0) - wide if wide else len(text)


def _lines(text: str, start: int) -> Iterator[re.Match[str]]:
    while start < len(text) and (line := _LINE.match(text, start)) is not None:
        yield line
        start = line.end()


def _content(lines: Iterator[re.Match[str]], indent: int) -> Iterator[tuple[int, str]]:
    """Give the lines of a block, each with where it begins, without their indentation; empty ones as ``""``."""
    for line in lines:
        if line["text"] and len(line["spaces"]) < indent:
            return
        begins = line.start() + min(indent, len(line["spaces"]))
        yield begins, line[0][begins - line.start() :].rstrip("\r\n")


def _unfolded(content: Iterator[tuple[int, str]]) -> list[_Said]:
    said: list[_Said] = []
    for begins, line in content:
        said.extend((character, begins + at) for at, character in enumerate(line))
        said.append(("\n", begins + len(line)))
    return said


def _folded(content: Iterator[tuple[int, str]]) -> list[_Said]:
    """Join lines with a space, but keep the breaks beside empty lines and lines that are indented further."""
    said: list[_Said] = []
    breaks: list[_Said] = []
    before = ""
    for begins, line in content:
        if line:
            said.extend(_joint(before, line, breaks))
            said.extend((character, begins + at) for at, character in enumerate(line))
            before, breaks = line, []
        breaks.append(("\n", begins + len(line)))
    return [*said, *breaks]


def _joint(before: str, line: str, breaks: list[_Said]) -> list[_Said]:
    """Give what stands between two lines with text, of which ``breaks`` are the line breaks between them."""
    if not before or before[0] in " \t" or line[0] in " \t":
        return breaks
    return breaks[1:] if len(breaks) > 1 else [(" ", at) for _, at in breaks]
