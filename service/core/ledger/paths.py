"""The way from an entry up to the root, step by step, as its proof of inclusion leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.ledger.merkle import Span, inclusion_spans, node_hash
from service.core.ledger.refusal import NotProvenError


@dataclass(frozen=True, slots=True)
class Step:
    """One step up: the hash beside, the entries under it, whether it stands at the left, and the hash of both.

    ``spans`` are the entries under that one: the first, and the one after the last.
    """

    sibling: bytes
    beside: Span
    is_left: bool
    parent: bytes
    spans: Span


def steps(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> tuple[Step, ...]:
    """Give every step; the last one's parent is the root that the proof leads to, whether or not it is the right one.

    Raises ``NotProvenError`` for an index beyond the size and a proof of another length.
    """
    beside = inclusion_spans(index, size)
    if len(beside) != len(proof):
        raise NotProvenError("proof_length")
    found: list[Step] = []
    hash_, first, end = leaf, index, index + 1
    for sibling, span in zip(proof, beside, strict=True):
        is_left = span[1] == first
        hash_ = node_hash(sibling, hash_) if is_left else node_hash(hash_, sibling)
        first, end = min(first, span[0]), max(end, span[1])
        found.append(Step(sibling, span, is_left, hash_, (first, end)))
    return tuple(found)
