import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency,
    extend,
    inclusion,
    root,
    verify_consistency,
    verify_inclusion,
)
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import LARGEST_SIZE
from tests.core.ledger.logs import above, flipped, leaf, naive_consistency, naive_inclusion, naive_root

SIZES = range(71)
LEAVES = [leaf(b"%d" % n) for n in range(70)]


def kept(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """Keep what the tables keep: leaves and complete nodes at levels 8, 16, ...; anything else is a KeyError."""
    _, nodes = extend(Frontier(), leaves)
    store = {(node.level, node.index): node.hash for node in nodes}
    store.update({(0, index): hash_ for index, hash_ in enumerate(leaves)})
    return lambda level, index: store[level, index]


def accepted(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotProvenError:
        return False
    return True


def test_the_empty_tree_has_the_hash_of_nothing_as_its_root() -> None:
    assert root(Frontier()) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_tree_of_one_is_its_leaf() -> None:
    frontier, _ = extend(Frontier(), LEAVES[:1])
    assert root(frontier) == LEAVES[0]


@pytest.mark.parametrize("size", SIZES)
def test_a_root_is_that_of_the_definition(size: int) -> None:
    frontier, _ = extend(Frontier(), LEAVES[:size])
    assert (frontier.size, root(frontier)) == (size, naive_root(LEAVES[:size]))


@given(st.lists(st.integers(0, 700), max_size=8))
@settings(max_examples=50)
def test_batches_of_any_size_grow_the_same_tree(batches: list[int]) -> None:
    leaves = [leaf(b"%d" % n) for n in range(sum(batches))]
    frontier, start = Frontier(), 0
    kept_nodes: list[Node] = []
    for batch in batches:
        frontier, more = extend(frontier, leaves[start : start + batch])
        kept_nodes += more
        start += batch
    at_once, nodes = extend(Frontier(), leaves)
    assert frontier == at_once
    assert sorted(kept_nodes, key=lambda node: (node.level, node.index)) == list(nodes)


def test_complete_nodes_of_the_eighth_and_sixteenth_level_are_handed_out_once() -> None:
    leaves = [leaf(b"%d" % n) for n in range(65_536 + 300)]
    frontier, first = extend(Frontier(), leaves[:400])
    _, rest = extend(frontier, leaves[400:])
    nodes = (*first, *rest)
    assert [(node.level, node.index) for node in nodes] == [*((8, index) for index in range(257)), (16, 0)]
    assert nodes[1].hash == naive_root(leaves[256:512])
    assert nodes[-1] == Node(16, 0, naive_root(leaves[:65_536]))


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_inclusion_proof_is_that_of_the_definition_and_holds(size: int) -> None:
    reader, tree = kept(LEAVES[:size]), naive_root(LEAVES[:size])
    for index in range(size):
        proof = inclusion(reader, index, size)
        assert proof == naive_inclusion(index, LEAVES[:size])
        verify_inclusion(LEAVES[index], index, size, proof, tree)


@pytest.mark.parametrize("new", SIZES[1:])
def test_every_consistency_proof_is_that_of_the_definition_and_holds(new: int) -> None:
    reader, tree = kept(LEAVES[:new]), naive_root(LEAVES[:new])
    for old in range(1, new + 1):
        proof = consistency(reader, old, new)
        assert proof == naive_consistency(old, LEAVES[:new])
        verify_consistency((old, naive_root(LEAVES[:old])), (new, tree), proof)


def test_proofs_in_bigger_trees_need_only_leaves_and_kept_nodes() -> None:
    chance = random.Random(5)  # noqa: S311 - sizes to try, no secret
    leaves = [leaf(b"%d" % n) for n in range(3000)]
    reader = kept(leaves)
    for _ in range(40):
        old, new = sorted(chance.sample(range(1, 3001), 2))
        index = chance.randrange(new)
        assert inclusion(reader, index, new) == naive_inclusion(index, leaves[:new])
        assert consistency(reader, old, new) == naive_consistency(old, leaves[:new])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 70])
