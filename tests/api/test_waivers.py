from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from service.core.cases.states import State
from service.core.people import Role
from tests import make, seating
from tests.actions import tables, waiving
from tests.api.calling import Http, flaws, open_http, read, require_problem
from tests.api.samples import written_waiver
from tests.conftest import Clock

THIRSTY = make.facts(water=Decimal(200_000))
WHY = {"reason": "方案未获批复"}


@pytest.fixture
def case_id(http: Http) -> UUID:
    """A submitted case with a gate that failed and may be waived."""
    return waiving.thirsty(http.house)


def body(http: Http, case_id: UUID, **changes: object) -> dict[str, object]:
    return written_waiver(case_id, http.house.secretary, **changes)


def test_a_waiver_is_granted_read_listed_and_revoked(http: Http, case_id: UUID, clock: Clock) -> None:
    granted = http.chair.post("/v1/waivers", body(http, case_id))
    told = read(granted)
    assert (granted.status_code, granted.headers["ETag"]) == (201, '"1"')
    assert granted.headers["Location"] == f"/v1/waivers/{told['id']}"
    assert told == {
        "id": told["id"],
        "application_id": str(case_id),
        "gate": "too_thirsty",
        "owner": str(http.house.secretary.person_id),
        "reason": "园区扩区方案已报批，批复前先行评审",
        "expires_on": "2026-12-31",
        "in_force": True,
        "granted_by": str(http.house.chair.person_id),
        "granted_at": "2026-11-23T02:15:30.123456Z",
        "revoked_by": None,
        "revoked_at": None,
        "revoked_because": None,
        "version": 1,
    }
    assert read(http.officer.get(granted.headers["Location"])) == told
    assert read(http.auditor.get("/v1/waivers")) == {"items": [told], "next_cursor": None}
    clock.move(hours=1)
    revoked = http.chair.post(f"{granted.headers['Location']}/revoke", WHY, If_Match='"1"')
    assert (revoked.status_code, revoked.headers["ETag"]) == (200, '"2"')
    assert read(revoked) == told | {
        "in_force": False,
        "revoked_by": str(http.house.chair.person_id),
        "revoked_at": "2026-11-23T03:15:30.123456Z",
        "revoked_because": "方案未获批复",
        "version": 2,
    }
    timeline = read(http.officer.get(f"/v1/applications/{case_id}/timeline"))["items"]
    assert [entry["label"] for entry in timeline][-2:] == ["准予豁免", "撤销豁免"]


def test_every_flaw_is_told_at_once_whoever_finds_it(http: Http, case_id: UUID) -> None:
    chair = http.chair
    wrong = body(http, case_id, gate="park", owner=str(uuid4()), reason="", expires_on="2026-11-22", colour="red")
    with tables.nothing_changes(http.house.runtime):
        response = chair.post("/v1/waivers", wrong)
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/colour", "member_unknown"),
        ("/expires_on", "waiver_expiry"),
        ("/gate", "waiver_gate"),
        ("/owner", "person_unknown"),
        ("/reason", "text_missing"),
    ]


@pytest.mark.parametrize(
    ("member", "wrong", "code"),
    [
        ("application_id", "1", "member_identifier"),
        ("application_id", None, "member_missing"),
        ("application_id", "019ab2f05a1c7d3e8f000123456789ab", "member_identifier"),
        ("gate", 5, "member_type"),
        ("gate", "g\x00", "text_character"),
        ("owner", {}, "member_identifier"),
        ("owner", "{019ab2f0-5a1c-7d3e-8f00-0123456789ab}", "member_identifier"),
        ("reason", 5, "member_type"),
        ("reason", "理" * 2001, "text_length"),
        ("expires_on", "20261231", "member_day"),
        ("expires_on", "2026-W51-1", "member_day"),
        ("expires_on", "2026-02-30", "member_day"),
        ("expires_on", 20261231, "member_day"),
        ("expires_on", "2026-12-31T00:00:00Z", "member_day"),
    ],
)
def test_what_cannot_be_read_is_told_beside_what_is_wrong(
    http: Http, case_id: UUID, member: str, wrong: object, code: str
) -> None:
    other = "reason" if member != "reason" else "gate"
    response = http.chair.post("/v1/waivers", body(http, case_id, **{member: wrong, other: ""}))
    require_problem(response, 422, "invalid")
    found = flaws(response)
    assert (f"/{member}", code) in found
    if member != "application_id":
        assert len(found) == 2
    assert len({pointer for pointer, _ in found}) == len(found)


