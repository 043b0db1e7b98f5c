"""Telling others, who may answer anything, anyhow, or not at all."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import outbound
from service.outbound import Answer, Letter, Limits, Unanswered
from tests import identity
from tests.witnesses import dripping, response, silent, stand_in

QUICK = Limits(silent=0.3, whole=0.6)


def test_a_letter_arrives_as_it_was_written_and_the_answer_comes_back() -> None:
    with stand_in(lambda letter: response(201, letter[::-1], Content_Type="Text/Plain; charset=x")) as box:
        assert outbound.post(Letter(f"{box.url}/a?b=c", b"abc\n")) == Answer(201, "text/plain", b"\ncba")
    assert (box.letters, box.paths) == ([b"abc\n"], ["/a?b=c"])
    assert box.headers[0]["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("status", [204, 400, 409, 500, 503])
def test_every_status_is_an_answer(status: int) -> None:
    with stand_in(lambda _: response(status)) as box:
        assert outbound.post(Letter(box.url, b"x")) == Answer(status, "", b"")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_elsewhere(status: int) -> None:
    with stand_in(lambda _: response(200)) as elsewhere:
        with stand_in(lambda _: response(status, Location=f"{elsewhere.url}/x")) as box:
            assert outbound.post(Letter(box.url, b"x")) == Answer(status, "", b"")
        assert elsewhere.letters == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage",
        b"\x00" * 1000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_what_is_no_answer_is_said_to_be_none(answer: bytes) -> None:
    with stand_in(lambda _: [answer]) as box:
        assert outbound.post(Letter(box.url, b"x")) == Unanswered("no_answer")


def test_nobody_there_is_no_answer() -> None:
    with stand_in(lambda _: []) as box:
        pass
    assert outbound.post(Letter(box.url, b"x")) == Unanswered("no_answer")
    assert outbound.post(Letter("http://nowhere.invalid/", b"x")) == Unanswered("no_answer")
    assert outbound.post(Letter("not an address", b"x")) == Unanswered("no_answer")


@pytest.mark.parametrize("length", ["Content-Length: 16385", "Content-Length: 9999999999", "Connection: close"])
def test_a_body_longer_than_any_answer_is_not_read_to_its_end(length: str) -> None:
    head = f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode()
    with stand_in(lambda _: [head, b"a" * 16_385]) as box:
        assert outbound.post(Letter(box.url, b"x")) == Unanswered("too_large")


def test_the_longest_answer_is_still_read() -> None:
    with stand_in(lambda _: response(200, b"a" * 16_384)) as box:
        assert outbound.post(Letter(box.url, b"x")) == Answer(200, "", b"a" * 16_384)


def test_whoever_says_nothing_is_not_waited_for() -> None:
    with silent() as wait, stand_in(wait) as box:
        assert outbound.post(Letter(box.url, b"x"), QUICK) == Unanswered("too_slow")


def test_whoever_always_says_a_little_is_not_waited_for() -> None:
    with stand_in(dripping) as box:
        assert outbound.post(Letter(box.url, b"x"), QUICK) == Unanswered("too_slow")


def test_no_password_of_the_machine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password word\n", encoding="ascii")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with stand_in(lambda _: response(200)) as box:
        assert outbound.post(Letter(box.url, b"x")) == Answer(200, "", b"")
    assert "Authorization" not in box.headers[0]


def test_a_head_that_goes_on_is_not_waited_for() -> None:
    def dripping_head(_letter: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX: "
        while True:
            time.sleep(0.02)
            yield b"a"

    with stand_in(dripping_head) as box:
        assert outbound.post(Letter(box.url, b"x"), QUICK) == Unanswered("too_slow")


def test_an_end_that_comes_because_the_time_is_over_is_no_answer() -> None:
    def open_end(_letter: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        for _ in range(6):
            time.sleep(0.2)
            yield b"a"

    with stand_in(open_end) as box:
        assert outbound.post(Letter(box.url, b"x"), QUICK) == Unanswered("too_slow")


def test_a_host_that_is_not_known_has_no_address() -> None:
    assert outbound.resolve("nowhere.invalid") == ()
    assert outbound.resolve("x" * 64 + ".example") == ()
    assert outbound.resolve("127.0.0.1") == ("127.0.0.1",)
    assert outbound.resolve("0x7f.1") == ("127.0.0.1",)


def test_what_is_at_an_address_is_fetched_whatever_its_status() -> None:
    with identity.serving() as server:
        server.fails = b'{"keys": []}'
        assert outbound.fetch(server.url) == Answer(200, "application/json", b'{"keys": []}')
        server.fails = b""
        assert outbound.fetch(server.url) == Answer(503, "application/json", b"")
        server.fails = b"x" * 20_000
        assert outbound.fetch(server.url) == Unanswered("too_large")
    assert outbound.fetch(server.url) == Unanswered("no_answer")
