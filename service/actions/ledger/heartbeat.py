"""The heartbeat of the log: an entry of its own, so that a quiet log can be told from one that was rolled back."""

import json
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from service.actions.ledger.checkpoints import checkpoint
from service.actions.ledger.overlap import KIND, LOG
from service.actions.ledger.recording import record
from service.actions.ledger.rotation import tell_keys
from service.actions.ledger.sequencing import catch_up, frontier, hold_turn, sequence_all
from service.core.people import SYSTEM
from service.db.ledger import LedgerCheckpoint, LedgerEvent
from service.work import Runtime, Work

EVERY: Final = timedelta(minutes=10)

_BEAT = "log.heartbeat"


def tend(runtime: Runtime) -> LedgerCheckpoint | None:
    """Do what must be done again and again: sequence what waits, tell of keys and write a heartbeat if due, sign.

    Gives the newest checkpoint, as ``checkpoint`` does. Raises ``SignerRefusesError``.
    """
    catch_up(runtime)
    tell_keys(runtime)
    if is_due(runtime):
        beat(runtime)
    return checkpoint(runtime)


def beat(runtime: Runtime) -> None:
    """Write a heartbeat, in the tree at once, unless somebody else has just done so."""
    with runtime.work(SYSTEM) as work:
        hold_turn(work.session)
        if _is_due(work):
            record(work, _BEAT, KIND, LOG, {"size": frontier(work.session).size})
            work.last_steps[sequence_all] = None


def is_due(runtime: Runtime) -> bool:
    """Whether the last heartbeat is too long ago."""
    with runtime.work(SYSTEM, read_only=True) as work:
        return _is_due(work)


def _is_due(work: Work) -> bool:
    canon = work.session.scalars(
        select(LedgerEvent.canon)
        .where(LedgerEvent.subject_kind == KIND, LedgerEvent.subject_id == LOG, LedgerEvent.type == _BEAT)
        .order_by(LedgerEvent.rev.desc())
        .limit(1)
    ).first()
    return canon is None or work.now - datetime.fromisoformat(json.loads(canon)["at"]) >= EVERY
