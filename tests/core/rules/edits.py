"""Reads the pages of faults beside ``faulty/sound.yaml``, and makes each faulty file.

A page is a list of cases. A case begins with ``==`` and the faults it makes, in the order of the file, each a
severity and a code. A sentence follows, then the edit, line for line: ``-`` a line of the sound file that goes, ``+``
one that comes, and a space before one that stays. Lines belong together as they stand in the sound file; ``…`` skips
some.
``‸`` stands before the character at which a fault is told, and is itself no part of the line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

CARET = "‸"
FOLDER = Path(__file__).parent / "faulty"

# Severity, code, line, column.
Told: TypeAlias = "tuple[str, str, int, int]"


@dataclass(frozen=True)
class Edit:
    """A case: what it is about, the faulty file, and what must be told of it."""

    title: str
    text: str
    told: tuple[Told, ...]


def sound() -> str:
    """The file without a fault."""
    return (FOLDER / "sound.yaml").read_text("utf-8")


def edits() -> list[Edit]:
    """Every case of every page."""
    return [edit for page in sorted(FOLDER.glob("*.faults")) for edit in _page(page)]


def _page(page: Path) -> Iterator[Edit]:
    _, *cases = page.read_text("utf-8").split("\n== ")
    for case in cases:
        head, sentence, *lines = case.splitlines()
        while not lines[-1]:
            del lines[-1]
        text, places = _without_carets(_edited(sound().splitlines(), lines))
        words = head.split()
        codes = list(zip(words[::2], words[1::2], strict=True))
        assert len(codes) == len(places), (page.name, sentence)
        told = [(*code, *place) for code, place in zip(codes, places, strict=True)]
        yield Edit(f"{page.stem}: {sentence}", text, tuple(told))


def _edited(lines: list[str], edit: list[str]) -> list[str]:
    done = 0
    for hunk in _hunks(edit):
        old = [line[1:].replace(CARET, "") for line in hunk if line[0] in "- "]
        new = [line[1:] for line in hunk if line[0] in "+ "]
        starts = [at for at in range(done, len(lines) - len(old) + 1) if lines[at : at + len(old)] == old]
        assert starts, hunk
        lines = [*lines[: starts[0]], *new, *lines[starts[0] + len(old) :]]
        done = starts[0] + len(new)
    return lines


def _hunks(edit: list[str]) -> Iterator[list[str]]:
    hunk: list[str] = []
    for line in edit:
        if line == "…":
            yield hunk
            hunk = []
        else:
            hunk.append(line)
    yield hunk


def _without_carets(lines: list[str]) -> tuple[str, list[tuple[int, int]]]:
    places = []
    plain = []
    for number, line in enumerate(lines, 1):
        parts = line.split(CARET)
        places += [(number, sum(map(len, parts[: index + 1])) + 1) for index in range(len(parts) - 1)]
        plain.append("".join(parts))
    return "\n".join(plain) + "\n", places