def test_an_inclusion_proof_with_any_bit_flipped_is_refused(size: int) -> None:
    tree = naive_root(LEAVES[:size])
    for index in {0, size // 2, size - 1}:
        proof = naive_inclusion(index, LEAVES[:size])
        for bit in range(256):
            with pytest.raises(NotProvenError):
                verify_inclusion(flipped(LEAVES[index], bit), index, size, proof, tree)
            with pytest.raises(NotProvenError):
                verify_inclusion(LEAVES[index], index, size, proof, flipped(tree, bit))
        for place in range(len(proof)):
            for bit in range(256):
                bent = (*proof[:place], flipped(proof[place], bit), *proof[place + 1 :])
                with pytest.raises(NotProvenError):
                    verify_inclusion(LEAVES[index], index, size, bent, tree)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (8, 13), (33, 70)])
def test_a_consistency_proof_with_any_bit_flipped_is_refused(old: int, new: int) -> None:
    first, second = naive_root(LEAVES[:old]), naive_root(LEAVES[:new])
    proof = naive_consistency(old, LEAVES[:new])
    for bit in range(256):
        with pytest.raises(NotProvenError):
            verify_consistency((old, flipped(first, bit)), (new, second), proof)
        with pytest.raises(NotProvenError):
            verify_consistency((old, first), (new, flipped(second, bit)), proof)
        for place in range(len(proof)):
            bent = (*proof[:place], flipped(proof[place], bit), *proof[place + 1 :])
            with pytest.raises(NotProvenError):
                verify_consistency((old, first), (new, second), bent)


def variants(proof: Sequence[bytes], *known: bytes) -> list[tuple[bytes, ...]]:
    """Cut, stretch, repeat, reorder."""
    proof = tuple(proof)
    extras = (*known, bytes(32), *proof)
    changed = [proof[:cut] for cut in range(len(proof))] + [proof[cut:] for cut in range(1, len(proof))]
    changed += [(*proof[:place], extra, *proof[place:]) for extra in extras for place in range(len(proof) + 1)]
    changed += [proof[::-1], (*proof, *proof)]
    return [variant for variant in changed if variant != proof]


@pytest.mark.parametrize("size", [1, 2, 5, 8, 21])
def test_a_proof_cut_stretched_or_reordered_is_refused(size: int) -> None:
    tree = naive_root(LEAVES[:size])
    for index in range(size):
        for proof in variants(naive_inclusion(index, LEAVES[:size]), LEAVES[index], tree):
            with pytest.raises(NotProvenError):
                verify_inclusion(LEAVES[index], index, size, proof, tree)


@pytest.mark.parametrize("new", [1, 2, 5, 8, 21])
def test_a_consistency_proof_cut_stretched_or_reordered_is_refused(new: int) -> None:
    second = naive_root(LEAVES[:new])
    for old in range(1, new + 1):
        first = naive_root(LEAVES[:old])
        for proof in variants(naive_consistency(old, LEAVES[:new]), first, second):
            with pytest.raises(NotProvenError):
                verify_consistency((old, first), (new, second), proof)


def test_a_proof_holds_for_no_other_index_than_its_own() -> None:
    size, tree = 21, naive_root(LEAVES[:21])
    for index in range(size):
        proof = naive_inclusion(index, LEAVES[:size])
        holds = [
            other
            for other in range(-1, size + 2)
            if accepted(lambda: verify_inclusion(LEAVES[index], other, size, proof, tree))  # noqa: B023 - called at once
        ]
        assert holds == [index]


def test_a_proof_for_another_size_does_not_lead_to_this_root() -> None:
    for size in (1, 2, 8, 21):
        tree = naive_root(LEAVES[:size])
        for other in set(range(1, 40)) - {size}:
            for index in range(other):
                proof = naive_inclusion(index, LEAVES[:other])
                with pytest.raises(NotProvenError):
                    verify_inclusion(LEAVES[index], index, other, proof, tree)


def test_a_consistency_proof_from_another_size_does_not_lead_to_this_root() -> None:
    new, second = 21, naive_root(LEAVES[:21])
    for old in range(1, new):
        proof = naive_consistency(old, LEAVES[:new])
        for other in set(range(1, new)) - {old}:
            with pytest.raises(NotProvenError):
                verify_consistency((other, naive_root(LEAVES[:other])), (new, second), proof)


