"""Refusals, failures and waits, without a service behind the line: nothing gets that far."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.client import (
    ClientError,
    ConflictError,
    InvalidError,
    RedirectedError,
    Retries,
    ServerError,
    SluiceClient,
    TooManyRequestsError,
    UnansweredError,
    UnreadableError,
)
from service.client.answers import Application
from tests.client.conftest import Waits, new
from tests.client.flaky import Proxy, Trouble, dropped, flaky, gateway, problem

KEY = "slc_not_a_real_key"
TOO_MANY = problem(429, "too_many", Retry_After="3")


@pytest.fixture
def line() -> Iterator[Proxy]:
    with flaky("") as line:
        yield line


def calling(line: Proxy, retries: Retries) -> SluiceClient:
    return SluiceClient(line.address, KEY, retries=retries)


def create(client: SluiceClient) -> Application:
    with client:
        return client.applications.create(new())


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (problem(409, "illegal_move"), ConflictError),
        (problem(409, "illegal_move", Retry_After="1"), ConflictError),
        (gateway(409), ConflictError),
        (gateway(500), ServerError),
        (problem(500, "internal", Retry_After="1"), ServerError),
        (gateway(302, Location="/v1/meta"), RedirectedError),
        (gateway(307, Location="/v1/applications"), RedirectedError),
        (gateway(200), UnreadableError),
    ],
)
def test_what_would_end_the_same_way_is_not_sent_again(
    line: Proxy, waits: Waits, trouble: Trouble, kind: type[ClientError]
) -> None:
    client = calling(line, waits.retries())
    line.fail(trouble)
    with pytest.raises(kind) as refused:
        create(client)
    assert type(refused.value) is kind
    assert (len(line.seen), waits.waits) == (1, [])


@pytest.mark.parametrize(
    ("trouble", "tries", "expected"),
    [
        (dropped, 4, [0.75, 1.5, 3.0]),
        (dropped, 1, []),
        (TOO_MANY, 3, [3.75, 4.5]),
        (gateway(503, Retry_After="31"), 3, []),
        (gateway(503, Retry_After="soon"), 2, [0.75]),
        (gateway(503, Retry_After="-1"), 2, [0.75]),
        (
            gateway(503, Date="Tue, 24 Nov 2026 08:00:00 GMT", Retry_After="Tue, 24 Nov 2026 08:00:20 GMT"),
            2,
            [20.75],
        ),
        (gateway(503, Date="Tue, 24 Nov 2026 08:00:00 GMT", Retry_After="Tue, 24 Nov 2026 07:00:00 GMT"), 2, [0.75]),
    ],
)
def test_waits_double_and_what_the_service_asks_for_is_waited_out_before_them(
    line: Proxy, waits: Waits, trouble: Trouble, tries: int, expected: list[float]
) -> None:
    client = calling(line, waits.retries(tries))
    line.fail(*[trouble] * tries)
    with pytest.raises(ClientError):
        create(client)
    assert waits.waits == expected
    assert len(line.seen) == len(expected) + 1


def test_no_wait_is_longer_than_the_longest(line: Proxy, waits: Waits) -> None:
    client = calling(line, waits.retries(6, longest=2))
    line.fail(*[dropped] * 6)
    with pytest.raises(UnansweredError):
        create(client)
    assert waits.waits == [0.75, 1.5, 1.5, 1.5, 1.5]


def test_the_last_failure_is_told_with_what_the_service_asked_for(line: Proxy, waits: Waits) -> None:
    client = calling(line, waits.retries(2))
    line.fail(dropped, TOO_MANY)
    with pytest.raises(TooManyRequestsError) as refused:
        create(client)
    error = refused.value
    assert (error.code, error.status, error.retry_after) == ("too_many", 429, 3)
    assert error.request_id == line.seen[-1].request_id == line.seen[0].request_id


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://user@zone.example", "http://zone.example/?a=b"],
)
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="the address is not one"):
        SluiceClient(address, KEY)


@pytest.mark.parametrize("key", ["", "slc_a\n", "slc a", "密钥"])
def test_a_key_that_is_none_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ValueError, match="the key is not one") as refused:
        SluiceClient("http://127.0.0.1:8000", key)
    assert not key or key not in str(refused.value)


def test_every_call_says_who_asks_in_which_language_and_what_it_takes(line: Proxy, waits: Waits) -> None:
    line.fail(problem(422, "invalid"))
    with pytest.raises(InvalidError):
        create(calling(line, waits.retries()))
    headers = line.seen[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["accept-language"] == "zh-CN"
    assert headers["accept"] == "application/json, application/problem+json"
    assert headers["content-type"] == "application/json"
    assert len(headers["x-request-id"]) == 32


def test_a_password_that_lies_about_on_the_machine_is_not_sent_in_place_of_the_key(
    line: Proxy, waits: Waits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    line.fail(problem(422, "invalid"))
    with pytest.raises(InvalidError):
        create(calling(line, waits.retries()))
    assert line.seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_is_in_no_representation_of_a_client_and_in_no_error(line: Proxy, waits: Waits) -> None:
    client = calling(line, waits.retries(1))
    line.fail(dropped)
    with pytest.raises(UnansweredError) as unanswered:
        create(client)
    assert KEY not in repr(client) + repr(client.applications) + repr(unanswered.value) + str(unanswered.value)