def test_an_empty_waiver_lacks_everything(http: Http) -> None:
    response = http.chair.post("/v1/waivers", {})
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/application_id", "member_missing"),
        ("/expires_on", "member_missing"),
        ("/gate", "text_missing"),
        ("/owner", "member_missing"),
        ("/reason", "text_missing"),
    ]


def test_a_gate_of_law_a_second_waiver_and_a_decided_case_are_conflicts(http: Http, case_id: UUID) -> None:
    chair = http.chair
    chair.post("/v1/waivers", body(http, case_id))
    told = require_problem(chair.post("/v1/waivers", body(http, case_id)), 409, "already_waived")
    assert (told["gate"], told["label"], told["until"]) == ("too_thirsty", "用水过量", "2026-12-31")
    decided = http.house.create(make.application())
    http.house.put(decided, State.REJECTED)
    told = require_problem(chair.post("/v1/waivers", body(http, decided), Accept_Language="en"), 409, "not_waivable")
    assert "Not supported" in told["detail"]


def test_a_gate_of_law_is_never_waived(house: make.House) -> None:
    http, of_law = open_http(house), house.create(make.application())
    told = require_problem(http.chair.post("/v1/waivers", body(http, of_law)), 409, "gate_of_law")
    assert told["gate"] == "too_thirsty"
    assert "否决项“用水过量”以法律为依据，任何人不得豁免" in told["detail"]
    english = http.chair.post("/v1/waivers", body(http, of_law), Accept_Language="en")
    told = require_problem(english, 409, "gate_of_law")
    assert (told["gate"], told["label"]) == ("too_thirsty", "Too thirsty")
    assert "The gate “Too thirsty” rests on a law" in told["detail"]


def test_nobody_waives_a_gate_of_their_own_case(http: Http) -> None:
    waiving.release(http.house)
    both = http.newcomer(Role.OFFICER, Role.CHAIR)
    assert both.actor is not None
    own = http.house.create(make.application(), both.actor)
    require_problem(both.post("/v1/waivers", body(http, own)), 403, "own_case")
    response = http.chair.post("/v1/waivers", written_waiver(own, both.actor))
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/owner", "waiver_owner")]


def test_what_is_not_for_these_eyes_is_not_found(http: Http, case_id: UUID) -> None:
    waiver_id = waiving.waived(http.house, case_id)
    require_problem(http.colleague.get(f"/v1/waivers/{waiver_id}"), 404, "not_found")
    assert read(http.colleague.get("/v1/waivers"))["items"] == []
    require_problem(http.chair.get(f"/v1/waivers/{uuid4()}"), 404, "not_found")
    require_problem(http.chair.post("/v1/waivers", body(http, uuid4())), 404, "not_found")
    seating.recuse(http.house, case_id, http.house.chair)
    require_problem(http.chair.get(f"/v1/waivers/{waiver_id}"), 404, "not_found")
    require_problem(http.chair.post(f"/v1/waivers/{waiver_id}/revoke", WHY, If_Match='"1"'), 404, "not_found")
    require_problem(http.chair.post("/v1/waivers", body(http, case_id)), 404, "not_found")


def test_revoking_needs_the_version_that_stands(http: Http, case_id: UUID) -> None:
    path = f"/v1/waivers/{waiving.waived(http.house, case_id)}/revoke"
    chair = http.chair
    with tables.nothing_changes(http.house.runtime):
        require_problem(chair.post(path, WHY), 428, "precondition_required")
        require_problem(chair.post(path, WHY, If_Match='"2"'), 412, "stale")
        require_problem(chair.post(path, WHY, If_Match="1"), 400, "malformed")
        response = chair.post(path, {"reason": " "}, If_Match='"1"')
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/reason", "text_missing")]
    assert chair.post(path, WHY, If_Match='"1"').status_code == 200
    require_problem(chair.post(path, WHY, If_Match='"2"'), 409, "waiver_ended")


