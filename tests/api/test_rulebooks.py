"""Proposing, reading and releasing editions of the rules over HTTP."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.actions import people
from service.actions.proposals.sound import examined
from service.core.people import SYSTEM, Role
from tests import make
from tests.actions import tables
from tests.actions.proposing import NOTE, TOMORROW
from tests.api.calling import Caller, Http, application, flaws, read, require_problem
from tests.conftest import Clock

ALL = "/v1/rulebooks"
PROPOSALS = f"{ALL}/proposals"
FIRST = '"1"'
REASON = {"reason": "条款依据不足"}


def body(source: bytes = TOMORROW, **changes: object) -> dict[str, object]:
    return {"source": source.decode(), "note": NOTE, **changes}


def propose(caller: Caller, source: bytes = TOMORROW) -> dict[str, Any]:
    response = caller.post(ALL, body(source))
    assert response.status_code == 201, response.text
    found: dict[str, Any] = read(response)
    assert response.headers["Location"] == f"{PROPOSALS}/{found['id']}"
    assert response.headers["ETag"] == FIRST
    return found


def decide(caller: Caller, made: dict[str, Any], move: str, **headers: str) -> TestResponse:
    content = REASON if move == "decline" else None
    return caller.post(f"{PROPOSALS}/{made['id']}/{move}", content, **{"If_Match": FIRST, **headers})


@pytest.fixture
def author(http: Http) -> Caller:
    return http.caller(http.house.author)


@pytest.fixture
def releaser(http: Http) -> Caller:
    return http.caller(http.house.releaser)


def test_an_edition_is_proposed_read_and_released_by_two_people(http: Http, author: Caller, releaser: Caller) -> None:
    made = propose(author)
    sha256 = hashlib.sha256(TOMORROW).hexdigest()
    assert (made["state"], made["sha256"], made["edition"], made["in_force_from"]) == (
        "proposed",
        sha256,
        "2",
        "2026-11-24",
    )
    shown = read(releaser.get(f"{PROPOSALS}/{made['id']}"))
    assert shown == {**made, "source": TOMORROW.decode()}
    assert read(http.officer.get(PROPOSALS)) == {"items": [made], "next_cursor": None}
    require_problem(http.officer.get(f"{ALL}/{sha256}"), 404, "not_found")

    response = decide(releaser, made, "release")
    assert response.status_code == 200, response.text
    assert (response.headers["ETag"], read(response)["state"]) == ('"2"', "released")
    assert 'rel="proof"' in response.headers["Link"]

    today, tomorrow = (read(http.officer.get(f"{ALL}?on={day}"))["items"] for day in ("2026-11-23", "2026-11-24"))
    assert [one["in_force"] for one in today] == [False, True]
    assert [one["in_force"] for one in tomorrow] == [True, False]
    edition = read(http.officer.get(f"{ALL}/{sha256}"))
    assert edition == {**today[0], "source": TOMORROW.decode()}
    assert (edition["proposal"], edition["proposed_by"], edition["released_by"]) == (
        made["id"],
        str(http.house.author.person_id),
        str(http.house.releaser.person_id),
    )
    assert (today[1]["proposal"], today[1]["released_by"]) == (None, None)


def test_a_file_is_examined_once_for_a_deed_and_ahead_of_its_unit_of_work(
    http: Http, author: Caller, releaser: Caller
) -> None:
    examined.cache_clear()
    made = propose(author)
    assert examined.cache_info()[:2] == (0, 1)
    require_problem(http.officer.post(ALL, body(make.edition("9"))), 403, "forbidden")
    require_problem(decide(author, made, "release"), 403, "forbidden")
    require_problem(releaser.post(f"{PROPOSALS}/{made['id']}/release", None), 428, "precondition_required")
    assert examined.cache_info()[:2] == (0, 1)
    assert decide(releaser, made, "release").status_code == 200
    assert examined.cache_info()[:2] == (1, 1)


def test_a_released_edition_decides_what_is_submitted_from_its_first_day_on(
    http: Http, author: Caller, releaser: Caller, clock: Clock
) -> None:
    made = propose(author)
    assert decide(releaser, made, "release").status_code == 200
    used = []
    for _ in range(2):
        case_id = read(http.officer.post("/v1/applications", application()))["id"]
        used.append(read(http.officer.get(f"/v1/applications/{case_id}/assessment"))["rulebook"]["sha256"])
        clock.move(days=1)
    assert used == [hashlib.sha256(make.edition()).hexdigest(), made["sha256"]]


def test_the_file_of_an_edition_comes_byte_for_byte(http: Http, author: Caller, releaser: Caller) -> None:
    source = TOMORROW.replace(b"\n", b"\r\n", 3)
    made = propose(author, source)
    assert decide(releaser, made, "release").status_code == 200
    response = http.officer.get(f"{ALL}/{made['sha256']}", Accept="application/yaml")
    assert (response.status_code, response.mimetype, response.data) == (200, "application/yaml", source)
    assert "immutable" in response.headers["Cache-Control"]
    require_problem(http.officer.get(f"{ALL}/{made['sha256']}", Accept="image/png"), 406, "not_acceptable")
    for unknown in ("0" * 64, "x"):
        require_problem(http.officer.get(f"{ALL}/{unknown}"), 404, "not_found")


@pytest.mark.parametrize(("spoken", "sentence"), [("zh", "用水过量"), ("en", "Too thirsty")])
def test_what_a_proposal_changes_is_told_in_words(http: Http, author: Caller, spoken: str, sentence: str) -> None:
    made = propose(author, TOMORROW.replace(b"water > 100000", b"water > 90000"))
    response = http.officer.get(f"{PROPOSALS}/{made['id']}/differences", Accept_Language=spoken)
    assert (response.status_code, response.headers["Content-Language"]) == (200, spoken)
    found = read(response)
    assert (found["before"]["edition"], found["after"]["sha256"]) == ("1", made["sha256"])
    (change,) = [one for one in found["changes"] if one["section"] == "gates"]
    assert (change["name"], change["before"], change["after"]) == ("too_thirsty", "water > 100000", "water > 90000")
    assert sentence in change["because"]
    assert "water > 90000" in change["because"]
    assert found["cases"] == {"tried": 0, "different": []}
    missing = http.officer.get(f"{PROPOSALS}/{made['id']}/differences?against={'0' * 64}")
    require_problem(missing, 404, "not_found")


def test_every_fault_is_told_at_once_with_its_line_and_column(http: Http, author: Caller) -> None:
    wrong = TOMORROW.replace(b"water > 100000", b"waterr > 1").replace(b"value: output", b"value: outputt")
    with tables.nothing_changes(http.house.runtime):
        response = author.post(ALL, body(wrong, note=""))
    told = require_problem(response, 422, "faulty_rulebook")
    assert [(flaw["pointer"], flaw["code"]) for flaw in told["flaws"]] == [
        ("/source", "unknown_name_meant"),
        ("/source", "unknown_name_meant"),
        ("/note", "text_missing"),
    ]
    lines = wrong.decode().splitlines()
    for flaw, name in zip(told["flaws"], ("waterr", "outputt"), strict=False):
        assert lines[flaw["line"] - 1][flaw["column"] - 1 :].startswith(name)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x9f"])
def test_a_character_that_no_file_may_hold_is_told_with_its_place(http: Http, author: Caller, character: str) -> None:
    source = TOMORROW.decode().replace("\n", f"\n# {character}\n", 1)
    with tables.nothing_changes(http.house.runtime):
        told = require_problem(author.post(ALL, {"source": source, "note": NOTE}), 422, "faulty_rulebook")
    assert [(flaw["code"], flaw["line"], flaw["column"]) for flaw in told["flaws"]] == [("character_forbidden", 2, 3)]


def test_what_is_no_proposal_is_refused_with_every_flaw(http: Http, author: Caller) -> None:
    refused = {
        "{}": [("/source", "text_missing"), ("/note", "text_missing")],
        '{"source": 1, "note": null, "edition": "9"}': [
            ("/source", "member_type"),
            ("/note", "text_missing"),
            ("/edition", "member_unknown"),
        ],
        '{"note": "x\\u0000"}': [("/source", "text_missing"), ("/note", "text_character")],
    }
    with tables.nothing_changes(http.house.runtime):
        for content, wrong in refused.items():
            response = author.send("POST", ALL, content)
            require_problem(response, 422, "invalid")
            assert sorted(flaws(response)) == sorted(wrong)
        require_problem(author.send("POST", ALL, '{"source": "a", "source": "b"}'), 400, "malformed")
        require_problem(
            author.send("POST", ALL, b"rulebook: {}", Content_Type="application/yaml"), 415, "unsupported_media_type"
        )
        assert flaws(author.post(ALL, {"source": "甲" * 90_000, "note": NOTE})) == [("/source", "file_too_large")]


def test_an_edition_whose_name_no_entry_could_hold_is_too_large(http: Http, author: Caller) -> None:
    source = TOMORROW.replace(b'edition: "2"', b'edition: "' + b"2" * 66_000 + b'"')
    assert len(source) > len(TOMORROW)
    with tables.nothing_changes(http.house.runtime):
        told = require_problem(author.post(ALL, body(source)), 413, "too_large")
    assert told["most"] == 65_535


@pytest.mark.parametrize("move", ["release", "decline"])
def test_nobody_decides_on_their_own_proposal_by_whichever_key(http: Http, releaser: Caller, move: str) -> None:
    both = http.newcomer(Role.RULE_AUTHOR, Role.RULE_RELEASER)
    assert both.actor is not None
    assert both.actor.person_id is not None
    with http.house.runtime.work(SYSTEM) as work:
        second = Caller(http.app, people.issue_key(work, both.actor.person_id, lifetime=timedelta(days=1)), both.actor)
    made = propose(both)
    with tables.nothing_changes(http.house.runtime):
        for key in (both, second):
            require_problem(decide(key, made, move), 403, "own_proposal")
    assert decide(releaser, made, move).status_code == 200


def test_each_decides_only_what_is_theirs(http: Http, author: Caller, releaser: Caller) -> None:
    made, admin = propose(author), http.admin
    with tables.nothing_changes(http.house.runtime):
        require_problem(decide(admin, made, "release"), 403, "forbidden")
        require_problem(decide(author, made, "release"), 403, "forbidden")
        require_problem(decide(releaser, made, "withdraw"), 403, "forbidden")
        require_problem(releaser.post(ALL, body()), 403, "forbidden")
    other = http.newcomer(Role.RULE_AUTHOR)
    require_problem(decide(other, made, "withdraw"), 403, "not_your_proposal")
    assert read(decide(author, made, "withdraw"))["state"] == "withdrawn"
    told = require_problem(decide(releaser, made, "release", If_Match='"2"'), 409, "proposal_decided")
    assert told["proposal"] == "withdrawn"


def test_a_decision_rests_on_the_version_that_was_read(author: Caller, releaser: Caller) -> None:
    made = propose(author)
    path = f"{PROPOSALS}/{made['id']}/release"
    require_problem(releaser.post(path), 428, "precondition_required")
    require_problem(releaser.post(path, If_Match='"2"'), 412, "stale")
    assert decide(releaser, made, "release").status_code == 200
    require_problem(decide(releaser, made, "release"), 412, "stale")


def test_a_repeated_request_is_answered_as_before_and_does_nothing_twice(
    http: Http, author: Caller, releaser: Caller
) -> None:
    first = author.post(ALL, body(), Idempotency_Key="p-1")
    released = decide(releaser, read(first), "release", Idempotency_Key="r-1")
    assert released.status_code == 200
    with tables.nothing_changes(http.house.runtime):
        again = author.post(ALL, body(), Idempotency_Key="p-1")
        assert (again.status_code, again.data) == (201, first.data)
        assert again.headers["Idempotency-Replayed"] == "true"
        repeated = decide(releaser, read(first), "release", Idempotency_Key="r-1")
        assert (repeated.status_code, repeated.data) == (200, released.data)
        require_problem(author.post(ALL, body(note="另一说明"), Idempotency_Key="p-1"), 422, "idempotency_key_reused")


def test_the_same_file_stands_proposed_once_and_is_released_once(author: Caller, releaser: Caller) -> None:
    made = propose(author)
    assert require_problem(author.post(ALL, body()), 409, "already_proposed")["id"] == made["id"]
    assert decide(releaser, made, "release").status_code == 200
    assert require_problem(author.post(ALL, body()), 409, "already_released")["sha256"] == made["sha256"]


def test_a_proposal_is_declined_with_a_reason(author: Caller, releaser: Caller) -> None:
    made = propose(author)
    response = releaser.post(f"{PROPOSALS}/{made['id']}/decline", {"reason": " "}, If_Match=FIRST)
    require_problem(response, 422, "invalid")
    declined = read(decide(releaser, made, "decline"))
    assert (declined["state"], declined["reason"], declined["version"]) == ("declined", REASON["reason"], 2)
    assert propose(author)["id"] != made["id"]


def test_proposals_come_in_pages_the_latest_first(http: Http, author: Caller, clock: Clock) -> None:
    made = []
    for name in ("2", "3", "4"):
        made.append(propose(author, make.edition(name, "2026-12-01"))["id"])
        clock.move(seconds=1)
    page = read(http.auditor.get(f"{PROPOSALS}?limit=2"))
    rest = read(http.auditor.get(f"{PROPOSALS}?limit=2&cursor={page['next_cursor']}"))
    assert [one["id"] for one in (*page["items"], *rest["items"])] == made[::-1]
    require_problem(http.auditor.get(f"{PROPOSALS}?cursor=x"), 400, "malformed")
    require_problem(http.auditor.get(f"{ALL}?on=2026-02-30"), 422, "invalid")
