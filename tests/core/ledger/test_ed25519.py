"""Our verification beside the ``cryptography`` library's, and the cases in which implementations differ."""

import hashlib
from itertools import count

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.ledger.ed25519 import holds
from tests.core.ledger.curve import BASE, EIGHTH, NEUTRAL, ORDER, P, add, challenge, sign, spelled, times
from tests.core.ledger.logs import flipped

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
SCALAR = int.from_bytes(hashlib.sha512(bytes(range(32))).digest()[:32], "little") & (2**254 - 8) | 2**254
MESSAGE = "检查点".encode()
SIGNATURE = PRIVATE.sign(MESSAGE)


def library_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
@settings(max_examples=100)
def test_what_the_library_signs_holds(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert holds(public, message, private.sign(message))
    assert not holds(public, message + b"\x00", private.sign(message))


def test_the_first_vectors_of_rfc_8032_hold() -> None:
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert holds(key, b"", signature)


@pytest.mark.parametrize("bit", range(512))
def test_a_signature_with_any_bit_flipped_is_refused_here_and_by_the_library(bit: int) -> None:
    bent = flipped(SIGNATURE, bit)
    assert not holds(PUBLIC, MESSAGE, bent)
    assert not library_accepts(PUBLIC, MESSAGE, bent)


@pytest.mark.parametrize("bit", range(256))
def test_a_key_with_any_bit_flipped_is_refused_here_and_by_the_library(bit: int) -> None:
    bent = flipped(PUBLIC, bit)
    assert not holds(bent, MESSAGE, SIGNATURE)
    assert not library_accepts(bent, MESSAGE, SIGNATURE)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_holds_nothing(length: int) -> None:
    assert not holds((PUBLIC + PUBLIC)[:length], MESSAGE, SIGNATURE)


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_a_signature_of_another_length_does_not_hold(length: int) -> None:
    assert not holds(PUBLIC, MESSAGE, (SIGNATURE + SIGNATURE)[:length])


@pytest.mark.parametrize("times_order", range(1, 15))
def test_the_same_signature_spelled_with_a_bigger_number_is_refused(times_order: int) -> None:
    s = int.from_bytes(SIGNATURE[32:], "little") + times_order * ORDER
    stretched = SIGNATURE[:32] + s.to_bytes(32, "little")
    assert not holds(PUBLIC, MESSAGE, stretched)
    assert not library_accepts(PUBLIC, MESSAGE, stretched)


def test_our_own_signing_in_this_file_is_that_of_the_library() -> None:
    assert spelled(times(SCALAR, BASE)) == PUBLIC
    assert holds(PUBLIC, MESSAGE, sign(SCALAR, PUBLIC, MESSAGE))
    assert library_accepts(PUBLIC, MESSAGE, sign(SCALAR, PUBLIC, MESSAGE))


@pytest.mark.parametrize("number", range(8))
def test_a_key_of_small_order_holds_nothing(number: int) -> None:
    point = times(number, EIGHTH)
    assert times(8, point) == NEUTRAL
    key = spelled(point)
    for attempt in count():  # one in eight messages fits such a key, if it is let in
        message = b"%d" % attempt
        signature = sign(0, key, message)
        if challenge(signature[:32], key, message) % 8 == 0:
            assert not holds(key, message, signature)
            return


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1])
@pytest.mark.parametrize("odd", [0, 1])
def test_a_key_spelled_beyond_the_field_holds_nothing(y: int, odd: int) -> None:
    key = (y | odd << 255).to_bytes(32, "little")
    for attempt in range(8):
        message = b"%d" % attempt
        assert not holds(key, message, sign(0, key, message))


@pytest.mark.parametrize("y", [1, P - 1])
def test_a_key_with_a_minus_sign_before_zero_holds_nothing(y: int) -> None:
    key = (y | 1 << 255).to_bytes(32, "little")
    assert not holds(key, MESSAGE, sign(0, key, MESSAGE))


def test_a_key_that_is_no_point_holds_nothing() -> None:
    key = (2).to_bytes(32, "little")
    assert not holds(key, MESSAGE, SIGNATURE)
    assert not library_accepts(key, MESSAGE, SIGNATURE)


def test_a_first_half_in_a_second_spelling_is_refused() -> None:
    for first_half, accepted in [(spelled(NEUTRAL), True), ((P + 1).to_bytes(32, "little"), False)]:
        s = challenge(first_half, PUBLIC, MESSAGE) * SCALAR % ORDER
        signature = first_half + s.to_bytes(32, "little")
        assert holds(PUBLIC, MESSAGE, signature) is accepted
        assert library_accepts(PUBLIC, MESSAGE, signature) is accepted


def test_a_key_with_a_small_part_holds_where_the_equation_holds_without_the_cofactor() -> None:
    key = spelled(add(times(SCALAR, BASE), EIGHTH))
    seen = set()
    for attempt in range(60):
        message = b"%d" % attempt
        signature = sign(SCALAR, key, message)
        expected = challenge(signature[:32], key, message) % 8 == 0
        assert holds(key, message, signature) is expected
        assert library_accepts(key, message, signature) is expected
        seen.add(expected)
    assert seen == {True, False}
