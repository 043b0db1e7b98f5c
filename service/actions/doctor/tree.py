"""Building the tree again from the entries, and finding where what is kept of it is something else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.errors import MalformedError
from service.core.ledger.canonical import Plain
from service.core.ledger.folding import Finding, Trouble
from service.core.ledger.keys import VerifierKey
from service.core.ledger.merkle import Frontier, extend, root
from service.core.ledger.notes import read_note, verify
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.refusal import NotProvenError
from service.db.base import Base
from service.db.ledger import LedgerCheckpoint, LedgerHead, LedgerLeaf, LedgerNode, LedgerPending

_BATCH: Final = 4_096


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree as the entries make it: its frontier, the nodes that are kept, and the roots of the sizes asked for."""

    frontier: Frontier
    nodes: Mapping[tuple[int, int], bytes]
    roots: Mapping[int, bytes]


def examine_leaves(session: Session, hashes: Mapping[int, bytes]) -> Iterator[Finding]:
    """Find leaves that are not the next, or not their entry's; and entries that are neither leaf nor waiting."""
    placed: set[int] = set(session.scalars(select(LedgerPending.event_id)))
    for place, leaf in enumerate(_leaves(session)):
        placed.add(leaf.event_id)
        if leaf.seq != place:
            yield _found(Trouble.LEAF_GAP, LedgerLeaf, leaf.seq, ledger=place)
        if hashes.get(leaf.event_id) != leaf.leaf_hash:
            yield _found(Trouble.LEAF_HASH, LedgerLeaf, leaf.seq, ledger=leaf.event_id)
    for number in sorted(hashes.keys() - placed):
        yield Finding(Trouble.NOT_SEQUENCED, "ledger_event", (str(number),))


def build(session: Session, hashes: Mapping[int, bytes], sizes: Sequence[int]) -> Tree:
    """Build the tree from the entries' own hashes in the order of the leaves; give its roots at some sizes."""
    row = [hashes.get(leaf.event_id, leaf.leaf_hash) for leaf in _leaves(session)]
    frontier = Frontier()
    nodes: dict[tuple[int, int], bytes] = {}
    roots: dict[int, bytes] = {}
    for start, end in _spans(len(row), sizes):
        frontier, made = extend(frontier, row[start:end])
        nodes |= {(node.level, node.index): node.hash for node in made}
        roots[end] = root(frontier)
    return Tree(frontier, nodes, roots)


def examine_tree(session: Session, tree: Tree) -> Iterator[Finding]:
    """Find where head and nodes are not those of the tree."""
    head = session.execute(select(LedgerHead.size, LedgerHead.frontier)).first()
    stands = (0, b"") if head is None else (head.size, bytes(head.frontier))
    if stands != (tree.frontier.size, b"".join(tree.frontier.peaks)):
        yield _found(Trouble.HEAD, LedgerHead, 1, ledger=tree.frontier.size, found=stands[0])
    kept = {
        (node.level, node.idx): bytes(node.hash)
        for node in session.execute(select(LedgerNode.level, LedgerNode.idx, LedgerNode.hash))
    }
    for level, index in sorted(kept.keys() | tree.nodes.keys()):
        if kept.get((level, index)) != tree.nodes.get((level, index)):
            yield Finding(Trouble.NODE, LedgerNode.__tablename__, (str(level), str(index)))


def checkpoints(session: Session) -> list[LedgerCheckpoint]:
    """List the checkpoints, the smallest first."""
    return list(session.scalars(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size)))


def examine_checkpoint(kept: LedgerCheckpoint, tree: Tree, keys: Sequence[VerifierKey]) -> Iterator[Finding]:
    """Find what is wrong with a checkpoint: its text, the root it names, and, where keys are known, its signature."""
    try:
        told = checkpoint_of(bytes(kept.note))
        signed = not keys or bool(verify(read_note(bytes(kept.note)), keys))
    except (MalformedError, NotProvenError):
        yield _found(Trouble.CHECKPOINT_NOTE, LedgerCheckpoint, kept.size)
        return
    if not signed:
        yield _found(Trouble.CHECKPOINT_NOTE, LedgerCheckpoint, kept.size)
    if (told.size, told.root) != (kept.size, bytes(kept.root)) or tree.roots.get(kept.size) != bytes(kept.root):
        yield _found(Trouble.CHECKPOINT_ROOT, LedgerCheckpoint, kept.size, found=bytes(kept.root).hex())


def require_beyond(tree: Tree, sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Find what was signed, or seen by others, of a larger tree than there is: its tail is missing."""
    for name, size in sizes.items():
        if size > tree.frontier.size:
            yield Finding(Trouble.TAIL_MISSING, "ledger_leaf", (name,), ledger=size, found=tree.frontier.size)


def _spans(length: int, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut a row into batches that also end at every size asked for."""
    ends = {*range(_BATCH, length, _BATCH), *(size for size in sizes if 0 < size <= length), length} - {0}
    start = 0
    for end in sorted(ends):
        yield start, end
        start = end


def _leaves(session: Session) -> list[LedgerLeaf]:
    return list(session.scalars(select(LedgerLeaf).order_by(LedgerLeaf.seq)))


def _found(trouble: Trouble, table: type[Base], number: int, ledger: Plain = None, found: Plain = None) -> Finding:
    return Finding(trouble, table.__tablename__, (str(number),), ledger=ledger, found=found)
