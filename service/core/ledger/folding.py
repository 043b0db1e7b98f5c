"""What the entries of a ledger say its tables hold, and where the tables say something else.

Entries are folded in the order they were written: each says which rows it makes or changes, and what stands in them.
The result is compared with the rows as they are, both ways: a change without an entry, an entry without its change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from service.core.ledger.canonical import Plain, canonical_bytes

# A table and the key of a row in it.
Place: TypeAlias = tuple[str, tuple[str, ...]]

_NONE: Mapping[str, Any] = MappingProxyType({})

# Stand for what an entry says outside its data, where a member of the data is named.
SUBJECT: Final = "subject"
ACTOR: Final = "actor"
AT: Final = "at"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was read: its number and type, who did it when to what, and its data."""

    number: int
    type: str
    subject: str
    data: Mapping[str, Any]
    actor: str = ""
    at: str = ""

    def member(self, name: str) -> Plain:
        """Give a member of the data, or what stands outside it; None where it is not there."""
        outside = {SUBJECT: self.subject, ACTOR: self.actor, AT: self.at}
        found: Plain = outside[name] if name in outside else self.data.get(name)
        return found


@dataclass(frozen=True, slots=True)
class Telling:
    """What an entry of one type says of a row.

    ``key`` names the members that make the key; an entry without one of them says nothing of the table. ``columns``
    says which column a member is told of; ``fixed`` are columns that the type itself tells.
    """

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=lambda: _NONE)
    fixed: Mapping[str, Plain] = field(default_factory=lambda: _NONE)

    def place(self, entry: Entry) -> Place:
        """Give the row that an entry is about."""
        return self.table, tuple(str(entry.member(name)) for name in self.key)

    def said(self, entry: Entry) -> dict[str, Plain]:
        """Give the columns that an entry tells."""
        told = {column: entry.member(member) for member, column in self.columns.items()}
        return {**told, **self.fixed}


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry of one type removes the rows of a table whose keys begin with these members."""

    table: str
    key: tuple[str, ...]

    def covers(self, entry: Entry, place: Place) -> bool:
        """Whether a row is one of those removed."""
        begin = tuple(str(entry.member(name)) for name in self.key)
        return place[0] == self.table and place[1][: len(begin)] == begin


Effect: TypeAlias = Telling | Removal


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it should be or is: the number of its latest entry (None: it has none), and its columns."""

    entry: int | None
    columns: Mapping[str, Plain]


class Trouble(StrEnum):
    """What is wrong: with a row, an entry, the tree over the entries, a checkpoint, or an assessment."""

    MISSING = "row_missing"
    UNRECORDED = "row_unrecorded"
    DIFFERS = "row_differs"
    OTHER_ENTRY = "row_other_entry"
    UNKNOWN_TYPE = "entry_unknown"
    ENTRY_HASH = "entry_hash"
    ENTRY_BYTES = "entry_bytes"
    ENTRY_COLUMNS = "entry_columns"
    ENTRY_CHAIN = "entry_chain"
    NOT_SEQUENCED = "entry_not_sequenced"
    LEAF_GAP = "leaf_gap"
    LEAF_HASH = "leaf_hash"
    HEAD = "head_differs"
    NODE = "node_differs"
    CHECKPOINT_NOTE = "checkpoint_note"
    CHECKPOINT_ROOT = "checkpoint_root"
    TAIL_MISSING = "tail_missing"
    REPLAY = "replay_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the tables and the ledger do not agree on. ``column`` where it is about one."""

    trouble: Trouble
    table: str
    key: tuple[str, ...]
    column: str | None = None
    ledger: Plain = None
    found: Plain = None


def fold(entries: Iterable[Entry], effects: Mapping[str, tuple[Effect, ...]]) -> dict[Place, Row]:
    """Give the rows there should be. Entries of a type without effects change none."""
    rows: dict[Place, Row] = {}
    for entry in entries:
        for effect in effects.get(entry.type, ()):
            _apply(rows, entry, effect)
    return rows


def unknown(entries: Iterable[Entry], effects: Mapping[str, tuple[Effect, ...]]) -> Iterator[Finding]:
    """Find entries of a type that nobody has said the effects of."""
    for entry in entries:
        if entry.type not in effects:
            yield Finding(Trouble.UNKNOWN_TYPE, "ledger_event", (str(entry.number),), ledger=entry.type)


def differences(expected: Mapping[Place, Row], found: Mapping[Place, Row]) -> Iterator[Finding]:
    """Find what the rows and the ledger do not agree on, in the order of tables and keys."""
    for place in sorted(expected.keys() | found.keys()):
        if place not in found:
            yield Finding(Trouble.MISSING, *place, ledger=expected[place].entry)
        elif place not in expected:
            yield Finding(Trouble.UNRECORDED, *place, found=found[place].entry)
        else:
            yield from _between(place, expected[place], found[place])


def _apply(rows: dict[Place, Row], entry: Entry, effect: Effect) -> None:
    if isinstance(effect, Removal):
        for place in [place for place in rows if effect.covers(entry, place)]:
            del rows[place]
        return
    if any(entry.member(name) is None for name in effect.key):
        return
    place = effect.place(entry)
    before = rows[place].columns if place in rows else _NONE
    rows[place] = Row(entry.number, {**before, **effect.said(entry)})


def _between(place: Place, expected: Row, found: Row) -> Iterator[Finding]:
    if found.entry is not None and found.entry != expected.entry:
        yield Finding(Trouble.OTHER_ENTRY, *place, ledger=expected.entry, found=found.entry)
    for column, told in expected.columns.items():
        if _unordered(found.columns.get(column)) != _unordered(told):
            yield Finding(Trouble.DIFFERS, *place, column, told, found.columns.get(column))


def _unordered(value: Plain) -> Plain:
    """Put a list in an order of its own: rows of a table have none."""
    return sorted(value, key=canonical_bytes) if isinstance(value, list | tuple) else value