def test_a_node_is_not_taken_for_a_leaf() -> None:
    tree = naive_root(LEAVES[:4])
    with pytest.raises(NotProvenError):
        verify_inclusion(leaf(LEAVES[0] + LEAVES[1]), 0, 2, [above(LEAVES[2], LEAVES[3])], tree)


@pytest.mark.parametrize(
    ("index", "size", "because"),
    [
        (0, 0, "index_range"),
        (1, 1, "index_range"),
        (-1, 1, "index_range"),
        (0, -1, "size_range"),
        (0, LARGEST_SIZE + 1, "size_range"),
        (2**64, 2**64 + 1, "size_range"),
        (LARGEST_SIZE, LARGEST_SIZE, "index_range"),
    ],
)
def test_places_that_no_tree_has_are_refused(index: int, size: int, because: str) -> None:
    with pytest.raises(NotProvenError, match=because):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])
    with pytest.raises(NotProvenError, match=because):
        inclusion(kept(LEAVES), index, size)


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (2, 1, "size_order"),
        (-1, 1, "size_range"),
        (0, -1, "size_range"),
        (1, LARGEST_SIZE + 1, "size_range"),
        (0, 5, "empty_tree"),
    ],
)
def test_sizes_between_which_nothing_can_be_proven_are_refused(old: int, new: int, because: str) -> None:
    with pytest.raises(NotProvenError, match=because):
        verify_consistency((old, LEAVES[0]), (new, LEAVES[1]), [])
    with pytest.raises(NotProvenError, match=because):
        consistency(kept(LEAVES), old, new)


def test_equal_sizes_need_equal_roots_and_no_proof() -> None:
    tree = naive_root(LEAVES[:5])
    verify_consistency((5, tree), (5, tree), [])
    verify_consistency((0, EMPTY_ROOT), (0, EMPTY_ROOT), [])
    with pytest.raises(NotProvenError, match="root"):
        verify_consistency((5, tree), (5, LEAVES[0]), [])
    with pytest.raises(NotProvenError, match="proof_length"):
        verify_consistency((5, tree), (5, tree), [tree])


def test_an_empty_proof_between_different_sizes_is_refused_even_for_equal_roots() -> None:
    tree = naive_root(LEAVES[:4])
    for new in (5, 8, 9):
        with pytest.raises(NotProvenError, match="proof_length"):
            verify_consistency((4, tree), (new, tree), [])


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_what_is_no_hash_is_refused_wherever_it_stands(wrong: bytes) -> None:
    good = LEAVES[0]
    for leaf_, proof, tree in [(wrong, [good], good), (good, [wrong], good), (good, [good], wrong)]:
        with pytest.raises(NotProvenError, match="hash_length"):
            verify_inclusion(leaf_, 0, 2, proof, tree)
    for first, second, proof in [(wrong, good, [good]), (good, wrong, [good]), (good, good, [wrong])]:
        with pytest.raises(NotProvenError, match="hash_length"):
            verify_consistency((1, first), (2, second), proof)
    with pytest.raises(NotProvenError, match="hash_length"):
        extend(Frontier(), [wrong])


def test_a_frontier_has_one_peak_for_every_bit_of_its_size() -> None:
    with pytest.raises(NotProvenError, match="frontier"):
        Frontier(3, (LEAVES[0],))
    with pytest.raises(NotProvenError, match="frontier"):
        Frontier(0, (LEAVES[0],))
    with pytest.raises(NotProvenError, match="size_range"):
        Frontier(-1, ())
    with pytest.raises(NotProvenError, match="hash_length"):
        Frontier(1, (b"",))


def test_a_tree_does_not_grow_beyond_the_largest_size() -> None:
    full = Frontier(LARGEST_SIZE, (LEAVES[0],) * 63)
    with pytest.raises(NotProvenError, match="size_range"):
        extend(full, [LEAVES[0]])


def test_proofs_at_the_far_end_of_the_range_are_checked_like_any_other() -> None:
    path = [LEAVES[n] for n in range(62)]
    result = LEAVES[62]
    for sibling in path:
        result = above(sibling, result)
    verify_inclusion(LEAVES[62], LARGEST_SIZE - 1, LARGEST_SIZE, path, result)
