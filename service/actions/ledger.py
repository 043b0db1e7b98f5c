"""Recording a change: one entry, in the transaction of the change itself."""

from collections.abc import Mapping

from sqlalchemy import func, insert, select

from service.actions.identifiers import new_id
from service.core.ledger.canonical import Event, Plain, Subject, event_bytes, leaf_hash
from service.db.ledger import LedgerEvent, LedgerPending
from service.work import Work


def record(work: Work, type_: str, subject_kind: str, subject_id: str, data: Mapping[str, Plain]) -> int:
    """Write an entry and give its number, for the ``event_id`` of the rows that change.

    The caller holds the subject's row lock (or has just made the subject), so that its chain cannot fork; the unique
    constraint on the subject's ``rev`` is the last wall. ``data`` holds no personal data.
    """
    subject = _next(work, subject_kind, subject_id)
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
    return _write(work, type_, subject, canon)


def _next(work: Work, kind: str, subject_id: str) -> Subject:
    last = work.session.execute(
        select(LedgerEvent.rev, LedgerEvent.leaf_hash)
        .where(LedgerEvent.subject_kind == kind, LedgerEvent.subject_id == subject_id)
        .order_by(LedgerEvent.rev.desc())
        .limit(1)
    ).first()
    if last is None:
        return Subject(kind, subject_id, rev=1, prev=None)
    return Subject(kind, subject_id, rev=last.rev + 1, prev=last.leaf_hash.hex())


def _write(work: Work, type_: str, subject: Subject, canon: bytes) -> int:
    values: dict[str, object] = {
        "canon": canon,
        "leaf_hash": leaf_hash(canon),
        "type": type_,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "rev": subject.rev,
    }
    if work.session.get_bind().dialect.name == "sqlite":
        # SQLite's trigger sees a number only if it is given, and demands the next one; its one writer is this work.
        values["id"] = select(func.coalesce(func.max(LedgerEvent.id), 0) + 1).scalar_subquery()
    event_id = work.session.execute(insert(LedgerEvent).values(values).returning(LedgerEvent.id)).scalar_one()
    work.session.execute(insert(LedgerPending).values(event_id=event_id))
    return event_id
