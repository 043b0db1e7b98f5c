"""Recording a change: one entry, in the transaction of the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import BindParameter, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError

from service.actions.identifiers import new_id
from service.actions.ledger.announcing import ANYBODY, announce
from service.actions.ledger.sequencing import WAITING_SINCE, lend_a_hand, sequence, sequence_all
from service.core.errors import SluiceError, TooLargeError
from service.core.ledger.canonical import (
    LARGEST_EVENT,
    Event,
    NotCanonicalError,
    Plain,
    Subject,
    event_bytes,
    leaf_hash,
)
from service.core.ledger.refusal import NotProvenError
from service.db.base import Base
from service.db.ledger import LedgerEvent, LedgerPending
from service.db.types import UtcDateTime
from service.work import RETRY_AFTER_SECONDS, Head, Work

# How long an entry may wait before whoever writes next puts it into the tree, on PostgreSQL.
PATIENCE: Final = timedelta(seconds=1)


class LedgerBehindError(SluiceError):
    """Entries wait longer than the stated delay and cannot be put into the tree; nothing new is recorded.

    Figures: ``retry_after``.
    """

    code = "ledger_behind"


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry's number, and whether a webhook may want to be told of it."""

    event_id: int
    is_awaited: bool


_LAST = (
    select(LedgerEvent.rev, LedgerEvent.leaf_hash)
    .where(LedgerEvent.subject_kind == bindparam("kind"), LedgerEvent.subject_id == bindparam("subject_id"))
    .order_by(LedgerEvent.rev.desc())
    .limit(1)
)

_EVENTS = Base.metadata.tables[LedgerEvent.__tablename__]
_PENDING = Base.metadata.tables[LedgerPending.__tablename__]
_GIVEN: Final[dict[str, BindParameter[object]]] = {
    name: bindparam(name) for name in ("canon", "leaf_hash", "type", "subject_kind", "subject_id", "rev")
}

# SQLite's trigger sees a number only if it is given, and demands the next one; its one writer is this work.
_ADD_NEXT = (
    insert(_EVENTS)
    .values(id=select(func.coalesce(func.max(_EVENTS.c.id), 0) + 1).scalar_subquery(), **_GIVEN)
    .returning(_EVENTS.c.id, ANYBODY)
)
_ADD_PENDING = insert(_PENDING)
_ADDED = insert(_EVENTS).values(**_GIVEN).returning(_EVENTS.c.id).cte("added")
# Part of every change: spelled once, as the driver takes it.
_ADD_BOTH = str(
    insert(_PENDING)
    .from_select(["event_id"], select(_ADDED.c.id))
    .returning(_PENDING.c.event_id, ANYBODY, WAITING_SINCE, func.current_timestamp(type_=UtcDateTime()))
    .compile(dialect=psycopg.dialect())  # type: ignore[no-untyped-call]  # it has no types
)


def record(work: Work, type_: str, subject_kind: str, subject_id: str, data: Mapping[str, Plain]) -> int:
    """Write an entry and give its number, for the ``event_id`` of the rows that change.

    The caller holds the subject's row lock (or has just made the subject), so that its chain cannot fork; the unique
    constraint on the subject's ``rev`` is the last wall. ``data`` holds no personal data.

    Raises ``LedgerBehindError``, and ``TooLargeError`` for more than an entry holds.
    """
    head = work.heads.get((subject_kind, subject_id)) or _head(work, subject_kind, subject_id)
    subject = _next(subject_kind, subject_id, head)
    canon = _canon(
        Event(
            id=new_id(work),
            type=type_,
            at=work.now,
            actor=work.actor.ref,
            roles=tuple(role.value for role in work.actor.roles),
            subject=subject,
            request=work.request_id,
            data=data,
        )
    )
    written = _write(work, type_, subject, canon)
    if written.is_awaited:
        announce(work, written.event_id, type_)
    return written.event_id


def begin(work: Work, subject_kind: str, subject_id: str) -> None:
    """Say that this work makes a subject, so that nobody is asked what its first entry follows."""
    work.heads[subject_kind, subject_id] = Head(0, None)


def _canon(event: Event) -> bytes:
    try:
        return event_bytes(event)
    except NotCanonicalError as error:
        if error.because != "too_long":
            raise
        raise TooLargeError(most=LARGEST_EVENT) from error


def _head(work: Work, subject_kind: str, subject_id: str) -> Head:
    asked = work.session.connection().execute(_LAST, {"kind": subject_kind, "subject_id": subject_id}).one_or_none()
    return Head(0, None) if asked is None else Head(asked.rev, asked.leaf_hash)


def _sequence_in_time(work: Work, waits: timedelta) -> None:
    """See to it, before the work ends, that what has waited for a while comes into the tree, on PostgreSQL."""
    if waits > timedelta(seconds=work.settings.ledger_merge_delay_seconds):
        work.last_steps[_sequence_or_refuse] = None
    elif waits > PATIENCE:
        work.last_steps[lend_a_hand] = None


def _sequence_or_refuse(work: Work) -> None:
    try:
        sequence(work)
    except (DBAPIError, NotProvenError) as error:
        raise LedgerBehindError(retry_after=RETRY_AFTER_SECONDS) from error


def _next(kind: str, subject_id: str, head: Head) -> Subject:
    return Subject(kind, subject_id, head.rev + 1, None if head.leaf_hash is None else head.leaf_hash.hex())


def _write(work: Work, type_: str, subject: Subject, canon: bytes) -> _Written:
    hashed = leaf_hash(canon)
    values: dict[str, object] = {
        "canon": canon,
        "leaf_hash": hashed,
        "type": type_,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "rev": subject.rev,
    }
    written = _WRITE[work.session.get_bind().dialect.name](work, values)
    work.entries.append(written.event_id)
    work.heads[subject.kind, subject.id] = Head(subject.rev, hashed)
    return written


def _write_to_sqlite(work: Work, values: dict[str, object]) -> _Written:
    connection = work.session.connection()
    event_id, is_awaited = connection.execute(_ADD_NEXT, values).one()
    connection.execute(_ADD_PENDING, {"event_id": event_id})
    work.last_steps[sequence_all] = None
    return _Written(event_id, is_awaited=is_awaited)


def _write_to_postgresql(work: Work, values: dict[str, object]) -> _Written:
    connection = work.session.connection()
    event_id, is_awaited, oldest, now = connection.exec_driver_sql(_ADD_BOTH, values).one()
    _sequence_in_time(work, timedelta() if oldest is None else now - oldest)
    return _Written(event_id, is_awaited=is_awaited)


_WRITE: Final = {"sqlite": _write_to_sqlite, "postgresql": _write_to_postgresql}