def test_a_repeated_request_is_answered_again_and_done_once(http: Http, case_id: UUID) -> None:
    chair = http.chair
    first = chair.post("/v1/waivers", body(http, case_id), Idempotency_Key="a")
    with tables.nothing_changes(http.house.runtime):
        again = chair.post("/v1/waivers", body(http, case_id), Idempotency_Key="a")
    assert (again.status_code, again.get_data()) == (201, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    path = f"{first.headers['Location']}/revoke"
    once = chair.post(path, WHY, If_Match='"1"', Idempotency_Key="b")
    with tables.nothing_changes(http.house.runtime):
        twice = chair.post(path, WHY, If_Match='"1"', Idempotency_Key="b")
    assert (once.status_code, twice.get_data()) == (200, once.get_data())


def test_waivers_are_listed_a_page_at_a_time_and_of_one_case(http: Http, case_id: UUID, clock: Clock) -> None:
    made: list[str] = []
    for found in (case_id, *(http.house.create(make.application()) for _ in range(2))):
        clock.move(minutes=1)
        made.insert(0, str(waiving.waived(http.house, found)))
    first = http.chair.get("/v1/waivers?limit=2")
    assert [item["id"] for item in read(first)["items"]] == made[:2]
    (rest,) = (link.split(">")[0].lstrip("<") for link in [first.headers["Link"]])
    assert [item["id"] for item in read(http.chair.get(rest))["items"]] == made[2:]
    one = read(http.chair.get(f"/v1/waivers?application_id={case_id}"))["items"]
    assert [item["id"] for item in one] == made[2:]
    wrong = http.chair.get("/v1/waivers?application_id=1&limit=0&colour=red")
    assert sorted(flaws(wrong)) == [
        ("/application_id", "member_identifier"),
        ("/colour", "member_unknown"),
        ("/limit", "limit_range"),
    ]


def test_after_its_last_day_a_waiver_is_not_in_force(http: Http, case_id: UUID, clock: Clock) -> None:
    waiver_id = waiving.waived(http.house, case_id, date(2026, 11, 23))
    chair = http.chair
    assert read(chair.get(f"/v1/waivers/{waiver_id}"))["in_force"] is True
    clock.move(days=1)
    assert read(chair.get(f"/v1/waivers/{waiver_id}"))["in_force"] is False


def test_a_pre_check_counts_what_is_waived_for_the_case_named(http: Http, case_id: UUID) -> None:
    path = f"/v1/assessments?application={case_id}"
    assert read(http.officer.post(path, THIRSTY))["outcome"] == "reject"
    waiving.waived(http.house, case_id)
    told = read(http.officer.post(path, THIRSTY))
    assert (told["outcome"], told["gates"][0]["waived"]) == ("conditional", True)
    assert [item["outcome"] for item in read(http.officer.post(path, {"items": [THIRSTY] * 2}))["items"]] == [
        "conditional",
        "conditional",
    ]
    assert read(http.officer.post("/v1/assessments", THIRSTY))["outcome"] == "reject"
    require_problem(http.colleague.post(path, THIRSTY), 404, "not_found")


def test_a_query_beside_facts_is_read_as_strictly_as_they_are(http: Http) -> None:
    response = http.officer.post("/v1/assessments?application=1&case=2", {"water": -1})
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/application", "member_identifier"),
        ("/case", "member_unknown"),
        ("/water", "fact_min"),
    ]
    twice = http.officer.post("/v1/assessments?application=1&application=1", {})
    require_problem(twice, 400, "malformed")


def test_the_stored_assessment_shows_what_was_waived(http: Http, case_id: UUID) -> None:
    waiving.waived(http.house, case_id)
    version = http.house.row(case_id).version
    http.reviewer.post(f"/v1/applications/{case_id}/return", {"reason": "补充"}, If_Match=f'"{version}"')
    http.officer.post(f"/v1/applications/{case_id}/submit", If_Match=f'"{version + 1}"')
    told = read(http.officer.get(f"/v1/applications/{case_id}/assessment", Accept_Language="en"))
    assert told["outcome"] == "conditional"
    assert "failed, but waived, so it does not count" in told["gates"][0]["because"]
