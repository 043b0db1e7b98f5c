"""Messages, signatures and the schedule, held against the specification's own library."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.core import webhooks
from service.core.errors import Flaw

ENTRY = {
    "actor": {"ref": "u:1", "roles": ["officer"]},
    "at": "2026-11-23T02:15:30.123456Z",
    "data": {"to": "submitted", "facts_sha256": "ab", "reason": "某某"},
    "id": "019ab2ef-91d4-7a52-8f3e-2b1c44d5e6f7",
    "subject": {"id": "c-1", "kind": "application", "rev": 2},
    "type": "application.submitted",
}
SECRET = webhooks.write_secret(bytes(range(32)))
OTHER = webhooks.write_secret(bytes(range(1, 33)))


def headers(signature: str, at: int) -> dict[str, str]:
    return {"webhook-id": "m-1", "webhook-timestamp": str(at), "webhook-signature": signature}


def now() -> int:
    return int(datetime.now(UTC).timestamp())  # noqa: TID251 - the library looks at the clock


def test_a_message_tells_nothing_of_an_entry_but_what_it_says() -> None:
    body = webhooks.message(webhooks.told(7, ENTRY, "2026-0001"))
    assert json.loads(body) == {
        "type": "application.submitted",
        "timestamp": "2026-11-23T02:15:30.123456Z",
        "data": {
            "id": "019ab2ef-91d4-7a52-8f3e-2b1c44d5e6f7",
            "entry": 7,
            "subject": {"kind": "application", "id": "c-1"},
            "number": "2026-0001",
            "state": "submitted",
            "actor": "u:1",
        },
    }


def test_an_entry_without_a_state_tells_none() -> None:
    told = webhooks.told(7, {**ENTRY, "data": {}}, None)
    assert (told.state, told.case, told.id) == (None, None, UUID(str(ENTRY["id"])))
    assert webhooks.told(7, {**ENTRY, "data": {"to": 3}}, None).state is None


def test_the_library_of_the_specification_believes_a_signature() -> None:
    at, body = now(), b'{"type":"x"}'
    signed = headers(webhooks.sign((SECRET,), "m-1", at, body), at)
    assert Webhook(SECRET).verify(body, signed) == {"type": "x"}
    for wrong, given in (
        (body + b" ", signed),
        (body, signed | {"webhook-id": "m-2"}),
        (body, signed | {"webhook-timestamp": str(at + 1)}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(wrong, given)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, signed)


def test_the_library_signs_alike() -> None:
    at, body = datetime(2026, 11, 23, tzinfo=UTC), '{"a":"甲"}'
    theirs = Webhook(SECRET).sign("m-1", at, body)
    assert webhooks.sign((SECRET,), "m-1", int(at.timestamp()), body.encode()) == theirs


def test_during_a_rotation_either_secret_will_do() -> None:
    at, body = now(), b"{}"
    signed = headers(webhooks.sign((SECRET, OTHER), "m-1", at, body), at)
    assert Webhook(SECRET).verify(body, signed) == Webhook(OTHER).verify(body, signed) == {}


def test_the_schedule_is_the_published_one() -> None:
    waits = [webhooks.due_after(attempt) for attempt in range(1, 11)]
    assert waits == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
        None,
    ]
    assert webhooks.MOST_ATTEMPTS == 10


def test_what_is_announced_is_everything_but_heartbeats_and_webhooks() -> None:
    assert {"application.submitted", "vote.cast", "decision.recorded", "person.added"} <= webhooks.ANNOUNCED
    assert not {"log.heartbeat", "webhook.added", "webhook.tested"} & webhooks.ANNOUNCED
    assert webhooks.wants(["*"], "vote.cast")
    assert not webhooks.wants(["*"], "webhook.tested")
    assert webhooks.wants(["meeting.closed", "vote.cast"], "vote.cast")
    assert not webhooks.wants(["vote"], "vote.cast")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example", "a.example"),
        ("HTTPS://A.example:8443/x?key=1", "a.example"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("https://[2606:4700::1]:443?x", "2606:4700::1"),
        ("https://[::ffff:1.2.3.4]:65535/", "::ffff:1.2.3.4"),
        ("https://0x7f.1/", "0x7f.1"),
    ],
)
def test_an_address_names_its_host(url: str, host: str) -> None:
    assert webhooks.flaws(url, ["*"]) == ()
    assert webhooks.host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "a.example",
            "ftp://a.example",
            "https://",
            "https:///x",
            "https://me@a.example",
            "https://me:x@a.example",
        ),
        *("https://a.example/#x", "https://a.example/a b", "https://a.example:port/", "https://a.example\\@b.example/"),
        *("https://甲.example/", "https://[::1", "https://a.example:1:2/", "https://[fe80::1%25eth0]/"),
        *("https://[BB]/", "https://[1::2::3]/", "https://a.example:0/", "https://a.example:65536/"),
        "https://a.example/" + "x" * 2000,
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert webhooks.flaws(url, ["*"]) == (Flaw("/url", "webhook_url", {"most": 2000}),)


def test_every_event_that_is_none_is_told() -> None:
    assert webhooks.flaws("https://a.example", []) == (Flaw("/events", "webhook_events_missing"),)
    assert webhooks.flaws("x", ["vote.cast", "webhook.added", "", "*"]) == (
        Flaw("/url", "webhook_url", {"most": 2000}),
        Flaw("/events/1", "webhook_event", {"found": "webhook.added"}),
        Flaw("/events/2", "webhook_event", {"found": ""}),
    )
