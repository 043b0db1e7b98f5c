from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import Frontier, extend, root
from service.core.ledger.policy import Policy, read_policy
from service.core.ledger.proofs import MOST_HASHES, Proof, prove, read_proof, write_proof
from service.core.ledger.refusal import NotProvenError
from tests.core.ledger.logs import (
    EVENTS,
    INSPECTOR,
    KNOWN_CHECKPOINT,
    KNOWN_PROOF,
    LOG,
    LOG_VKEY,
    ORIGIN,
    WITNESS_VKEY,
    flipped,
    leaf,
    naive_inclusion,
    signed,
)

POLICY = read_policy(f"log {LOG_VKEY}\nwitness w {WITNESS_VKEY}\nquorum w\n".encode())
HEAD, NOTE = KNOWN_PROOF.split(b"\n\n", 1)
FIRST, INDEX, LOW, HIGH = HEAD.split(b"\n")

hashes = st.binary(min_size=32, max_size=32)


def test_the_known_answer_of_the_design_is_built_byte_for_byte() -> None:
    leaves = [leaf(event) for event in EVENTS]
    frontier, _ = extend(Frontier(), leaves)
    checkpoint = signed(Checkpoint(ORIGIN, 3, root(frontier)), LOG, INSPECTOR)
    assert checkpoint == KNOWN_CHECKPOINT
    assert write_proof(Proof(1, naive_inclusion(1, leaves), checkpoint)) == KNOWN_PROOF


def test_the_known_answer_proves_its_event_with_the_quorum() -> None:
    judgement = prove(read_proof(KNOWN_PROOF), leaf(EVENTS[1]), POLICY)
    assert judgement.quorum
    assert judgement.checkpoint.size == 3


def test_the_known_answer_proves_no_other_event() -> None:
    for event in (EVENTS[0], EVENTS[2], b"", b'{"n":1} '):
        with pytest.raises(NotProvenError, match="root"):
            prove(read_proof(KNOWN_PROOF), leaf(event), POLICY)


@pytest.mark.parametrize("index", [0, 2, 3, 2**63 - 1])
def test_the_known_answer_proves_no_other_index(index: int) -> None:
    with pytest.raises(NotProvenError):
        prove(replace(read_proof(KNOWN_PROOF), index=index), leaf(EVENTS[1]), POLICY)


@pytest.mark.parametrize("place", range(len(KNOWN_PROOF)))
def test_a_bit_flipped_in_any_byte_spoils_the_known_answer(place: int) -> None:
    try:
        judgement = prove(read_proof(flipped(KNOWN_PROOF, place * 8 + place % 8)), leaf(EVENTS[1]), POLICY)
    except (MalformedError, NotProvenError):
        return
    assert not judgement.quorum


@pytest.mark.parametrize("cut", range(len(KNOWN_PROOF)))
def test_a_proof_cut_short_is_not_read_or_lacks_its_witness(cut: int) -> None:
    try:
        proof = read_proof(KNOWN_PROOF[:cut])
    except MalformedError:
        return
    assert not prove(proof, leaf(EVENTS[1]), POLICY).quorum


def test_a_proof_without_the_quorum_says_so() -> None:
    checkpoint = signed(Checkpoint(ORIGIN, 1, leaf(EVENTS[0])), LOG)
    assert not prove(Proof(0, (), checkpoint), leaf(EVENTS[0]), POLICY).quorum


def test_a_proof_under_a_key_nobody_knows_is_refused() -> None:
    with pytest.raises(NotProvenError, match="unsigned"):
        prove(read_proof(KNOWN_PROOF), leaf(EVENTS[1]), Policy())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        HEAD + b"\n",
        HEAD + b"\n\n",
        HEAD + b"\n\n" + NOTE.split(b"\n\n", maxsplit=1)[0] + b"\n",
        HEAD + b"\n\n" + NOTE.split(b"\n\n", maxsplit=1)[0] + b"\n\n",
        NOTE,
        b"\n" + KNOWN_PROOF,
        KNOWN_PROOF + b"\n",
        KNOWN_PROOF.replace(b"@v1", b"@v2", 1),
        KNOWN_PROOF.replace(b"\n", b"\r\n"),
        KNOWN_PROOF.replace(INDEX, b"index 01", 1),
        KNOWN_PROOF.replace(INDEX, b"index -1", 1),
        KNOWN_PROOF.replace(INDEX, b"index  1", 1),
        KNOWN_PROOF.replace(INDEX, b"index", 1),
        KNOWN_PROOF.replace(INDEX, b"Index 1", 1),
        KNOWN_PROOF.replace(INDEX, b"index 9223372036854775808", 1),
        KNOWN_PROOF.replace(INDEX + b"\n", b"", 1),
        KNOWN_PROOF.replace(INDEX, INDEX + b"\nextra YQ==", 1),
        KNOWN_PROOF.replace(INDEX, b"extra \n" + INDEX, 1),
        KNOWN_PROOF.replace(INDEX, b"extra\n" + INDEX, 1),
        KNOWN_PROOF.replace(INDEX, b"extra YQ\n" + INDEX, 1),
        KNOWN_PROOF.replace(INDEX, b"extra YQ==\nextra YQ==\n" + INDEX, 1),
        KNOWN_PROOF.replace(INDEX, "extra é\n".encode() + INDEX, 1),
        KNOWN_PROOF.replace(LOW, LOW[:-1], 1),
        KNOWN_PROOF.replace(LOW, LOW + b" ", 1),
        KNOWN_PROOF.replace(LOW, b"YQ==", 1),
        KNOWN_PROOF.replace(LOW, b"", 1),
        KNOWN_PROOF.replace(LOW, b"\n".join([LOW] * (MOST_HASHES + 1)), 1),
        FIRST + b"\n\n" + NOTE,
    ],
)
def test_a_malformed_proof_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_proof(data)


@given(
    st.integers(0, 2**63 - 1),
    st.lists(hashes, max_size=MOST_HASHES).map(tuple),
    st.none() | st.binary(min_size=1, max_size=40),
)
def test_a_proof_is_read_back_as_it_was_written(index: int, path: tuple[bytes, ...], extra: bytes | None) -> None:
    proof = Proof(index, path, KNOWN_CHECKPOINT, extra)
    assert read_proof(write_proof(proof)) == proof


@pytest.mark.parametrize(
    "wrong",
    [
        Proof(-1, (), KNOWN_CHECKPOINT),
        Proof(2**63, (), KNOWN_CHECKPOINT),
        Proof(0, (b"",), KNOWN_CHECKPOINT),
        Proof(0, (bytes(32),) * (MOST_HASHES + 1), KNOWN_CHECKPOINT),
        Proof(0, (), b""),
        Proof(0, (), KNOWN_CHECKPOINT, b""),
    ],
)
def test_a_proof_that_would_be_read_otherwise_is_not_written(wrong: Proof) -> None:
    with pytest.raises(MalformedError):
        write_proof(wrong)
