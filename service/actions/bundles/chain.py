"""The entries of one subject with their places in the tree, and their proofs to one checkpoint."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from service.actions.ledger.overlap import KIND, LOG
from service.actions.ledger.proving import inclusion
from service.core.ledger.bundles import Proven
from service.core.ledger.proofs import Proof, checkpoint_of, write_proof
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.work import Work


@dataclass(frozen=True, slots=True)
class Link:
    """An entry: the number the database gave it, that in the tree (None: it waits), and its bytes."""

    number: int
    index: int | None
    canon: bytes

    def is_below(self, size: int) -> bool:
        """Whether a tree of this size has it."""
        return self.index is not None and self.index < size

    @property
    def event(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.canon)
        return found


def of(work: Work, kind: str, subject_id: str) -> list[Link]:
    """Give the chain of a subject, oldest first."""
    return [_link(row) for row in _rows(work, LedgerEvent.subject_kind == kind, LedgerEvent.subject_id == subject_id)]


def heartbeat(work: Work, size: int) -> list[Link]:
    """Give the newest heartbeat in a tree of this size, if there is one: it tells how old the checkpoint is at most."""
    beats = _rows(work, LedgerEvent.subject_kind == KIND, LedgerEvent.subject_id == LOG, LedgerLeaf.seq < size)
    return [_link(row) for row in beats[-1:]]


def proven(work: Work, links: Iterable[Link], note: bytes) -> tuple[Proven, ...]:
    """Prove entries to a checkpoint that covers them."""
    size = checkpoint_of(note).size
    return tuple(
        Proven(link.index, link.canon, write_proof(Proof(link.index, inclusion(work.session, link.index, size), note)))
        for link in links
        if link.index is not None
    )


def _rows(work: Work, *which: ColumnElement[bool]) -> list[Row[Any]]:
    told = select(LedgerEvent.id, LedgerLeaf.seq, LedgerEvent.canon)
    placed = told.join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id, isouter=True)
    return list(work.session.execute(placed.where(*which).order_by(LedgerEvent.rev)))


def _link(row: Row[Any]) -> Link:
    return Link(row.id, row.seq, bytes(row.canon))
