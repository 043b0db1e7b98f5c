"""Proofs over the tree as it is kept: leaves, and every eighth level of nodes. Read a tile at a time."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.core.ledger import merkle
from service.core.ledger.merkle import TILE_HEIGHT, Reader
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.tiles import WIDTH
from service.db.ledger import EventId, LedgerLeaf, LedgerNode

_FIRST = bindparam("first", type_=EventId)
_END = bindparam("end", type_=EventId)
_LEAVES = select(LedgerLeaf.leaf_hash).where(LedgerLeaf.seq >= _FIRST, LedgerLeaf.seq < _END).order_by(LedgerLeaf.seq)
_NODES = (
    select(LedgerNode.hash)
    .where(LedgerNode.level == bindparam("level"), LedgerNode.idx >= _FIRST, LedgerNode.idx < _END)
    .order_by(LedgerNode.idx)
)


def inclusion(session: Session, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that an entry is in the tree of a size. Raises ``NotProvenError``."""
    return merkle.inclusion(reader(session), index, size)


def consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that a tree begins with an older one. Raises ``NotProvenError``."""
    return merkle.consistency(reader(session), old, new)


def reader(session: Session) -> Reader:
    """Give what reads single hashes, and keeps the tiles it has read. Raises ``NotProvenError`` for one not there."""
    tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def read(level: int, index: int) -> bytes:
        place = level, index // WIDTH
        if place not in tiles:
            tiles[place] = hashes(session, level, place[1] * WIDTH, WIDTH)
        if index % WIDTH >= len(tiles[place]):
            raise NotProvenError("node_missing")
        return tiles[place][index % WIDTH]

    return read


def hashes(session: Session, level: int, first: int, count: int) -> list[bytes]:
    """Give up to ``count`` hashes of a kept level (0, 8, 16, …), from the index ``first`` on."""
    given = {"first": first, "end": first + count}
    asked = (_LEAVES, given) if level < TILE_HEIGHT else (_NODES, {"level": level, **given})
    return [bytes(one) for one in session.connection().execute(*asked).scalars()]
