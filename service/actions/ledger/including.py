"""Answering only when what was recorded is in the tree, and the tree is signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.actions.ledger.checkpoints import checkpoint
from service.actions.ledger.sequencing import hold_turn, sequence
from service.core.people import SYSTEM
from service.db.ledger import LedgerLeaf
from service.signing import SignerRefusesError
from service.work import BusyError, Runtime

_PLACES = (
    select(LedgerLeaf.seq).where(LedgerLeaf.event_id.in_(bindparam("entries", expanding=True))).order_by(LedgerLeaf.seq)
)


@dataclass(frozen=True, slots=True)
class Included:
    """Where entries are in the tree, and the size of a signed checkpoint over them; None if none is signed."""

    indices: tuple[int, ...]
    size: int | None


def include(runtime: Runtime, entries: Sequence[int]) -> Included:
    """Put committed entries, and all that wait with them, into the tree, and have it signed.

    Whatever keeps them from it does not undo them: then there are no indices, or no size. A signer that refuses is told
    by the log.
    """
    try:
        indices = _sequenced(runtime, entries)
    except BusyError:
        return Included((), None)
    if len(indices) < len(entries):
        return Included((), None)
    try:
        signed = checkpoint(runtime, covering=max(indices, default=0) + 1)
    except (SignerRefusesError, BusyError):
        return Included(indices, None)
    return Included(indices, None if signed is None else signed.size)


def _sequenced(runtime: Runtime, entries: Sequence[int]) -> tuple[int, ...]:
    with runtime.work(SYSTEM) as work:
        hold_turn(work.session)
        found = _places(work.session, entries)
        while len(found) < len(entries) and sequence(work):
            found = _places(work.session, entries)
        return found


def _places(session: Session, entries: Sequence[int]) -> tuple[int, ...]:
    return tuple(session.scalars(_PLACES, {"entries": list(entries)}))
