from typing import Any

from werkzeug.test import TestResponse

from service.core.cases.states import State
from service.core.ledger.canonical import LARGEST_EVENT, canonical_bytes
from tests import make, meeting, seating
from tests.actions import tables
from tests.api.calling import Caller, Http, flaws, read, require_problem
from tests.api.samples import case

GIVEN = {"stance": "support_with_conditions", "reason": "用水指标可平衡", "conditions": ["投产前取得取水许可"]}


def place(case_id: object, rest: str = "") -> str:
    return f"/v1/applications/{case_id}/opinions{rest}"


def ask(http: Http, case_id: object, **more: str) -> TestResponse:
    return http.secretary.post(place(case_id, "/requests"), {"department": make.DEPARTMENT, **more})


def accept(http: Http, case_id: Any, body: object, **headers: str) -> TestResponse:  # noqa: ANN401 - as the house gives it
    version = f'"{http.house.row(case_id).version}"'
    return http.reviewer.post(f"/v1/applications/{case_id}/accept", body, **({"If_Match": version} | headers))


def test_a_department_is_asked_and_answers(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    asked = read(ask(http, case_id))
    assert (asked["n"], asked["state"], asked["due_on"], asked["stance"]) == (1, "asked", "2026-11-30", None)
    response = http.reviewer.post(place(case_id), GIVEN)
    assert response.status_code == 201
    given = read(response)
    assert given == asked | {
        "state": "given",
        **GIVEN,
        "given_by": str(http.house.reviewer.person_id),
        "given_at": given["given_at"],
    }
    assert read(http.auditor.get(place(case_id)))["items"] == [given]


def test_every_flaw_of_an_opinion_is_told_at_once(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    reviewer = http.reviewer
    body = {"stance": "maybe", "conditions": ["好", 1], "reasons": "x"}
    with tables.nothing_changes(http.house.runtime):
        response = reviewer.post(place(case_id), body)
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/conditions/1", "member_type"),
        ("/reason", "text_missing"),
        ("/reasons", "member_unknown"),
        ("/stance", "member_choice"),
    ]


def test_conditions_that_no_entry_could_hold_are_refused_and_the_longest_are_kept(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    reviewer, most = http.reviewer, "水" * 2_000
    body = {"stance": "support_with_conditions", "reason": most, "conditions": [most] * 10}
    for language, words in (("zh", "各项条件合计 60000 字节"), ("en", "take 60000 bytes together")):
        with tables.nothing_changes(http.house.runtime):
            response = reviewer.post(place(case_id), body, Accept_Language=language)
        told = require_problem(response, 422, "invalid")
        assert flaws(response) == [("/conditions", "conditions_bytes")]
        assert words in told["flaws"][0]["because"]
    longest = {"reason": "𠮷" * 2_000, "conditions": ["𠮷" * 625] * 20}
    response = reviewer.post(place(case_id), {**body, **longest}, X_Request_Id="r" * 64)
    assert response.status_code == 201
    assert 58_000 < len(canonical_bytes(tables.last_of_case(http.house.runtime, case_id))) < LARGEST_EVENT


def test_every_flaw_of_a_request_is_told_at_once(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    secretary = http.secretary
    with tables.nothing_changes(http.house.runtime):
        response = secretary.post(place(case_id, "/requests"), {"department": "环保", "due_on": "2026-11-22"})
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/department", "department_unknown"), ("/due_on", "opinion_due")]
    response = secretary.post(place(case_id, "/requests"), {"due_on": "22.11.2026"})
    assert sorted(flaws(response)) == [("/department", "text_missing"), ("/due_on", "member_day")]


def test_what_cannot_be_done_now_says_why(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    told = require_problem(http.reviewer.post(place(case_id), GIVEN), 409, "opinions_closed")
    assert told["state"] == "submitted"
    assert ask(http, case_id).status_code == 201
    told = require_problem(ask(http, case_id), 409, "already_asked")
    assert (told["department"], told["due_on"]) == (make.DEPARTMENT, "2026-11-30")
    own = meeting.in_review(http.house, http.house.both)
    require_problem(http.both.post(place(own), GIVEN), 403, "own_case")


def test_officers_read_no_opinions_and_the_recused_find_no_case(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    http.reviewer.post(place(case_id), GIVEN)
    require_problem(http.officer.get(place(case_id)), 403, "forbidden")
    require_problem(http.member.get(place(case_id)), 404, "not_found")
    seating.recuse(http.house, case_id, http.house.reviewer)
    for response in (http.reviewer.get(place(case_id)), http.reviewer.post(place(case_id), GIVEN)):
        require_problem(response, 404, "not_found")


def test_an_opinion_given_again_with_the_same_key_is_one(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    first, second = (http.reviewer.post(place(case_id), GIVEN, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.get_data()) == (second.status_code, second.get_data())
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(read(http.auditor.get(place(case_id)))["items"]) == 1


def test_departments_are_asked_while_a_case_is_accepted(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    body = {"departments": [make.DEPARTMENT, make.OTHER_DEPARTMENT], "due_on": "2026-12-04"}
    response = accept(http, case_id, body)
    assert (response.status_code, read(response)["state"], read(response)["moves"]) == (200, "in_review", ["return"])
    found = read(http.reviewer.get(place(case_id)))["items"]
    assert [(one["department"], one["due_on"]) for one in found] == [
        (make.DEPARTMENT, "2026-12-04"),
        (make.OTHER_DEPARTMENT, "2026-12-04"),
    ]


def test_a_case_is_accepted_without_a_body_as_ever(http: Http) -> None:
    bodies: tuple[dict[str, object] | None, ...] = (None, {})
    for body in bodies:
        case_id = case(http, http.house.officer, State.SUBMITTED)
        assert accept(http, case_id, body).status_code == 200
        assert read(http.reviewer.get(place(case_id)))["items"] == []


def test_a_case_whose_departments_cannot_be_asked_is_not_accepted(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    response = accept(http, case_id, {"departments": ["环保", make.DEPARTMENT, make.DEPARTMENT, ""]})
    assert flaws(response) == [
        ("/departments/0", "department_unknown"),
        ("/departments/2", "department_twice"),
        ("/departments/3", "text_missing"),
    ]
    response = accept(http, case_id, {"departments": "环保", "due_on": True})
    assert sorted(flaws(response)) == [("/departments", "member_type"), ("/due_on", "member_day")]
    assert http.house.row(case_id).state == "submitted"
    require_problem(accept(http, case_id, {}, If_Match='"9"'), 412, "stale")


def test_sentences_come_in_both_languages(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    ask(http, case_id)
    for language, word in (("zh", "尚未答复"), ("en", "has not answered")):
        caller: Caller = http.secretary
        response = caller.post(place(case_id, "/requests"), {"department": make.DEPARTMENT}, Accept_Language=language)
        assert word in read(response)["detail"]
