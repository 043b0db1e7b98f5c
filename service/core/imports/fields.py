"""Fields of a form as facts: each is read as a cell with text is, lists row by row; a field left empty is unknown.

A fact ``water`` is typed into the field ``facts-water``; the field ``year`` of the first record of a list ``aids`` into
``facts-aids-0-year``. Rows in which nothing is typed are no records; ``facts-aids-none`` says that there are none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from service.core.errors import Flaw
from service.core.imports import values
from service.core.imports.tables import Cell, Kind
from service.core.imports.values import Refused
from service.core.rules.model import Fact, FactType, Rulebook
from service.core.values import Json, number_text

PREFIX: Final = "facts"
NONE: Final = "none"

_SAID: Final = "true"
_LONGEST_INDEX: Final = 4
_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """What fields say: facts as JSON, what is wrong with single ones, and for pointers the fields they lead to."""

    facts: dict[str, Json] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def place(self, pointer: str) -> str:
        """Name the field a pointer into an application leads to; one of no fact is named as its member is."""
        found = pointer
        while found:
            if found in self.places:
                return self.places[found]
            found = found.rpartition("/")[0]
        return pointer[1:].partition("/")[0]


def name(fact: Fact) -> str:
    """Name the field of a fact."""
    return f"{PREFIX}-{fact.id}"


def read(rulebook: Rulebook, texts: Mapping[str, str]) -> Typed:
    """Read what was typed for the facts of an edition. Nothing is raised; flaws point below ``/facts``."""
    typed = Typed()
    for fact in rulebook.facts.values():
        pointer = f"/facts/{fact.id}"
        typed.places[pointer] = name(fact)
        if fact.kind is FactType.LIST:
            _list(typed, fact, texts)
        else:
            value = _value(typed, fact, texts.get(name(fact), ""), pointer)
            if value is not None:
                typed.facts[fact.id] = value
    return typed


def rows(fact: Fact, texts: Mapping[str, str]) -> list[int]:
    """Give the numbers of the rows that a form has for a list, in order."""
    return sorted({index for listed, index, _ in _cells(texts) if listed == fact.id})


def with_row(fact: Fact, texts: Mapping[str, str]) -> dict[str, str]:
    """Add an empty row for a list."""
    at = max(rows(fact, texts), default=-1) + 1
    kept = {key: text for key, text in texts.items() if key != f"{name(fact)}-{NONE}"}
    return kept | {f"{name(fact)}-{at}-{one.id}": "" for one in fact.of}


def with_copy(fact: Fact, row: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Add a row (``facts-aids-0``) of a list to it once more."""
    at = max(rows(fact, texts), default=-1) + 1
    return dict(texts) | {f"{name(fact)}-{at}-{one.id}": texts.get(f"{row}-{one.id}", "") for one in fact.of}


def without_row(row: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Take a row (``facts-aids-0``) away."""
    return {key: text for key, text in texts.items() if key.count("-") < _PARTS - 1 or key.rpartition("-")[0] != row}


def typed_as(rulebook: Rulebook, facts: Mapping[str, Json]) -> dict[str, str]:
    """Give the fields of facts: the opposite of reading them."""
    found: dict[str, str] = {}
    for fact in rulebook.facts.values():
        value = facts.get(fact.id)
        if isinstance(value, list):
            found |= _rows_of(fact, value)
        elif value is not None:
            found[name(fact)] = _text(value)
    return found


def _list(typed: Typed, fact: Fact, texts: Mapping[str, str]) -> None:
    records: list[Json] = []
    pointer = f"/facts/{fact.id}"
    for index in rows(fact, texts):
        fields = {one.id: f"{name(fact)}-{index}-{one.id}" for one in fact.of}
        if not any(texts.get(key, "").strip() for key in fields.values()):
            continue
        at = f"{pointer}/{len(records)}"
        typed.places[at] = next(iter(fields.values()))
        typed.places.update({f"{at}/{one}": key for one, key in fields.items()})
        values_ = {one.id: _value(typed, one, texts.get(fields[one.id], ""), f"{at}/{one.id}") for one in fact.of}
        records.append({one: value for one, value in values_.items() if value is not None})
    says_none = texts.get(f"{name(fact)}-{NONE}") == _SAID
    if says_none and records:
        typed.flaws.append(Flaw(pointer, "list_none", {"found": len(records)}))
    elif says_none or records:
        typed.facts[fact.id] = records


def _value(typed: Typed, fact: Fact, text: str, pointer: str) -> Json:
    """Read one field; what cannot be read is unknown, and a flaw."""
    value = values.read(fact, Cell(Kind.TEXT, text.replace("\r\n", "\n").strip()))
    if isinstance(value, Refused):
        typed.flaws.append(Flaw(pointer, value.code, value.figures))
        return None
    return value


def _cells(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Go through the fields of rows: the list, the number of the row, the field."""
    for key in texts:
        parts = key.split("-")
        if len(parts) == _PARTS and parts[0] == PREFIX and _is_index(parts[2]):
            yield parts[1], int(parts[2]), parts[3]


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_INDEX and str(int(text)) == text


def _rows_of(fact: Fact, records: list[Json]) -> dict[str, str]:
    if not records:
        return {f"{name(fact)}-{NONE}": _SAID}
    return {
        f"{name(fact)}-{at}-{one.id}": "" if record.get(one.id) is None else _text(record[one.id])
        for at, record in enumerate(records)
        if isinstance(record, dict)
        for one in fact.of
    }


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, Decimal) else str(value)
