"""What a witness is asked and what it answers, entry by entry of the specification's table of refusals."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.keys import KeyType
from service.core.ledger.merkle import EMPTY_ROOT
from service.core.ledger.notes import Note, Signature, read_note, verify, write_note, write_signature
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.witnessing import (
    Accepted,
    Admitted,
    Refused,
    Request,
    Seen,
    Witness,
    admit,
    decide,
    is_url,
    read_answer,
    read_request,
    read_size,
    read_witnesses,
    write_request,
    write_size,
)
from tests.core.ledger.logs import (
    EVENTS,
    INSPECTOR,
    KNOWN_CHECKPOINT,
    LOG,
    ORIGIN,
    TIME,
    WITNESS_VKEY,
    Signer,
    leaf,
    naive_consistency,
    naive_root,
    signed,
)

STRANGER = Signer("stranger.example", b"\x07" * 32)
IMPOSTOR = Signer(ORIGIN, b"\x09" * 32)
LEAVES = [sha256(bytes([n])).digest() for n in range(20)]
FORKED = [*LEAVES[:4], bytes(32), *LEAVES[5:]]
KNOWN_LINE = KNOWN_CHECKPOINT.decode().splitlines()[-1]
KNOWN_NOTE = KNOWN_CHECKPOINT.removesuffix(f"{KNOWN_LINE}\n".encode())
KNOWN_REQUEST = b"old 2\nPR3ndt8IbBrp9wSdK7DAR1rRQYX5h+Bk6NENyy20oyI=\n\n" + KNOWN_NOTE


def tree(size: int, leaves: Sequence[bytes] = LEAVES, *signers: Signer) -> bytes:
    return signed(Checkpoint(ORIGIN, size, naive_root(leaves[:size])), *(signers or (LOG,)))


def ask(old: int, size: int, leaves: Sequence[bytes] = LEAVES, *signers: Signer) -> bytes:
    proof = naive_consistency(old, leaves[:size]) if 0 < old < size else ()
    return write_request(Request(old, tuple(proof), tree(size, leaves, *signers)))


def seen(size: int, leaves: Sequence[bytes] = LEAVES) -> Seen:
    return Seen(size, naive_root(leaves[:size]))


def decided(remembered: Seen, data: bytes) -> Accepted | Refused:
    admitted = admit(data, [LOG.key])
    return decide(remembered, admitted) if isinstance(admitted, Admitted) else admitted


def test_the_known_request_is_accepted_and_the_known_line_believed() -> None:
    leaves = [leaf(event) for event in EVENTS]
    remembered = Seen(2, naive_root(leaves[:2]))
    assert write_request(Request(2, (leaves[2],), KNOWN_NOTE)) == KNOWN_REQUEST
    accepted = decided(remembered, KNOWN_REQUEST)
    assert accepted == Accepted(Seen(3, naive_root(leaves)), read_note(KNOWN_NOTE))
    answer = write_signature(INSPECTOR.sign(read_note(KNOWN_NOTE).text))
    assert answer == f"{KNOWN_LINE}\n"
    believed = read_answer(KNOWN_NOTE, answer.encode(), INSPECTOR.key)
    assert (believed.line, believed.at) == (KNOWN_LINE, TIME)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_tree_that_grew_or_stayed_is_accepted(one: int, other: int) -> None:
    old, new = sorted([one, other])
    accepted = decided(seen(old), ask(old, new))
    assert isinstance(accepted, Accepted)
    assert accepted.seen == seen(new)
    assert verify(accepted.note, [LOG.key])


def test_a_request_is_read_back_as_it_was_written() -> None:
    request = Request(3, (bytes(32), b"\x01" * 32), tree(7))
    assert read_request(write_request(request)) == request


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        tree(3),
        b"old 0\n" + tree(3),
        b"\n\n" + tree(3),
        b"new 0\n\n" + tree(3),
        b"old  0\n\n" + tree(3),
        b"old 0 \n\n" + tree(3),
        b"old0\n\n" + tree(3),
        b"old 00\n\n" + tree(3),
        b"old +0\n\n" + tree(3),
        b"old -1\n\n" + tree(3),
        b"old 9223372036854775808\n\n" + tree(3),
        b"old \xd9\xa1\n\n" + tree(3),
        b"old 0\r\n\r\n" + tree(3),
        b"old 0\n\n" + tree(3)[:-1],
        b"old 0\n\n" + tree(3) + b"\n",
        b"old 0\n\n" + tree(3).replace(b"\n3\n", b"\n03\n"),
        b"old 1\nAAAA\n\n" + tree(3),
        b"old 1\nnot base64\n\n" + tree(3),
        b"old 1\n" + b"A" * 43 + b"\n\n" + tree(3),
        b"old 1\n" + (b"A" * 43 + b"=\n") * 64 + b"\n" + tree(3),
        b"old 0\n\n" + b"x" * 1_000_000 + tree(3),
    ],
)
def test_what_is_not_exactly_the_form_is_400(data: bytes) -> None:
    assert admit(data, [LOG.key]) == Refused(400, "malformed")


@given(st.binary(max_size=80))
def test_whatever_is_sent_is_answered(data: bytes) -> None:
    assert admit(data, [LOG.key]) == Refused(400, "malformed")
    assert admit(b"old 0\n\n" + data, [LOG.key]) == Refused(400, "malformed")


def test_sixty_three_hashes_are_still_a_request() -> None:
    data = b"old 1\n" + (b"A" * 43 + b"=\n") * 63 + b"\n" + tree(3)
    assert decided(seen(1), data) == Refused(422, "bad_proof")


def test_a_log_that_is_not_known_is_404_whoever_signed() -> None:
    assert admit(ask(0, 3), [STRANGER.key]) == Refused(404, "unknown_log")
    assert admit(ask(0, 3), []) == Refused(404, "unknown_log")


@pytest.mark.parametrize(
    "signers", [(STRANGER,), (IMPOSTOR,), (INSPECTOR,), (Signer(ORIGIN, bytes(range(32)), KeyType.COSIGNATURE),)]
)
def test_without_a_signature_of_the_log_it_is_403(signers: tuple[Signer, ...]) -> None:
    assert admit(ask(0, 3, LEAVES, *signers), [LOG.key]) == Refused(403, "unsigned")


def test_a_signature_of_the_log_that_does_not_hold_is_403_though_another_does() -> None:
    text = read_note(tree(3)).text
    wrong = Note(text, (LOG.sign(text), Signature(LOG.key.name, LOG.key.id, bytes(64))))
    assert admit(b"old 0\n\n" + write_note(wrong), [LOG.key]) == Refused(403, "unsigned")


def test_lines_of_others_are_looked_past_and_not_kept() -> None:
    admitted = admit(ask(0, 3, LEAVES, STRANGER, IMPOSTOR, LOG, INSPECTOR), [STRANGER.key, LOG.key])
    assert isinstance(admitted, Admitted)
    assert write_note(admitted.note) == tree(3)


def test_any_of_several_keys_of_a_log_will_do() -> None:
    for signer in (LOG, IMPOSTOR):
        assert isinstance(admit(ask(0, 3, LEAVES, signer), [IMPOSTOR.key, LOG.key]), Admitted)


def test_an_old_size_beyond_the_checkpoint_is_400() -> None:
    assert decided(seen(4), ask(4, 3)) == Refused(400, "old_beyond")


@pytest.mark.parametrize(("remembered", "old"), [(0, 3), (3, 0), (5, 4), (4, 5), (20, 0)])
def test_an_old_size_that_is_not_the_remembered_one_is_409_with_that(remembered: int, old: int) -> None:
    assert decided(seen(remembered), ask(old, 8)) == Refused(409, "old_differs", remembered)


def test_another_root_of_the_same_size_is_409() -> None:
    assert decided(seen(8), ask(8, 8, FORKED)) == Refused(409, "other_root", 8)
    empty = signed(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    assert decided(Seen(), write_request(Request(0, (), empty))) == Refused(409, "other_root", 0)
    assert isinstance(decided(Seen(), write_request(Request(0, (), tree(0)))), Accepted)
    assert Seen().root == EMPTY_ROOT


@pytest.mark.parametrize(("old", "new"), [(5, 8), (8, 9), (8, 16), (7, 20)])
def test_a_tree_with_another_beginning_is_422(old: int, new: int) -> None:
    assert decided(seen(old), ask(old, new, FORKED)) == Refused(422, "bad_proof")


@pytest.mark.parametrize("proof", [(), (bytes(32),), (bytes(32),) * 63])
def test_a_proof_that_is_not_the_proof_is_422(proof: tuple[bytes, ...]) -> None:
    right = read_request(ask(5, 9))
    assert decided(seen(5), write_request(replace(right, proof=proof))) == Refused(422, "bad_proof")


@pytest.mark.parametrize(("old", "new"), [(0, 3), (3, 3), (0, 0)])
def test_a_proof_where_there_is_nothing_to_prove_is_422(old: int, new: int) -> None:
    request = Request(old, (LEAVES[0],), tree(new))
    assert decided(seen(old), write_request(request)) == Refused(422, "bad_proof")


def test_the_size_a_witness_knows_is_one_line() -> None:
    assert write_size(20852014) == b"20852014\n"
    assert read_size(b"20852014\n") == 20852014


@pytest.mark.parametrize(
    "body", [b"", b"3", b"\n", b"03\n", b"3\n\n", b"3 \n", b"-3\n", b"\xd9\xa1\n", b"9" * 5000 + b"\n"]
)
def test_a_size_written_otherwise_is_not_read(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_size(body)


def line_of(signer: Signer, note: bytes, at: int = TIME) -> bytes:
    return write_signature(signer.sign(read_note(note).text, at)).encode()


OTHER = Signer("other.example/w", b"\x21" * 32, KeyType.COSIGNATURE)


def test_lines_of_other_witnesses_in_an_answer_are_left_out() -> None:
    answer = line_of(OTHER, tree(5)) + line_of(INSPECTOR, tree(3)) + line_of(OTHER, tree(3))
    assert read_answer(tree(3), answer, INSPECTOR.key).line == line_of(INSPECTOR, tree(3)).decode().rstrip("\n")


def test_of_several_lines_of_a_witness_the_newest_counts() -> None:
    answer = b"".join(line_of(INSPECTOR, tree(3), TIME + late) for late in (5, 9, 7))
    assert read_answer(tree(3), answer, INSPECTOR.key).at == TIME + 9


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (line_of(OTHER, tree(3)), "unsigned"),
        (line_of(LOG, tree(3)), "unsigned"),
        (line_of(Signer(INSPECTOR.key.name, b"\x22" * 32, KeyType.COSIGNATURE), tree(3)), "unsigned"),
        (line_of(INSPECTOR, tree(2)), "bad_signature"),
        (line_of(INSPECTOR, tree(3, FORKED[1:])), "bad_signature"),
        (line_of(INSPECTOR, tree(3)) + line_of(INSPECTOR, tree(2)), "bad_signature"),
    ],
)
def test_an_answer_that_does_not_hold_is_not_believed(answer: bytes, because: str) -> None:
    with pytest.raises(NotProvenError) as refused:
        read_answer(tree(3), answer, INSPECTOR.key)
    assert refused.value.because == because


GOOD = line_of(INSPECTOR, tree(3))


@pytest.mark.parametrize(
    "answer",
    [b"", b"\n", b"ok\n", GOOD[:-1], GOOD + b"\n", b"\n" + GOOD, b"x\n\n" + GOOD, GOOD * 101, b"\xff\n", b"<p>" + GOOD],
)
def test_an_answer_of_another_form_is_not_read(answer: bytes) -> None:
    with pytest.raises(MalformedError):
        read_answer(tree(3), answer, INSPECTOR.key)


PAIR = f"{WITNESS_VKEY} http://127.0.0.1:8100/"
SECOND = f"{OTHER.vkey} https://witness.example/a/b"


@pytest.mark.parametrize(
    "text", [f"{PAIR},{SECOND}", f" {PAIR} , {SECOND} ", f"{PAIR}\n{SECOND}\n", f"{PAIR}\n\n,{SECOND}"]
)
def test_witnesses_are_pairs_of_key_and_address(text: str) -> None:
    read = read_witnesses(text)
    assert read == (
        Witness(INSPECTOR.key, "http://127.0.0.1:8100"),
        Witness(OTHER.key, "https://witness.example/a/b"),
    )
    assert read_witnesses(",".join(map(str, read))) == read


def test_there_may_be_no_witness() -> None:
    assert read_witnesses("") == ()


LONG = Signer("x" * 201, b"\x23" * 32, KeyType.COSIGNATURE)


@pytest.mark.parametrize(
    "pair",
    [
        "x",
        WITNESS_VKEY,
        "http://127.0.0.1:8100",
        f"{LOG.vkey} http://127.0.0.1:8100",
        f"{LONG.vkey} http://127.0.0.1:8100",
        f"{WITNESS_VKEY} ftp://127.0.0.1",
        f"{WITNESS_VKEY} http://me:word@127.0.0.1",
        f"{WITNESS_VKEY} http://127.0.0.1/?a=b",
        f"{WITNESS_VKEY} http://127.0.0.1/#a",
        f"{WITNESS_VKEY} http://127.0.0.1 http://127.0.0.2",
        SECOND,
    ],
)
def test_a_pair_that_is_none_is_told_by_its_number(pair: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_witnesses(f"{SECOND},{pair}")
    assert refused.value.figures["number"] == 2


def test_there_are_at_most_thirty_two_witnesses() -> None:
    keys = [Signer(f"w{n}", bytes([n]) * 32, KeyType.COSIGNATURE).vkey for n in range(33)]
    pairs = [f"{vkey} http://127.0.0.1" for vkey in keys]
    assert len(read_witnesses(",".join(pairs[:32]))) == 32
    with pytest.raises(MalformedError) as refused:
        read_witnesses(",".join(pairs))
    assert refused.value.figures["number"] == 33


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://zone.example/hooks/7?token=x", True),
        ("http://127.0.0.1:9", True),
        ("zone.example", False),
        ("https://", False),
        ("https:///path", False),
        ("https://me:word@zone.example/", False),
        ("https://zone.example/#x", False),
        ("https://zone.example/a b", False),
        ("https://zone.example\n", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_an_address_over_http_is_one_to_send_to(text: str, good: bool) -> None:  # noqa: FBT001 - the expected answer
    assert is_url(text) is good
