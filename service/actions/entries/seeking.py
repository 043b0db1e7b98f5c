"""Entries by what they tell, the newest first: those that wait for the tree, and those it has."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from service.actions.applications import LARGEST_PAGE
from service.actions.applications.sights import has_part
from service.actions.entries.reading import in_sight, votes_on_the_table, withheld
from service.core.errors import Flaw, InvalidError
from service.core.people import SYSTEM, Permission, person_ref
from service.db.applications import ApplicationRow
from service.db.canon import is_of_actor, told_at
from service.db.ledger import LedgerCheckpoint, LedgerEvent, LedgerLeaf, LedgerPending
from service.db.people import Person
from service.work import Work

# So many that wait for the tree are told, and so many people of one name are looked for.
MOST_WAITING: Final = 20
_MOST_PEOPLE: Final = 100

# Every type; without one asked for, all but the heartbeats of the log, which tell of nobody's deed.
EVERY_TYPE: Final = "every"
_HEARTBEATS: Final = "log.heartbeat"

_CASE: Final = "application"

Selected: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries; None asks for nothing in particular.

    ``type`` None leaves heartbeats out, ``EVERY_TYPE`` does not. ``subject`` is the number of a case or the identifier
    of whatever else, ``actor`` an identifier or a part of a name. ``before`` is the number to go on below.
    """

    type: str | None = None
    kind: str | None = None
    subject: str | None = None
    actor: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Told:
    """An entry and its place: ``index`` in the tree, ``size`` of the first checkpoint signed over it, None before."""

    index: int | None
    size: int | None
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that wait for the tree, told with the first page alone; entries in the tree; where to go on."""

    waiting: tuple[Told, ...]
    items: tuple[Told, ...]
    before: int | None


def seek(work: Work, sought: Sought) -> Found:
    """List entries, a page at a time; what is withheld leaves no trace in a page, nor in where the next begins.

    Raises ``InvalidError`` for a limit out of range, and for a time that ends before it begins.
    """
    work.actor.require(Permission.READ_LEDGER)
    _require_sound(sought)
    wanted = [in_sight(work), LedgerEvent.id.not_in(votes_on_the_table(work)), *_filters(work, sought)]
    below = [] if sought.before is None else [LedgerLeaf.seq < sought.before]
    placed = _entries(LedgerLeaf.seq, first_signed()).join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
    asked = placed.where(*wanted, *below).order_by(LedgerLeaf.seq.desc()).limit(sought.limit + 1)
    rows = work.session.execute(asked).all()
    page = rows[: sought.limit]
    waiting = _waiting(work, wanted) if sought.before is None else ()
    return Found(waiting, _told(work, page), page[-1].seq if len(rows) > len(page) else None)


def first_signed() -> ColumnElement[int | None]:
    """Give the size of the first checkpoint that is signed over a leaf."""
    over = select(func.min(LedgerCheckpoint.size)).where(LedgerCheckpoint.size > LedgerLeaf.seq)
    return over.correlate(LedgerLeaf).scalar_subquery()


def _waiting(work: Work, wanted: Sequence[ColumnElement[bool]]) -> tuple[Told, ...]:
    none = func.nullif(0, 0)
    pending = _entries(none.label("seq"), none).join(LedgerPending, LedgerPending.event_id == LedgerEvent.id)
    asked = pending.where(*wanted).order_by(LedgerEvent.id.desc()).limit(MOST_WAITING)
    return _told(work, work.session.execute(asked).all())


def _entries(seq: ColumnElement[Any] | InstrumentedAttribute[int], size: ColumnElement[Any]) -> Selected:
    return select(LedgerEvent.id, LedgerEvent.canon, LedgerEvent.type, seq, size.label("size"))


def _told(work: Work, rows: Iterable[Row[Any]]) -> tuple[Told, ...]:
    found = list(rows)
    kept_back = withheld(work, ((row.id, row.type, row.canon) for row in found))
    return tuple(Told(row.seq, row.size, json.loads(row.canon)) for row in found if row.id not in kept_back)


def _require_sound(sought: Sought) -> None:
    flaws = []
    if not 1 <= sought.limit <= LARGEST_PAGE:
        flaws.append(Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}))
    if sought.from_on is not None and sought.to_on is not None and sought.to_on < sought.from_on:
        flaws.append(Flaw("/to", "period_ends", {"first": sought.from_on}))
    if flaws:
        raise InvalidError(tuple(flaws))


def _filters(work: Work, sought: Sought) -> list[ColumnElement[bool]]:
    found = _of_type(sought.type)
    if sought.kind is not None:
        found.append(LedgerEvent.subject_kind == sought.kind)
    if sought.subject and sought.subject.strip():
        found.append(_is_about(work, sought.subject.strip()))
    if sought.actor and sought.actor.strip():
        found.append(_is_by(work, sought.actor.strip()))
    return found + _within(work, sought)


def _of_type(type_: str | None) -> list[ColumnElement[bool]]:
    if type_ == EVERY_TYPE:
        return []
    return [LedgerEvent.type != _HEARTBEATS if type_ is None else LedgerEvent.type == type_]


def _within(work: Work, sought: Sought) -> list[ColumnElement[bool]]:
    """Say which entries tell of a moment in the days asked for."""
    found: list[ColumnElement[bool]] = []
    if sought.from_on is not None:
        found.append(told_at() >= _start(work, sought.from_on))
    if sought.to_on is not None and sought.to_on < date.max:
        found.append(told_at() < _start(work, sought.to_on + timedelta(days=1)))
    return found


def _is_about(work: Work, text: str) -> ColumnElement[bool]:
    """Say which entries are about the case of a number, or about what has this identifier."""
    case_id = work.session.scalars(
        select(ApplicationRow.id).where(ApplicationRow.number == text, has_part(work.actor.person_id))
    ).first()
    if case_id is not None:
        return (LedgerEvent.subject_kind == _CASE) & (LedgerEvent.subject_id == str(case_id))
    return LedgerEvent.subject_id.in_({text, text.lower()})


def _is_by(work: Work, text: str) -> ColumnElement[bool]:
    if text == SYSTEM.ref:
        return is_of_actor(text)
    people = select(Person.id).where(_is_called(text)).limit(_MOST_PEOPLE)
    refs = [person_ref(person_id) for person_id in work.session.scalars(people)]
    return or_(false(), *map(is_of_actor, refs))


def _is_called(text: str) -> ColumnElement[bool]:
    try:
        return Person.id == UUID(text.removeprefix("u:"))
    except ValueError:
        return Person.name.contains(text, autoescape=True)


def _start(work: Work, day: date) -> bytes:
    """Spell the moment at which a day of the zone begins, as entries do."""
    begins = datetime.combine(day, time(), ZoneInfo(work.settings.time_zone))
    try:
        return begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0").encode()
    except OverflowError:
        return b""
