import pytest

from service.core.ledger.merkle import inclusion, node_hash
from service.core.ledger.paths import Step, steps
from service.core.ledger.refusal import NotProvenError
from tests.core.ledger.logs import leaf, naive_root
from tests.core.ledger.test_merkle import kept

LEAVES = [leaf(b"%d" % n) for n in range(40)]


@pytest.mark.parametrize("size", range(1, 41))
def test_every_step_leads_to_the_hash_of_the_entries_it_spans_and_the_last_to_the_root(size: int) -> None:
    reader = kept(LEAVES[:size])
    for index in range(size):
        taken = steps(LEAVES[index], index, size, inclusion(reader, index, size))
        assert [step.parent for step in taken] == [naive_root(LEAVES[slice(*step.spans)]) for step in taken]
        assert [step.sibling for step in taken] == [naive_root(LEAVES[slice(*step.beside)]) for step in taken]
        assert (taken[-1].spans if taken else (0, 1)) == (0, size)


def test_a_step_says_at_which_side_the_other_hash_stands() -> None:
    proof = inclusion(kept(LEAVES[:3]), 1, 3)
    pair = node_hash(LEAVES[0], LEAVES[1])
    assert steps(LEAVES[1], 1, 3, proof) == (
        Step(LEAVES[0], (0, 1), is_left=True, parent=pair, spans=(0, 2)),
        Step(LEAVES[2], (2, 3), is_left=False, parent=node_hash(pair, LEAVES[2]), spans=(0, 3)),
    )


def test_a_false_proof_is_drawn_all_the_same_and_ends_elsewhere() -> None:
    proof = inclusion(kept(LEAVES[:7]), 4, 7)
    assert steps(LEAVES[5], 4, 7, proof)[-1].parent != naive_root(LEAVES[:7])


@pytest.mark.parametrize(("index", "size", "count"), [(7, 7, 3), (0, 7, 2), (0, 7, 4), (0, 0, 0)])
def test_a_proof_of_another_length_has_no_steps(index: int, size: int, count: int) -> None:
    with pytest.raises(NotProvenError):
        steps(LEAVES[0], index, size, LEAVES[:count])
