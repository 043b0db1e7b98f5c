"""Reading the entries of the ledger, as they are numbered in the tree.

Whoever is recused from a case, or submitted it, does not see its entries: they are left out of lists, and bundles that
hold one are not given. Votes are withheld in the same way from everybody until their item is settled.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, select, true

from service.actions import ledger
from service.actions.applications import LARGEST_PAGE, Page
from service.actions.applications.sights import has_part
from service.core.cases.meetings import ItemState
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.core.ledger.tiles import WIDTH, write_entries
from service.db.applications import ApplicationRow
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.db.meetings import MeetingItemRow
from service.work import Work

_CASE: Final = "application"
_VOTE: Final = "vote.cast"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: those after a number (None: from the first on), and how many."""

    after: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry under its number: its bytes as text, their leaf hash, and when the database recorded it."""

    index: int
    leaf_hash: str
    recorded_at: datetime
    entry: str


def find(work: Work, wanted: Wanted) -> Page[Entry]:
    """List entries by their numbers, a page at a time, which may hold fewer than asked for where some are withheld.

    Raises ``InvalidError`` for a limit out of range.
    """
    if not 1 <= wanted.limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    after = -1 if wanted.after is None else wanted.after
    rows = work.session.execute(
        select(LedgerLeaf.seq, LedgerLeaf.leaf_hash, LedgerEvent.recorded_at, LedgerEvent.canon, LedgerEvent.type)
        .join(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
        .where(LedgerLeaf.seq > after, in_sight(work))
        .order_by(LedgerLeaf.seq)
        .limit(wanted.limit + 1)
    ).all()
    page = rows[: wanted.limit]
    kept_back = withheld(work, ((row.seq, row.type, row.canon) for row in page))
    items = tuple(
        Entry(row.seq, bytes(row.leaf_hash).hex(), row.recorded_at, bytes(row.canon).decode())
        for row in page
        if row.seq not in kept_back
    )
    return Page(items, str(page[-1].seq) if len(rows) > len(page) else None)


def bundle(work: Work, place: str) -> bytes:
    """Give the entries of a tile by its path after ``tile/``. Raises ``NotFoundError``."""
    found = ledger.published(work, place)
    rows = work.session.execute(
        select(LedgerLeaf.seq, LedgerEvent.canon, LedgerEvent.type, in_sight(work).label("in_sight"))
        .join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(LedgerLeaf.seq >= found.index * WIDTH, LedgerLeaf.seq < found.index * WIDTH + found.width)
        .order_by(LedgerLeaf.seq)
    ).all()
    kept_back = withheld(work, ((row.seq, row.type, row.canon) for row in rows))
    if found.level is not None or kept_back or not all(row.in_sight for row in rows):
        raise NotFoundError(kind="tile")
    return write_entries([bytes(row.canon) for row in rows])


def in_sight(work: Work) -> ColumnElement[bool]:
    """Say of which entries the actor may know: of every case but those they have no part in judging."""
    without = work.session.scalars(select(ApplicationRow.id).where(~has_part(work.actor.person_id))).all()
    if not without:
        return true()
    hidden = [str(case_id) for case_id in without]
    return ~and_(LedgerEvent.subject_kind == _CASE, LedgerEvent.subject_id.in_(hidden))


def votes_on_the_table(work: Work) -> frozenset[int]:
    """Give the numbers that the database gave to every vote that is withheld now."""
    tabled = select(MeetingItemRow.application_id).where(MeetingItemRow.state == ItemState.TABLED.value)
    cases = {str(case_id) for case_id in work.session.scalars(tabled)}
    cast = select(LedgerEvent.id, LedgerEvent.type, LedgerEvent.canon).where(
        LedgerEvent.subject_kind == _CASE, LedgerEvent.subject_id.in_(cases), LedgerEvent.type == _VOTE
    )
    return withheld(work, ((row.id, row.type, row.canon) for row in work.session.execute(cast)))


def withheld(work: Work, entries: Iterable[tuple[int, str, bytes]]) -> frozenset[int]:
    """Give the numbers of those entries (number, type, bytes) that are votes on items which are on the table still.

    It is asked after the entries are read: whatever was cast by then is on the table, or settled.
    """
    cast = {index: json.loads(canon)["data"] for index, type_, canon in entries if type_ == _VOTE}
    if not cast:
        return frozenset()
    tabled = select(MeetingItemRow.meeting_id, MeetingItemRow.n).where(MeetingItemRow.state == ItemState.TABLED.value)
    items = {(str(meeting_id), n) for meeting_id, n in work.session.execute(tabled)}
    return frozenset(seq for seq, data in cast.items() if (data.get("meeting"), data.get("item")) in items)
