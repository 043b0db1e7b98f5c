"""The keys of an identity server, without a service around them."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from service.web.keysets import KeySet, read_keys
from tests.conftest import Clock
from tests.identity import published


class Server:
    """What it answers, and how often it was asked."""

    def __init__(self, *keys: dict[str, object]) -> None:
        self.content: bytes | None = json.dumps({"keys": keys}).encode()
        self.asked = 0

    def __call__(self) -> bytes | None:
        self.asked += 1
        return self.content


def names(keys: KeySet, key_id: str | None = "one", algorithm: str = "RS256") -> list[str | None]:
    return [key.id for key in keys.find(key_id, algorithm)]


@pytest.mark.parametrize("fails", [None, b"", b"no json", b'{"keys": []}', b'{"keys": 1}', b"[]", b'{"keys": [1]}'])
def test_while_the_server_fails_the_keys_that_were_read_last_count_for_a_day(clock: Clock, fails: bytes | None) -> None:
    server = Server(published("one"))
    keys, sound = KeySet(server, clock), server.content
    assert names(keys) == ["one"]
    server.content = fails
    clock.move(hours=23, minutes=59)
    assert [names(keys) for _ in range(3)] == [["one"]] * 3
    assert server.asked == 2
    clock.move(minutes=1)
    assert names(keys) == []
    server.content = sound
    clock.move(seconds=30)
    assert names(keys) == ["one"]


def test_a_clock_that_was_set_back_makes_the_keys_old(clock: Clock) -> None:
    server = Server(published("one"))
    keys = KeySet(server, clock)
    assert names(keys) == ["one"]
    clock.move(days=-1)
    assert names(keys) == ["one"]
    assert server.asked == 2


def test_many_who_need_the_first_keys_at_once_fetch_them_once(clock: Clock) -> None:
    server, may_answer = Server(published("one")), Event()

    def slowly() -> bytes | None:
        may_answer.wait()
        return server()

    keys = KeySet(slowly, clock)
    with ThreadPoolExecutor(8) as pool:
        looking = [pool.submit(names, keys) for _ in range(8)]
        may_answer.set()
        assert [look.result() for look in looking] == [["one"]] * 8
    assert server.asked == 1


PASSED_OVER: dict[str, dict[str, object]] = {
    "for encrypting": published("one", use="enc"),
    "for signing only": published("one", key_ops=["sign"]),
    "too small": published("small-1024", kid="one"),
    "half a key": {"kty": "RSA", "kid": "one", "n": "AQAB"},
    "a shared secret": {"kty": "oct", "kid": "one", "k": "AAAA"},
    "of an unknown curve": {"kty": "EC", "kid": "one", "crv": "secp256k1", "x": "AA", "y": "AA"},
    "off its curve": {"kty": "EC", "kid": "one", "crv": "P-256", "x": "AA", "y": "AA"},
    "of an unknown kind": {"kty": ["RSA"], "kid": "one"},
    "no kind": {"kid": "one"},
}


@pytest.mark.parametrize("name", PASSED_OVER)
def test_keys_that_cannot_be_used_are_passed_over(name: str) -> None:
    content = json.dumps({"keys": [PASSED_OVER[name], 7, published("two")]}).encode()
    assert [key.id for key in read_keys(content)] == ["two"]


@pytest.mark.parametrize(
    ("written", "algorithm"),
    [
        (published("one", alg="RS512"), "RS256"),
        (published("one", "ES384"), "ES256"),
        (published("one", "ES256"), "RS256"),
        (published("one"), "ES256"),
        (published("one", "EdDSA"), "ES256"),
    ],
)
def test_a_key_serves_no_other_algorithm(clock: Clock, written: dict[str, object], algorithm: str) -> None:
    keys = KeySet(Server(written), clock)
    assert names(keys, "one", algorithm) == []
    assert names(keys, None, algorithm) == []


def test_a_key_that_names_no_algorithm_serves_all_of_its_kind(clock: Clock) -> None:
    written = published("one")
    del written["alg"]
    keys = KeySet(Server(written), clock)
    assert [names(keys, "one", algorithm) for algorithm in ("RS256", "PS512")] == [["one"], ["one"]]


def test_without_a_name_only_the_one_key_that_fits_is_taken(clock: Clock) -> None:
    assert names(KeySet(Server(published("one"), published("two", "ES256")), clock), None) == ["one"]
    assert names(KeySet(Server(published("one"), published("two")), clock), None) == []


def test_a_private_key_that_was_published_is_taken_as_the_public_one_it_holds() -> None:
    written = published("one") | {"d": "AQAB", "p": "AQAB"}
    (found,) = read_keys(json.dumps({"keys": [written]}).encode())
    assert type(found.key).__name__ == "RSAPublicKey"
