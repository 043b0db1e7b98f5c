"""Checkpoints that leave the building: each witness is asked to sign the newest one.

Witnesses are asked outside every transaction. Whatever they do, nothing of ours is undone by it, and nothing that they
did not sign is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from service.actions.ledger.checkpoints import newest
from service.actions.ledger.proving import consistency
from service.core.errors import MalformedError
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.witnessing import (
    BAD_PROOF,
    CALL,
    CONFLICT,
    SIZE_TYPE,
    Cosigned,
    Request,
    Witness,
    is_line_of,
    read_answer,
    read_size,
    write_request,
)
from service.core.people import SYSTEM
from service.db.ledger import LedgerCosignature
from service.outbound import Answer, Letter, Reply
from service.work import Runtime, Work

# Sends a letter and gives the answer, or why there is none.
Post: TypeAlias = Callable[[Letter], Reply]

# How far a witness's clock may be from ours.
ASKEW: Final = timedelta(minutes=5)

_TRIES: Final = 3
_GOOD: Final = 200
# PostgreSQL's number for the lock under which cosignatures are added.
_COSIGNERS: Final = 5_317_005


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking a witness: the size it signed, now or before, or why not; neither without a checkpoint."""

    witness: str
    size: int | None
    because: str | None = None

    @property
    def is_alarming(self) -> bool:
        """Whether the witness has signed a state that is not in this database: it was rolled back, or rewritten."""
        return self.because in {"ahead", "other_root", "other_beginning"}


@dataclass(frozen=True, slots=True)
class _Question:
    """The newest checkpoint, what the witness is thought to know, and whether it has signed this one already."""

    size: int
    note: bytes
    signed_at: datetime
    known: int
    is_answered: bool


class _NoCosignatureError(Exception):
    """A witness did not sign, and why."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def cosign(runtime: Runtime, post: Post) -> tuple[Asked, ...]:
    """Have every witness of the settings sign the newest checkpoint, where it has not done so; say what came of it."""
    return tuple(cosign_by(runtime, witness, post) for witness in runtime.settings.ledger_witnesses)


def cosign_by(runtime: Runtime, witness: Witness, post: Post) -> Asked:
    """Have one witness sign the newest checkpoint."""
    try:
        return Asked(witness.key.name, _ask(runtime, witness, post))
    except _NoCosignatureError as error:
        return Asked(witness.key.name, None, error.because)


def why(reply: Reply) -> str:
    """Say what came instead of what was asked for."""
    return f"status_{reply.status}" if isinstance(reply, Answer) else reply.because


def _ask(runtime: Runtime, witness: Witness, post: Post) -> int | None:
    told: int | None = None
    for _ in range(_TRIES):
        question = _question(runtime, witness)  # each time anew: somebody else may have asked in between
        if question is None or question.is_answered:
            return None if question is None else question.size
        old = question.known if told is None else told
        reply = post(_letter(runtime, witness, question, old))
        told = _told(reply, question, old)
        if told is None:
            return _keep(runtime, witness, question, reply)
    raise _NoCosignatureError("never_settled")


def _question(runtime: Runtime, witness: Witness) -> _Question | None:
    with runtime.work(SYSTEM, read_only=True) as work:
        last = newest(work.session)
        if last is None:
            return None
        known = work.session.scalars(
            select(func.max(LedgerCosignature.size)).where(LedgerCosignature.witness == witness.key.name)
        ).one()
        answered = _is_kept(work.session, last.size, witness)
        return _Question(last.size, bytes(last.note), last.signed_at, known or 0, answered)


def _letter(runtime: Runtime, witness: Witness, question: _Question, old: int) -> Letter:
    if old > question.size:
        raise _NoCosignatureError("ahead")
    try:
        with runtime.work(SYSTEM, read_only=True) as work:
            proof = consistency(work.session, old, question.size) if old else ()
    except NotProvenError as error:
        raise _NoCosignatureError("no_proof") from error
    return Letter(f"{witness.url}/{CALL}", write_request(Request(old, proof, question.note)))


def _told(reply: Reply, question: _Question, old: int) -> int | None:
    """Give the size a witness says it knows instead, None if it signed."""
    if isinstance(reply, Answer) and reply.status == _GOOD:
        return None
    if not isinstance(reply, Answer) or reply.status != CONFLICT:
        is_fork = isinstance(reply, Answer) and reply.status == BAD_PROOF
        raise _NoCosignatureError("other_beginning" if is_fork else why(reply))
    told = _size(reply)
    if told is None or told == old:
        raise _NoCosignatureError("other_root" if old == question.size else "garbage")
    return told


def _size(answer: Answer) -> int | None:
    try:
        return read_size(answer.body) if answer.type == SIZE_TYPE else None
    except MalformedError:
        return None


def _keep(runtime: Runtime, witness: Witness, question: _Question, reply: Reply) -> int:
    if not isinstance(reply, Answer):
        raise _NoCosignatureError(why(reply))
    cosigned = _believed(witness, question, reply)
    with runtime.work(SYSTEM) as work:
        _require_time(work, question, cosigned)
        _hold_cosigners(work.session)
        if not _is_kept(work.session, question.size, witness):
            line = {"size": question.size, "witness": witness.key.name, "line": cosigned.line}
            work.session.execute(insert(LedgerCosignature), [line])
    return question.size


def _believed(witness: Witness, question: _Question, answer: Answer) -> Cosigned:
    try:
        return read_answer(question.note, answer.body, witness.key)
    except MalformedError as error:
        raise _NoCosignatureError("garbage") from error
    except NotProvenError as error:
        raise _NoCosignatureError(error.because) from error


def _require_time(work: Work, question: _Question, cosigned: Cosigned) -> None:
    """Refuse a time at which the witness cannot have signed this checkpoint, or that is yet to come."""
    first, last = question.signed_at - ASKEW, work.now + ASKEW
    if not int(first.timestamp()) <= cosigned.at <= last.timestamp():
        raise _NoCosignatureError("clock")


def _is_kept(session: Session, size: int, witness: Witness) -> bool:
    lines = session.scalars(
        select(LedgerCosignature.line).where(
            LedgerCosignature.size == size, LedgerCosignature.witness == witness.key.name
        )
    )
    return any(is_line_of(line, witness.key) for line in lines)


def _hold_cosigners(session: Session) -> None:
    """Let nobody else add a cosignature until this work ends; SQLite's one writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_COSIGNERS)))
