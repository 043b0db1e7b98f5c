"""What the examples make of a proof: an entry is where the proof says, or it is not proven."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace

import pytest

from examples import review_papers
from examples.review_papers import Proven
from service.core.ledger.canonical import Plain, canonical_bytes, leaf_hash
from tests.core.ledger.logs import naive_inclusion, naive_root

MOST = 20
ENTRIES: list[dict[str, Plain]] = [
    {"type": "decision.recorded", "data": {"why": "水资源", "n": n}} for n in range(MOST)
]
LEAVES = [leaf_hash(canonical_bytes(entry)) for entry in ENTRIES]


def written(index: int, leaves: Sequence[bytes], path: Sequence[bytes] | None = None) -> str:
    """The proof of an entry as the service writes it."""
    hashes = naive_inclusion(index, leaves) if path is None else path
    note = ["zone.example/log", str(len(leaves)), text(naive_root(leaves)), "", "— zone.example/log AAAA", ""]
    return "\n".join(["c2sp.org/tlog-proof@v1", f"index {index}", *map(text, hashes), "", *note])


def text(hash_: bytes) -> str:
    return b64encode(hash_).decode()


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_entry_of_a_tree_is_proven_and_in_no_other_place(size: int) -> None:
    for index in range(size):
        proof = written(index, LEAVES[:size])
        right = Proven(index, len(naive_inclusion(index, LEAVES[:size])), "zone.example/log", holds=True)
        assert review_papers.proven(ENTRIES[index], proof) == right
        for other in range(size):
            if other != index:
                assert review_papers.proven(ENTRIES[other], proof) == replace(right, holds=False)


@pytest.mark.parametrize("size", range(2, MOST + 1))
def test_a_path_that_is_too_short_or_too_long_proves_nothing(size: int) -> None:
    for index in range(size):
        path = naive_inclusion(index, LEAVES[:size])
        for wrong in (path[:-1], (*path, path[-1])):
            assert not review_papers.proven(ENTRIES[index], written(index, LEAVES[:size], wrong)).holds
