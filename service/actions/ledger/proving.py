"""Proofs over the tree as it is kept: leaves, and every eighth level of nodes. A proof is read in one statement."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.core.ledger import merkle
from service.core.ledger.merkle import TILE_HEIGHT, Reader, Span
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
    return _prove(session, merkle.inclusion_spans(index, size))


def consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that a tree begins with an older one. Raises ``NotProvenError``."""
    return _prove(session, merkle.consistency_spans(old, new))


def hashes(session: Session, level: int, first: int, count: int) -> list[bytes]:
    """Give up to ``count`` hashes of a kept level (0, 8, 16, …), from the index ``first`` on."""
    given = {"first": first, "end": first + count}
    asked = (_LEAVES, given) if level < TILE_HEIGHT else (_NODES, {"level": level, **given})
    return [bytes(one) for one in session.connection().execute(*asked).scalars().all()]


def _prove(session: Session, spans: Sequence[Span]) -> tuple[bytes, ...]:
    return merkle.hash_spans(_reader(session, spans), spans) if spans else ()


def _reader(session: Session, spans: Sequence[Span]) -> Reader:
    """Read the tiles that spans are hashed from; give what finds a hash in them, or raises ``NotProvenError``."""
    tiles = sorted({(level, index - index % WIDTH) for level, index in merkle.kept_beneath(spans)})
    given = {f"level_{n}": level for n, (level, _) in enumerate(tiles) if level}
    for n, (_, first) in enumerate(tiles):
        given |= {f"first_{n}": first, f"end_{n}": first + WIDTH}
    asked = _of_tiles(tuple(level > 0 for level, _ in tiles))
    found = {(level, index): hash_ for level, index, hash_ in session.connection().execute(asked, given).all()}

    def read(level: int, index: int) -> bytes:
        try:
            return bytes(found[level, index])
        except KeyError:
            raise NotProvenError("node_missing") from None

    return read


@lru_cache(maxsize=64)
def _of_tiles(are_nodes: tuple[bool, ...]) -> CompoundSelect[int, int, bytes]:
    """Select several tiles in one statement, each of nodes or of leaves."""
    return union_all(*(_nodes(n) if is_node else _leaves(n) for n, is_node in enumerate(are_nodes)))


def _leaves(n: int) -> Select[int, int, bytes]:
    seq = LedgerLeaf.seq
    return select(literal(0, literal_execute=True), seq, LedgerLeaf.leaf_hash).where(*_between(seq, n))


def _nodes(n: int) -> Select[int, int, bytes]:
    level, idx = LedgerNode.level, LedgerNode.idx
    return select(level, idx, LedgerNode.hash).where(level == bindparam(f"level_{n}"), *_between(idx, n))


def _between(column: InstrumentedAttribute[int], n: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= bindparam(f"first_{n}", type_=EventId), column < bindparam(f"end_{n}", type_=EventId)
