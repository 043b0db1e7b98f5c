"""From a called meeting to the decision, over HTTP; and recusals that close every door."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.actions import meetings
from service.core.people import Actor, Role
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX, declared
from tests import make, meeting
from tests.actions import tables
from tests.api import sitting
from tests.api.calling import Caller, Http, flaws, read, require_problem
from tests.meeting import WEAK, in_review, person

CONDITION = {"text": "签订供水协议", "metric": "水量", "due_on": "2027-06-30", "owner": "申报企业", "evidence": "协议"}


@dataclass(frozen=True)
class Held:
    """A meeting that was called over HTTP, with a case on its agenda as item 1."""

    http: Http
    path: str
    case_id: UUID

    @property
    def item(self) -> str:
        return f"{self.path}/items/1"

    def version(self, path: str) -> str:
        """The ETag of a thing as the secretary reads it."""
        return str(self.http.secretary.get(path).headers["ETag"])

    def open(self) -> None:
        present = [str(person(actor)) for actor in meeting.everybody(self.http.house)]
        answer = self.http.chair.post(f"{self.path}/open", {"present": present}, If_Match=self.version(self.path))
        assert (answer.status_code, read(answer)["state"]) == (200, "open"), answer.text

    def vote(self, *choices: str | None) -> None:
        for actor, choice in zip(meeting.everybody(self.http.house), choices, strict=True):
            if choice is not None:
                answer = self.http.caller(actor).post(f"{self.item}/votes", {"choice": choice, "reason": "如所附"})
                assert answer.status_code == 200, answer.text

    def decide(self, caller: Caller, **body: Any) -> TestResponse:  # noqa: ANN401 - members of the body
        return caller.post(f"{self.item}/decide", body, If_Match=self.version(self.item))


def held(http: Http, owner: Actor | None = None, **facts: object) -> Held:
    made = http.secretary.post("/v1/meetings", sitting.written_meeting(meeting.everybody(http.house)))
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    case_id = in_review(http.house, owner, **facts)
    answer = http.secretary.post(f"{path}/items", {"application": str(case_id)})
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{path}/items/1"), answer.text
    return Held(http, path, case_id)


def test_a_meeting_from_the_call_to_the_close(http: Http) -> None:
    made = held(http)
    made.open()
    made.vote("support", "support", "support", "support", "oppose", None)
    before = read(http.secretary.get(f"{made.item}/votes"))["items"]
    assert {seat["choice"] for seat in before} == {None}
    assert [seat["voted"] for seat in before].count(True) == 5
    decided = made.decide(http.secretary)
    assert decided.status_code == 200, decided.text
    assert read(decided)["outcome"] == "approve"
    assert read(decided)["tally"]["levels"] == [{"level": "approve", "yes": 4, "no": 1, "of": 5, "needed": 3}]
    assert [one["choice"] for one in read(decided)["dissent"]] == ["oppose"]
    after = read(http.member.get(f"{made.item}/votes"))["items"]
    assert sorted(seat["choice"] or "" for seat in after) == ["", "oppose", *["support"] * 4]
    item = read(http.member.get(made.item))
    assert (item["state"], item["decision"]["outcome"], item["verified_outcome"]) == ("decided", "approve", "approve")
    assert read(http.officer.get(f"/v1/applications/{made.case_id}"))["state"] == "approved"
    closed = http.chair.post(f"{made.path}/close", If_Match=made.version(made.path))
    assert (closed.status_code, read(closed)["state"]) == (200, "closed")


def test_the_pinned_assessments_are_told_in_the_language_asked_for(http: Http) -> None:
    made = held(http)
    for language in ("zh", "en"):
        answer = http.member.get(f"{made.item}/assessments", Accept_Language=language)
        kinds = {one["kind"]: one for one in read(answer)["items"]}
        assert list(kinds) == ["declared", "verified"]
        told = http.reviewer.get(f"/v1/applications/{made.case_id}/assessment", Accept_Language=language)
        assert kinds["declared"]["report"] == read(told)


def test_an_item_is_not_sent_again_to_whoever_holds_it(http: Http) -> None:
    made = held(http)
    tag = made.version(made.item)
    assert http.member.get(made.item, If_None_Match=tag).status_code == 304


def test_every_flaw_of_the_form_is_told_with_its_place(http: Http) -> None:
    seats = [{"person": "x"}, 7, {"person": str(person(http.house.chair)), "chair": 1, "more": True}]
    secretary = http.secretary
    before = tables.counts(http.house.runtime)
    answer = secretary.post("/v1/meetings", {"title": 1, "held_at": "soon", "seats": seats})
    assert answer.status_code == 422
    assert flaws(answer) == [
        ("/title", "member_type"),
        ("/held_at", "member_moment"),
        ("/seats/0/person", "member_identifier"),
        ("/seats/1", "member_type"),
        ("/seats/2/chair", "member_type"),
        ("/seats/2/more", "member_unknown"),
    ]
    assert tables.counts(http.house.runtime) == before


def test_a_list_that_is_none_or_too_long_is_refused(http: Http) -> None:
    made = held(http)
    for present, code in (("all", "member_type"), (["x"] * 201, "items_count"), (None, "member_missing")):
        answer = http.chair.post(f"{made.path}/open", {"present": present}, If_Match=made.version(made.path))
        assert flaws(answer) == [("/present", code)], answer.text
    answer = http.chair.post(f"{made.path}/open", {"present": ["x"]}, If_Match=made.version(made.path))
    assert flaws(answer) == [("/present/0", "member_identifier")]


def test_better_than_assessed_is_refused_with_figures_until_it_is_meant(http: Http) -> None:
    made = held(http, output=WEAK)
    made.open()
    made.vote("support", "support", "support", "support", None, None)
    told = require_problem(made.decide(http.secretary), 409, "override_needed")
    assert (told["outcome"], told["assessed"]) == ("approve", "conditional")
    assert told["detail"].startswith("表决结果为“建议支持”，优于评价结果“有条件支持”")
    meant = made.decide(http.chair, override=True, reason="产业链关键环节")
    assert (meant.status_code, read(meant)["override"]) == (200, True)


def test_conditions_come_as_they_were_decided(http: Http) -> None:
    made = held(http)
    made.open()
    made.vote(*["support_with_conditions"] * 6)
    assert flaws(made.decide(http.secretary)) == [("/conditions", "conditions_missing")]
    decided = read(made.decide(http.secretary, conditions=[CONDITION]))
    assert decided["conditions"] == [{**CONDITION, "due": None, "plan": None, "target": None}]


def test_a_repeated_decision_is_answered_again_and_a_second_one_refused(http: Http) -> None:
    made = held(http)
    made.open()
    made.vote(*["support"] * 6)
    tag = made.version(made.item)
    first = http.secretary.post(f"{made.item}/decide", {}, If_Match=tag, Idempotency_Key="k-1")
    before = tables.counts(http.house.runtime)
    again = http.secretary.post(f"{made.item}/decide", {}, If_Match=tag, Idempotency_Key="k-1")
    assert (again.status_code, again.get_data()) == (200, first.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    told = require_problem(http.chair.post(f"{made.item}/decide", {}, If_Match=tag), 409, "item_settled")
    assert told["item"] == "decided"
    assert tables.counts(http.house.runtime) == before


@pytest.mark.parametrize("verb", ["votes", "recusals", "decide", "untable", "refresh"])
def test_what_is_done_again_with_the_same_key_happens_once(http: Http, verb: str) -> None:
    made = held(http)
    if verb in ("votes", "decide"):
        made.open()
        made.vote(*["support"] * 6)
    caller = http.member if verb in ("votes", "recusals") else http.secretary
    body = {"choice": "support"} if verb == "votes" else {}
    sent = {"If_Match": made.version(made.item), "Idempotency_Key": "k-1"}
    first = caller.post(f"{made.item}/{verb}", body, **sent)
    before = tables.counts(http.house.runtime)
    again = caller.post(f"{made.item}/{verb}", body, **sent)
    assert first.status_code in (200, 201), first.text
    assert (again.status_code, again.get_data()) == (first.status_code, first.get_data())
    assert tables.counts(http.house.runtime) == before


def test_a_reviewer_steps_aside_without_reading_meetings(http: Http) -> None:
    made = held(http)
    require_problem(http.reviewer.get(made.item), 403, "forbidden")
    assert http.reviewer.post(f"{made.item}/recusals", {"reason": "近亲属任职"}).status_code == 201
    require_problem(http.reviewer.get(f"/v1/applications/{made.case_id}"), 404, "not_found")


def test_deputies_and_interests_over_http(http: Http) -> None:
    body = {"deputy": str(person(http.house.others[0])), "from_on": "2026-11-01", "to_on": "2026-12-31"}
    made = http.member.post("/v1/deputies", {**body, "reason": "外出培训"})
    assert made.status_code == 201, made.text
    assert flaws(http.member.post("/v1/deputies", body)) == [("/reason", "text_missing")]
    assert [one["id"] for one in read(http.secretary.get("/v1/deputies"))["items"]] == [read(made)["id"]]
    revoked = http.member.post(f"{made.headers['Location']}/revoke", If_Match=made.headers["ETag"])
    assert read(revoked)["revoked_at"] is not None
    declared_now = http.member.post("/v1/interests", {"credit_code": make.CREDIT_CODE})
    assert declared_now.status_code == 201
    require_problem(http.member.post("/v1/interests", {"credit_code": make.CREDIT_CODE}), 409, "already_declared")
    assert [one["credit_code"] for one in read(http.member.get("/v1/interests"))["items"]] == [make.CREDIT_CODE]


# What a door must not show, and what stands in the places of a path that are neither case nor meeting.
FILLED = {"n": "1"}


def doors(http: Http, made: Held) -> list[str]:
    """Every address under /v1 that is read with GET, about this case and this meeting where it is about one."""
    meeting_id = made.path.rpartition("/")[2]
    known = {"case_id": str(made.case_id), "meeting_id": meeting_id}
    paths = {
        re.sub(r"<\w+:(\w+)>", lambda part: known.get(part[1], FILLED.get(part[1], str(made.case_id))), found.path)
        for found in declared(http.app).values()
        if isinstance(found, Endpoint) and found.method == "GET"
    }
    return sorted(PREFIX + path for path in paths)


def shows(http: Http, made: Held, answer: TestResponse) -> bool:
    """Whether an answer says anything of the case."""
    row = http.house.row(made.case_id)
    marks = (str(row.id), row.number, row.applicant_name, row.project_name)
    return answer.status_code == 200 and any(mark.encode() in answer.get_data() for mark in marks)


def about(made: Held, path: str) -> bool:
    return str(made.case_id) in path or f"{made.path}/items/" in path


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.SECRETARY, Role.REVIEWER, Role.AUDITOR])
@pytest.mark.parametrize("stage", ["called", "decided"])
def test_a_recusal_closes_every_door(http: Http, role: Role, stage: str) -> None:
    """Generated from the endpoints there are, so that those to come are looked at too."""
    made = held(http)
    recused = http.newcomer(*{role, Role.MEMBER})
    with http.house.work(http.house.secretary, expects=1) as work:
        people = [actor for actor in (*meeting.everybody(http.house), recused.actor) if actor is not None]
        meetings.set_seats(work, UUID(made.path.rpartition("/")[2]), meeting.seats(http.house, people))
    assert any(shows(http, made, recused.get(path)) for path in doors(http, made))
    assert recused.post(f"{made.item}/recusals", {"reason": "近亲属任职"}).status_code == 201
    if stage == "decided":
        made.open()
        made.vote(*["support"] * 6)
        assert made.decide(http.secretary).status_code == 200
    for path in doors(http, made):
        answer = recused.get(path)
        assert not shows(http, made, answer), path
        if about(made, path):
            assert answer.status_code in (403, 404), (path, answer.text)


def test_the_same_doors_are_open_to_another_seat(http: Http) -> None:
    made = held(http)
    made.open()
    made.vote(*["support"] * 6)
    made.decide(http.secretary)
    seen = [path for path in doors(http, made) if shows(http, made, http.member.get(path))]
    assert len(seen) >= 5
    assert {f"/v1/applications/{made.case_id}", made.item, f"{made.path}/items", "/v1/applications"} <= set(seen)


def test_the_submitter_keeps_their_own_side_and_sees_nothing_of_the_meeting(http: Http) -> None:
    member = make.person(http.house, "委员兼招商", Role.OFFICER, Role.MEMBER)
    people = (*meeting.everybody(http.house), member)
    made_at = http.secretary.post("/v1/meetings", sitting.written_meeting(people)).headers["Location"]
    made = Held(http, made_at, in_review(http.house, member))
    assert http.secretary.post(f"{made_at}/items", {"application": str(made.case_id)}).status_code == 201
    caller = http.caller(member)
    assert caller.get(f"/v1/applications/{made.case_id}").status_code == 200
    for path in doors(http, made):
        if made.path in path:
            assert not shows(http, made, caller.get(path)), path
    require_problem(caller.post(f"{made.item}/votes", {"choice": "support"}), 404, "not_found")
