"""The sentences of a report as pieces: constant text, and slots for figures. What ``Wording`` says, before it is said.

Pieces become part of a JSON string: constant text is escaped when a phrase is finished, slots hold escaped text.
"""

from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import TypeAlias

from service.core.rules.compiled.source import Piece, Slot
from service.core.rules.compiled.texts import escaped
from service.core.rules.wording import ATTACHED, NO_UNIT, Wording

Phrase: TypeAlias = Sequence[Piece]


def say(wording: Wording, code: str, figures: Mapping[str, Phrase]) -> list[Piece]:
    """Fill phrases into the words of a code."""
    found: list[Piece] = []
    for text, name, _, _ in Formatter().parse(wording.words[code]):
        found.append(text)
        found.extend(() if name is None else figures[name])
    return found


def sentence(wording: Wording, head: Phrase, clauses: Iterable[Phrase]) -> list[Piece]:
    """Join a head and clauses that are certain to be there; a clause that may be missing brings its own joint."""
    return [
        *head,
        *(piece for clause in clauses for piece in (wording.words["between"], *clause)),
        wording.words["end"],
    ]


def measured(wording: Wording, unit: str, number: Phrase) -> list[Piece]:
    """Say a number with its unit."""
    if unit in NO_UNIT:
        return list(number)
    code = "value_attached" if unit in ATTACHED else "value_unit"
    return say(wording, code, {"number": number, "unit": [wording.unit(unit)]})


def in_json(phrase: Phrase) -> list[Piece]:
    """Escape the constant text of a phrase."""
    return [piece if isinstance(piece, Slot) else escaped(piece) for piece in phrase]


def template(phrase: Phrase) -> str:
    """Write a finished phrase so that ``str.format_map`` fills its slots by their names."""
    return "".join(
        f"{{{piece.code}}}" if isinstance(piece, Slot) else piece.replace("{", "{{").replace("}", "}}")
        for piece in phrase
    )
