"""Putting entries into the tree: one at a time takes all that wait, in the order of their numbers, in batches.

Numbers in the tree follow the order of sequencing, not of commits; only the order of one subject's entries is promised.
"""

from typing import Final

from sqlalchemy import bindparam, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from service.core.ledger.merkle import Frontier, extend
from service.core.ledger.spelling import HASH_BYTES
from service.core.people import SYSTEM
from service.db.base import Base
from service.db.ledger import EventId, LedgerEvent, LedgerHead, LedgerLeaf, LedgerNode, LedgerPending
from service.work import Runtime, Work

BATCH: Final = 4_096

# PostgreSQL's number for the lock that sequencers take.
_SEQUENCERS = 5_317_003
_THE_ONE = 1

# When the first entry was written that waits. Not a join: PostgreSQL would merge both tables, and read the ledger from
# its beginning to find the one.
WAITING_SINCE: Final = (
    select(LedgerEvent.recorded_at)
    .where(LedgerEvent.id == select(func.min(LedgerPending.event_id)).scalar_subquery())
    .scalar_subquery()
)

_LEAVES = Base.metadata.tables[LedgerLeaf.__tablename__]
_BATCH = select(LedgerPending.event_id).order_by(LedgerPending.event_id).limit(BATCH).cte("batch")
_ADD_LEAVES = (
    insert(_LEAVES)
    .from_select(
        ["seq", "event_id", "leaf_hash"],
        select(
            func.row_number().over(order_by=_BATCH.c.event_id) + bindparam("last", type_=EventId),
            _BATCH.c.event_id,
            select(LedgerEvent.leaf_hash).where(LedgerEvent.id == _BATCH.c.event_id).scalar_subquery(),
        ),
    )
    .returning(_LEAVES.c.seq, _LEAVES.c.leaf_hash)
)
_FORGET = delete(LedgerPending).where(exists().where(LedgerLeaf.event_id == LedgerPending.event_id))


def catch_up(runtime: Runtime) -> int:
    """Sequence everything that waits, each batch in a transaction of its own; give how many entries that was."""
    count = 0
    while has_waiting(runtime):
        with runtime.work(SYSTEM) as work:
            count += sequence(work)
    return count


def has_waiting(runtime: Runtime) -> bool:
    """Whether an entry waits."""
    with runtime.work(SYSTEM, read_only=True) as work:
        return work.session.scalars(select(LedgerPending.event_id).limit(1)).first() is not None


def sequence(work: Work) -> int:
    """Put the next batch of waiting entries into the tree, when it is this work's turn; give how many there were."""
    hold_turn(work.session)
    before = frontier(work.session)
    leaves = _take(work.session, before.size)
    if leaves:
        after, nodes = extend(before, leaves)
        if nodes:
            rows = [{"level": node.level, "idx": node.index, "hash": node.hash} for node in nodes]
            work.session.execute(insert(LedgerNode), rows)
        _keep(work.session, after)
    return len(leaves)


def sequence_all(work: Work) -> None:
    """Sequence whatever waits within this work: for SQLite, whose one writer it is."""
    while sequence(work) == BATCH:
        pass


def lend_a_hand(work: Work) -> None:
    """Sequence a batch within this work, unless somebody else is at it."""
    if work.session.execute(select(func.pg_try_advisory_xact_lock(_SEQUENCERS))).scalar_one():
        sequence(work)


def hold_turn(session: Session) -> None:
    """Let no other sequencer run until this work ends; SQLite's one writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_SEQUENCERS)))


def frontier(session: Session) -> Frontier:
    """Give where the tree stands. Raises ``NotProvenError`` if what is kept of it cannot be so."""
    row = session.execute(select(LedgerHead.size, LedgerHead.frontier)).first()
    if row is None:
        return Frontier()
    peaks = tuple(row.frontier[start : start + HASH_BYTES] for start in range(0, len(row.frontier), HASH_BYTES))
    return Frontier(row.size, peaks)


def _take(session: Session, size: int) -> list[bytes]:
    """Move a batch from those that wait to the leaves, numbered from ``size`` on; give their hashes in order."""
    connection = session.connection()
    taken = sorted(connection.execute(_ADD_LEAVES, {"last": size - 1}).all())
    if taken:
        connection.execute(_FORGET)
    return [bytes(leaf.leaf_hash) for leaf in taken]


def _keep(session: Session, after: Frontier) -> None:
    values = {"size": after.size, "frontier": b"".join(after.peaks)}
    if session.connection().execute(update(LedgerHead).values(values)).rowcount == 0:
        session.execute(insert(LedgerHead).values(id=_THE_ONE, **values))
