"""Webhooks and events over HTTP."""

import json
from typing import Any

import pytest

from service.actions import ledger
from service.core.cases.states import State
from service.core.ledger.tellings import EFFECTS
from service.core.people import Role
from tests import hooks, make, seating
from tests.api.calling import Caller, Http, read, require_problem
from tests.api.samples import case
from tests.witnesses import response, stand_in

NEW = {"url": "https://hook.zone.example/x", "events": ["application.submitted", "decision.recorded"]}


def added(caller: Caller, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any member
    response = caller.post("/v1/webhooks", {**NEW, **changes})
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/webhooks/{read(response)['id']}"
    return dict(read(response))


def test_a_secret_is_shown_when_it_is_new_and_never_again(http: Http) -> None:
    new = added(http.admin)
    place = f"/v1/webhooks/{new['id']}"
    assert new["secret"].startswith("whsec_")
    assert (new["url"], new["events"], new["active"], new["version"]) == (NEW["url"], NEW["events"], True, 1)
    rotated = http.admin.post(f"{place}/rotate", If_Match='"1"')
    assert rotated.status_code == 200
    secrets = {new["secret"], read(rotated)["secret"]}
    assert len(secrets) == 2
    assert read(rotated)["previous_until"] == "2026-11-24T02:15:30.123456Z"
    for answer in (
        http.admin.get(place),
        http.admin.get("/v1/webhooks"),
        http.admin.get(f"{place}/deliveries"),
        http.admin.post(f"{place}/deactivate", If_Match='"2"'),
    ):
        assert answer.status_code == 200
        assert "whsec_" not in answer.text
    assert read(http.admin.get(place))["active"] is False
    require_problem(http.admin.post(f"{place}/rotate", If_Match='"3"'), 409, "webhook_inactive")


def test_a_repetition_of_the_same_request_gets_the_same_secret(http: Http) -> None:
    first, again = (http.admin.post("/v1/webhooks", NEW, Idempotency_Key="k") for _ in range(2))
    assert first.get_data() == again.get_data()
    assert len(read(http.admin.get("/v1/webhooks"))["items"]) == 1


def test_every_flaw_of_a_webhook_is_told(http: Http) -> None:
    told = require_problem(
        http.admin.post("/v1/webhooks", {"url": "x", "events": ["vote.cast", "x.y"]}), 422, "invalid"
    )
    assert [(flaw["pointer"], flaw["code"]) for flaw in told["flaws"]] == [
        ("/url", "webhook_url"),
        ("/events/1", "webhook_event"),
    ]
    told = require_problem(http.admin.post("/v1/webhooks", {"events": 1}), 422, "invalid")
    assert {flaw["pointer"] for flaw in told["flaws"]} == {"/url", "/events"}


def test_a_rotation_needs_the_version_that_was_read(http: Http) -> None:
    place = f"/v1/webhooks/{added(http.admin)['id']}"
    require_problem(http.admin.post(f"{place}/rotate"), 428, "precondition_required")
    require_problem(http.admin.post(f"{place}/rotate", If_Match='"7"'), 412, "stale")


@pytest.mark.parametrize("rest", ["", "/deliveries"])
def test_a_webhook_that_is_not_there_is_not_found(http: Http, rest: str) -> None:
    nowhere = "/v1/webhooks/019ab2ee-0b77-7c21-9a00-0123456789ab"
    require_problem(http.admin.get(nowhere + rest), 404, "not_found")
    require_problem(http.admin.post(f"{nowhere}/test"), 404, "not_found")


def pages(caller: Caller, place: str) -> list[dict[str, Any]]:
    """Every page there is, the first at a place, each by the link of the one before."""
    found = []
    while place:
        page = caller.get(place)
        found.append(read(page))
        place = page.headers.get("Link", "").partition(">")[0].lstrip("<")
    return found


def test_deliveries_come_page_by_page_the_latest_first_and_a_cursor_is_good_for_its_webhook(http: Http) -> None:
    one, other = (f"/v1/webhooks/{added(http.admin)['id']}/" for _ in range(2))
    tests = [read(http.admin.post(f"{one}test"))["n"] for _ in range(5)]
    found = pages(http.admin, f"{one}deliveries?limit=2")
    assert [len(page["items"]) for page in found] == [2, 2, 1]
    assert [(item["n"], item["type"], item["state"]) for page in found for item in page["items"]] == [
        (n, "webhook.tested", "pending") for n in reversed(tests)
    ]
    require_problem(http.admin.get(f"{other}deliveries?cursor={found[0]['next_cursor']}"), 400, "malformed")
    require_problem(http.admin.get(f"{one}deliveries?limit=201"), 422, "invalid")


def test_what_is_still_to_be_sent_is_not_sent_again_and_what_is_settled_is(http: Http) -> None:
    home = hooks.local(http.house)
    with stand_in(lambda _: response(204)) as box:
        place = f"/v1/webhooks/{added(http.admin, url=box.url)['id']}"
        sent = read(http.admin.post(f"{place}/test"))
        again = f"{place}/deliveries/{sent['n']}/replay"
        require_problem(http.admin.post(again), 409, "still_pending")
        hooks.deliver(home)
        assert read(http.admin.get(f"{place}/deliveries"))["items"][0] == {
            **sent,
            "state": "delivered",
            "attempts": 1,
            "due_at": None,
            "status": 204,
            "delivered_at": "2026-11-23T02:15:30.123456Z",
        }
        assert read(http.admin.post(again))["state"] == "pending"
        hooks.deliver(home)
    assert len(box.letters) == 2
    assert len(set(hooks.ids(box))) == 1
    require_problem(http.admin.post(f"{place}/deliveries/999/replay"), 404, "not_found")


def test_whoever_catches_up_reads_the_very_messages_that_were_sent(http: Http) -> None:
    home = hooks.local(http.house)
    with stand_in(lambda _: response(200)) as box:
        added(http.admin, url=box.url, events=["*"])
        for _ in range(3):
            home.create(make.application())
        hooks.deliver(home)
    ledger.catch_up(home.runtime)
    found = [item for page in pages(http.admin, "/v1/events?limit=3") for item in page["items"]]
    told = [item["event"] for item in found if item["event"]["type"].startswith("application.")]
    assert told == [json.loads(letter) for letter in box.letters]
    assert {item["event"]["type"] for item in found} <= set(EFFECTS) - {"log.heartbeat"}
    text = http.admin.get("/v1/events?limit=200").text
    assert all(letter.decode() in text for letter in box.letters)


def test_whoever_keeps_the_last_index_misses_nothing_and_reads_nothing_twice(http: Http) -> None:
    admin = http.admin
    http.house.create(make.application())
    ledger.catch_up(http.house.runtime)
    found = read(admin.get("/v1/events?limit=200"))["items"]
    last = found[-1]["index"]
    assert [item["index"] for item in found] == list(range(last + 1))
    assert read(admin.get(f"/v1/events?after={last}")) == {"items": [], "next_cursor": None}
    http.house.create(make.draft())
    ledger.catch_up(http.house.runtime)
    (new,) = read(admin.get(f"/v1/events?after={last}"))["items"]
    assert (new["index"], new["event"]["type"]) == (last + 1, "application.created")


def test_heartbeats_are_no_events(http: Http) -> None:
    ledger.tend(http.house.runtime)
    assert "log.heartbeat" in http.auditor.get("/v1/ledger/entries?limit=200").text
    assert "log.heartbeat" not in http.auditor.get("/v1/events?limit=200").text
    require_problem(http.auditor.get("/v1/events?limit=0"), 422, "invalid")


def test_whoever_is_recused_from_a_case_is_told_none_of_its_events(http: Http) -> None:
    auditor = http.newcomer(Role.AUDITOR, Role.MEMBER)
    assert auditor.actor is not None
    case_id = case(http, http.house.officer, State.TABLED)
    ledger.catch_up(http.house.runtime)
    assert str(case_id) in auditor.get("/v1/events?limit=200").text
    seating.recuse(http.house, case_id, auditor.actor)
    ledger.catch_up(http.house.runtime)
    assert str(case_id) not in auditor.get("/v1/events?limit=200").text
    assert str(case_id) in http.auditor.get("/v1/events?limit=200").text
