"""The tree of RFC 6962 and RFC 9162: hashes, the frontier that grows in batches, proofs and their verification.

Sizes and indices are plain integers from 0 to ``LARGEST_SIZE``. A node is named by its level (0 are the leaves) and
its index within the level; it spans ``2**level`` leaves. Only complete nodes at levels 0, 8, 16, … need to be kept:
those between are hashed again from at most 128 of the level below them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import HASH_BYTES, LARGEST_SIZE

TILE_HEIGHT = 8
EMPTY_ROOT = hashlib.sha256(b"").digest()

# Gives the hash of a complete node at a level that is kept.
Reader: TypeAlias = Callable[[int, int], bytes]

# Leaves: the first, and the one after the last.
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A complete node: its place and its hash."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """All a tree needs to grow: its size and the hashes of its complete subtrees, the largest first.

    Raises ``NotProvenError`` if the hashes cannot be those of a tree of this size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Count the peaks: one for every bit of the size."""
        _in_range(self.size)
        _are_hashes(self.peaks)
        if len(self.peaks) != self.size.bit_count():
            raise NotProvenError("frontier")


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(frontier: Frontier) -> bytes:
    """Give the root of a tree: its peaks folded from the right. The empty tree's is the hash of nothing."""
    return _fold(frontier.peaks) if frontier.peaks else EMPTY_ROOT


def extend(frontier: Frontier, leaves: Iterable[bytes]) -> tuple[Frontier, tuple[Node, ...]]:
    """Append leaf hashes; give the new frontier and every node at levels 8, 16, … that became complete.

    Raises ``NotProvenError`` for a leaf that is no hash, and a tree grown beyond ``LARGEST_SIZE``.
    """
    row = list(leaves)
    _are_hashes(row)
    size = frontier.size + len(row)
    _in_range(size)
    waiting = list(frontier.peaks)
    peaks: list[bytes] = []
    kept: list[Node] = []
    for level in range(size.bit_length()):
        first = frontier.size >> level
        if level and level % TILE_HEIGHT == 0:
            kept.extend(Node(level, first + place, hash_) for place, hash_ in enumerate(row))
        if first & 1:
            row.insert(0, waiting.pop())
        if len(row) & 1:
            peaks.append(row.pop())
        row = _pair_up(row)
    return Frontier(size, tuple(reversed(peaks))), tuple(kept)


def inclusion(reader: Reader, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that leaf ``index`` is in the tree of ``size``. Raises ``NotProvenError`` if it cannot be."""
    return hash_spans(reader, inclusion_spans(index, size))


def consistency(reader: Reader, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of size ``new`` begins with that of size ``old``.

    Raises ``NotProvenError`` for sizes between which there is no proof, the empty tree among them.
    """
    return hash_spans(reader, consistency_spans(old, new))


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Give the leaves under each hash of a proof of inclusion. Raises ``NotProvenError`` if there is none."""
    _in_range(size)
    _is_inside(index, size)
    return _siblings(index, 0, size)


def consistency_spans(old: int, new: int) -> list[Span]:
    """Give the leaves under each hash of a proof of consistency. Raises ``NotProvenError`` if there is none."""
    _are_ordered(old, new)
    if old == new:
        return []
    start = old - (old & -old)
    seed = [] if start == 0 else [(start, old)]
    return seed + [span for span in _siblings(old - 1, 0, new) if not start <= span[0] < old]


def hash_spans(reader: Reader, spans: Iterable[Span]) -> tuple[bytes, ...]:
    """Hash leaves from a first to before an end, each as one subtree of some tree."""
    return tuple(_fold([_complete(reader, *place) for place in _subtrees(*span)]) for span in spans)


def kept_beneath(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Give the first kept node, by level and index, under each complete subtree that spans are hashed from."""
    for span in spans:
        for level, index in _subtrees(*span):
            above = level % TILE_HEIGHT
            yield level - above, index << above


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Check that a leaf hash is at ``index`` in the tree of this size and root. Raises ``NotProvenError``."""
    _in_range(size)
    _is_inside(index, size)
    _are_hashes((leaf, expected, *proof))
    inner = _inner(index, size)
    if len(proof) != inner + (index >> inner).bit_count():
        raise NotProvenError("proof_length")
    if _climb(leaf, index, proof, inner) != expected:
        raise NotProvenError("root")


def verify_consistency(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> None:
    """Check that the tree ``new`` (size, root) begins with the tree ``old``. Raises ``NotProvenError``.

    From the empty tree, which is the beginning of every other, there is nothing to prove: that is refused.
    """
    (old_size, old_root), (new_size, new_root) = old, new
    _are_ordered(old_size, new_size)
    _are_hashes((old_root, new_root, *proof))
    if old_size == new_size:
        _same_tree(old_root, new_root, proof)
        _is_tree(old_size, old_root)
        return
    shift = (old_size & -old_size).bit_length() - 1
    path = list(proof) if old_size.bit_count() > 1 else [old_root, *proof]
    inner = _inner(old_size - 1, new_size) - shift
    index = (old_size - 1) >> shift
    if len(path) != 1 + inner + (index >> inner).bit_count():
        raise NotProvenError("proof_length")
    seed, steps = path[0], path[1:]
    left = [hash_ for level, hash_ in enumerate(steps) if level >= inner or index >> level & 1]
    if _fold((*reversed(left), seed)) != old_root:
        raise NotProvenError("old_root")
    if _climb(seed, index, steps, inner) != new_root:
        raise NotProvenError("root")


def _pair_up(row: list[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]


def _fold(hashes: Sequence[bytes]) -> bytes:
    result = hashes[-1]
    for hash_ in reversed(hashes[:-1]):
        result = node_hash(hash_, result)
    return result


def _climb(leaf: bytes, index: int, proof: Sequence[bytes], inner: int) -> bytes:
    # Up to level `inner` the path and the tree's right edge have not met: siblings stand on both sides.
    result = leaf
    for level, sibling in enumerate(proof):
        on_the_left = level >= inner or index >> level & 1
        result = node_hash(sibling, result) if on_the_left else node_hash(result, sibling)
    return result


def _inner(index: int, size: int) -> int:
    return (index ^ (size - 1)).bit_length()


def _siblings(index: int, start: int, end: int) -> list[Span]:
    """Give the spans beside the path to a leaf, the lowest first."""
    spans = []
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def _subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the complete subtrees, by level and index, that the leaves from ``start`` to before ``end`` fall into."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _complete(reader: Reader, level: int, index: int) -> bytes:
    above = level % TILE_HEIGHT
    row = [reader(level - above, (index << above) + place) for place in range(1 << above)]
    for _ in range(above):
        row = _pair_up(row)
    return row[0]


def _same_tree(old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise NotProvenError("proof_length")
    if old_root != new_root:
        raise NotProvenError("root")


def _is_tree(size: int, expected: bytes) -> None:
    if size == 0 and expected != EMPTY_ROOT:
        raise NotProvenError("root")


def _in_range(size: int) -> None:
    if not 0 <= size <= LARGEST_SIZE:
        raise NotProvenError("size_range")


def _is_inside(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise NotProvenError("index_range")


def _are_ordered(old: int, new: int) -> None:
    _in_range(old)
    _in_range(new)
    if old > new:
        raise NotProvenError("size_order")
    if old == 0 < new:
        raise NotProvenError("empty_tree")


def _are_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(hash_) != HASH_BYTES for hash_ in hashes):
        raise NotProvenError("hash_length")
