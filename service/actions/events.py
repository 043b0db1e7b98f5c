"""What happened, in the order of the ledger's tree: the messages that webhooks are sent, for whoever missed them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from service.actions.applications import LARGEST_PAGE, Page
from service.actions.entries import in_sight
from service.actions.webhooks import bodies
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.work import Work

_HEARTBEATS: Final = "log.heartbeat"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: those after a number (None: from the first on), and how many."""

    after: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Event:
    """A message under the number its entry has in the tree."""

    index: int
    event: str


def find(work: Work, wanted: Wanted) -> Page[Event]:
    """List events by their numbers, a page at a time. Raises ``InvalidError`` for a limit out of range.

    Whoever is recused from a case, or submitted it, does not see what happened to it.
    """
    work.actor.require(Permission.READ_EVENTS)
    if not 1 <= wanted.limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    after = -1 if wanted.after is None else wanted.after
    rows = work.session.execute(
        select(LedgerLeaf.seq, LedgerLeaf.event_id)
        .join(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
        .where(LedgerLeaf.seq > after, LedgerEvent.type != _HEARTBEATS, in_sight(work))
        .order_by(LedgerLeaf.seq)
        .limit(wanted.limit + 1)
    ).all()
    shown = rows[: wanted.limit]
    messages = bodies(work, [row.event_id for row in shown])
    items = tuple(Event(row.seq, messages[row.event_id].decode()) for row in shown)
    return Page(items, str(items[-1].index) if len(rows) > len(items) else None)
