"""Recording a change: one entry, in the transaction of the change itself."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError

from service.actions.identifiers import new_id
from service.actions.ledger.announcing import ANYBODY, announce
from service.actions.ledger.sequencing import lend_a_hand, sequence, sequence_all
from service.core.errors import SluiceError
from service.core.ledger.canonical import Event, Plain, Subject, event_bytes, leaf_hash
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


_LAST = (
    select(LedgerEvent)
    .where(LedgerEvent.subject_kind == bindparam("kind"), LedgerEvent.subject_id == bindparam("subject_id"))
    .order_by(LedgerEvent.rev.desc())
    .limit(1)
)
_OLDEST = (
    select(LedgerEvent.recorded_at)
    .join(LedgerPending, LedgerPending.event_id == LedgerEvent.id)
    .order_by(LedgerPending.event_id)
    .limit(1)
)
_BEFORE = select(
    _LAST.with_only_columns(LedgerEvent.rev).scalar_subquery(),
    _LAST.with_only_columns(LedgerEvent.leaf_hash).scalar_subquery(),
    _OLDEST.scalar_subquery(),
    ANYBODY,
    func.current_timestamp(type_=UtcDateTime()),
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
    .returning(_EVENTS.c.id)
)
_ADD_PENDING = insert(_PENDING)
_ADDED = insert(_EVENTS).values(**_GIVEN).returning(_EVENTS.c.id).cte("added")
_ADD_BOTH = insert(_PENDING).from_select(["event_id"], select(_ADDED.c.id)).returning(_PENDING.c.event_id)


def record(work: Work, type_: str, subject_kind: str, subject_id: str, data: Mapping[str, Plain]) -> int:
    """Write an entry and give its number, for the ``event_id`` of the rows that change.

    The caller holds the subject's row lock (or has just made the subject), so that its chain cannot fork; the unique
    constraint on the subject's ``rev`` is the last wall. ``data`` holds no personal data. Raises ``LedgerBehindError``.
    """
    head = work.heads.get((subject_kind, subject_id)) or expect(work, subject_kind, subject_id)
    subject = _next(subject_kind, subject_id, head)
    canon = event_bytes(
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
    event_id = _write(work, type_, subject, canon)
    work.heads[subject_kind, subject_id] = Head(subject.rev, leaf_hash(canon), head.is_awaited)
    if head.is_awaited:
        announce(work, event_id, type_)
    return event_id


def expect(work: Work, subject_kind: str, subject_id: str) -> Head:
    """Ask what the next entry about a subject follows, so that writing it asks nothing; as ``record``, under its lock.

    Entries that have waited too long for the tree are seen to. Raises ``LedgerBehindError``.
    """
    asked = work.session.connection().execute(_BEFORE, {"kind": subject_kind, "subject_id": subject_id})
    rev, last_hash, oldest, is_awaited, now = asked.one()
    _sequence_in_time(work, timedelta() if oldest is None else now - oldest)
    head = work.heads[subject_kind, subject_id] = Head(rev or 0, last_hash, is_awaited)
    return head


def _sequence_in_time(work: Work, waits: timedelta) -> None:
    """See to it that entries come into the tree: at once on SQLite, otherwise when one has waited for a while."""
    if work.session.get_bind().dialect.name == "sqlite":
        work.last_steps[sequence_all] = None
    elif waits > timedelta(seconds=work.settings.ledger_merge_delay_seconds):
        _sequence_or_refuse(work)
    elif waits > PATIENCE:
        work.last_steps[lend_a_hand] = None


def _sequence_or_refuse(work: Work) -> None:
    try:
        sequence(work)
    except (DBAPIError, NotProvenError) as error:
        raise LedgerBehindError(retry_after=RETRY_AFTER_SECONDS) from error


def _next(kind: str, subject_id: str, head: Head) -> Subject:
    return Subject(kind, subject_id, head.rev + 1, None if head.leaf_hash is None else head.leaf_hash.hex())


def _write(work: Work, type_: str, subject: Subject, canon: bytes) -> int:
    values: dict[str, object] = {
        "canon": canon,
        "leaf_hash": leaf_hash(canon),
        "type": type_,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "rev": subject.rev,
    }
    event_id = _WRITE[work.session.get_bind().dialect.name](work.session.connection(), values)
    work.entries.append(event_id)
    return event_id


def _write_to_sqlite(connection: Connection, values: dict[str, object]) -> int:
    event_id: int = connection.execute(_ADD_NEXT, values).scalar_one()
    connection.execute(_ADD_PENDING, {"event_id": event_id})
    return event_id


def _write_to_postgresql(connection: Connection, values: dict[str, object]) -> int:
    event_id: int = connection.execute(_ADD_BOTH, values).scalar_one()
    return event_id


_WRITE: Final = {"sqlite": _write_to_sqlite, "postgresql": _write_to_postgresql}
