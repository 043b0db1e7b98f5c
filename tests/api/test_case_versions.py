from decimal import Decimal
from uuid import UUID

from service.actions import applications
from service.core.cases.states import State
from tests import make, meeting
from tests.api.calling import Http, flaws, read, require_problem
from tests.api.samples import case


def returned(http: Http) -> UUID:
    """A case that was returned, changed and submitted again."""
    house = http.house
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    house.do(
        house.officer,
        applications.replace_facts,
        case_id,
        make.facts(output=Decimal("65.00"), water=None, nature="expand"),
    )
    house.do(house.officer, applications.submit, case_id)
    return case_id


def place(case_id: UUID, rest: str = "") -> str:
    return f"/v1/applications/{case_id}/versions{rest}"


def test_versions_are_listed_with_what_they_came_to(http: Http) -> None:
    case_id = returned(http)
    first, second = read(http.officer.get(place(case_id)))["items"]
    assert (first["n"], first["follows"], first["outcome"], first["total"]) == (1, None, "approve", Decimal("80.5"))
    assert (second["n"], second["follows"], second["outcome"], second["total"]) == (2, 1, "conditional", Decimal(65))
    assert first["by"] == second["by"] == {"ref": http.house.officer.ref, "name": "招商甲"}
    assert (first["follows_decision"], second["follows_decision"]) == (None, None)


def test_a_reconsidered_case_says_which_decision_its_version_follows(http: Http) -> None:
    house = http.house
    case_id = meeting.in_review(house)
    meeting.decided(house, case_id, meeting.OPPOSE)
    house.do(house.officer, applications.reconsider, case_id, "已补充")
    house.do(house.officer, applications.submit, case_id)
    _, second = read(http.officer.get(place(case_id)))["items"]
    followed = second["follows_decision"]
    assert (followed["of_version"], followed["outcome"]) == (1, "reject")


def test_a_version_shows_its_facts_as_they_were_given(http: Http) -> None:
    case_id = returned(http)
    text = http.reviewer.get(place(case_id, "/1")).get_data(as_text=True)
    assert '"output":80.5' in text
    assert read(http.reviewer.get(place(case_id, "/2")))["facts"]["water"] is None


def test_differences_tell_facts_and_what_followed_from_them(http: Http) -> None:
    case_id = returned(http)
    found = read(http.reviewer.get(place(case_id, "/2/differences")))
    assert (found["from"], found["to"]) == (1, 2)
    assert found["facts"] == [
        {"at": "/nature", "change": "changed", "before": "new", "after": "expand"},
        {"at": "/output", "change": "changed", "before": Decimal("80.5"), "after": Decimal(65)},
        {"at": "/water", "change": "removed", "before": Decimal("12.5"), "after": None},
    ]
    results = {change["at"]: (change["before"], change["after"]) for change in found["results"]}
    assert results["/outcome"] == ("approve", "conditional")
    assert results["/score/total"] == (Decimal("80.5"), Decimal(65))
    assert [(change["at"], change["after"]["score"]) for change in found["criteria"]] == [("output", Decimal(65))]
    assert [(change["at"], change["after"]["state"]) for change in found["gates"]] == [
        ("too_thirsty", "not_applicable")
    ]
    same = read(http.reviewer.get(place(case_id, "/2/differences?from=2")))
    assert [same[part] for part in ("facts", "results", "gates", "criteria")] == [[], [], [], []]


def test_versions_that_are_not_there_are_not_found(http: Http) -> None:
    case_id = returned(http)
    for rest in ("/0", "/3", f"/{10**30}", f"/{'9' * 4_400}", "/3/differences", "/2/differences?from=7"):
        told = require_problem(http.officer.get(place(case_id, rest)), 404, "not_found")
        assert told["kind"] == "version"
    require_problem(http.officer.get(place(case_id, "/-1")), 404, "not_found")
    require_problem(http.colleague.get(place(case_id)), 404, "not_found")


def test_the_first_version_follows_none_and_a_bad_number_is_told(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    response = http.officer.get(place(case_id, "/1/differences"))
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/from", "version_from_missing")]
    for query, flaw in (("from=x", ("/from", "member_type")), ("form=1", ("/form", "member_unknown"))):
        assert flaw in flaws(http.officer.get(place(case_id, f"/1/differences?{query}")))


def test_the_clock_says_how_many_days_are_used(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    http.house.runtime.clock.move(days=2)  # type: ignore[attr-defined]  # the clock of tests moves
    assert read(http.officer.get(f"/v1/applications/{case_id}/clock")) == {
        "state": "running",
        "term": 20,
        "used": 2,
        "started_on": "2026-11-23",
        "due_on": "2026-12-21",
        "overdue": False,
    }


def test_a_year_without_a_calendar_is_a_conflict_that_says_what_to_do(http: Http) -> None:
    http.house.runtime.clock.move(days=25)  # type: ignore[attr-defined]  # the clock of tests moves
    case_id = case(http, http.house.officer, State.SUBMITTED)
    told = require_problem(http.officer.get(f"/v1/applications/{case_id}/clock"), 409, "no_calendar")
    assert told["year"] == 2027
    assert "2027" in told["detail"]


def test_moves_are_those_of_whoever_asks(http: Http) -> None:
    case_id = case(http, http.house.officer, State.SUBMITTED)
    for caller, moves in ((http.officer, ["withdraw"]), (http.reviewer, ["accept", "return"]), (http.auditor, [])):
        assert read(caller.get(f"/v1/applications/{case_id}"))["moves"] == moves
        (listed,) = read(caller.get("/v1/applications"))["items"]
        assert listed["moves"] == moves


def test_an_officer_reads_no_opinion_in_the_timeline(http: Http) -> None:
    case_id = meeting.in_review(http.house)
    http.reviewer.post(f"/v1/applications/{case_id}/opinions", {"stance": "support", "reason": "可平衡"})
    own, whole = (
        [entry["type"] for entry in read(caller.get(f"/v1/applications/{case_id}/timeline"))["items"]]
        for caller in (http.officer, http.auditor)
    )
    assert whole == [*own, "opinion.given"]
