from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from service.actions import applications
from service.core.cases.states import State
from tests import make
from tests.actions.tables import counts, events
from tests.api.calling import Caller, Http, application, flaws, read, require_problem, written
from tests.api.samples import case

REASON = {"reason": "缺少能评意见"}


def start(caller: Caller, **changes: object) -> tuple[str, str]:
    """Create an application; its path and tag."""
    response = caller.post("/v1/applications", application(**changes))
    assert response.status_code == 201, response.text
    return response.headers["Location"], response.headers["ETag"]


def test_an_application_is_created_submitted_and_assessed_in_one_request(http: Http) -> None:
    response = http.officer.post("/v1/applications", application(project_code="2026-370500-01"))
    assert response.status_code == 201
    found = read(response)
    assert response.headers["Location"] == f"/v1/applications/{found['id']}"
    assert response.headers["ETag"] == '"2"'
    assert (found["state"], found["outcome"], found["category"]) == ("submitted", "approve", "B")
    assert (found["number"], found["version"], found["versions"]) == ("2026-0001", 2, 1)
    assert found["total"] == Decimal("80.5")
    assert found["facts"] == {**make.facts(), "output": Decimal("80.5")}
    assert found["submitted_at"] == "2026-11-23T02:15:30.123456Z"
    assert found["moves"] == ["withdraw"]
    assert found["submitted_by"] == str(http.house.officer.person_id)


def test_figures_go_out_exactly_as_they_came_in(http: Http) -> None:
    response = http.officer.post(
        "/v1/applications", application(facts=make.facts(water=Decimal("12345678901234567.25")))
    )
    assert response.status_code == 201, response.text
    assert '"water":12345678901234567.25' in response.text
    again = http.officer.get(response.headers["Location"])
    assert again.get_data() == response.get_data()


def test_chinese_is_written_as_chinese(http: Http) -> None:
    response = http.officer.post("/v1/applications", application())
    assert "大河精传动（虚构）有限公司" in response.text
    assert "\\u" not in response.text


def test_a_draft_is_stored_and_not_submitted(http: Http) -> None:
    response = http.officer.post("/v1/applications", application(draft=True, facts={"nature": "new"}))
    found = read(response)
    assert (response.status_code, found["state"], found["versions"], found["outcome"]) == (201, "draft", 0, None)
    assert response.headers["ETag"] == '"1"'
    assert found["moves"] == ["replace_facts", "submit", "withdraw"]


def test_every_flaw_is_told_at_once_and_nothing_is_stored(http: Http) -> None:
    officer = http.officer
    before = counts(http.house.runtime)
    body = {
        "applicant_name": "",
        "credit_code": "91379999DEM0000141",
        "project_code": 12,
        "facts": {"water": -1, "output": "much", "colour": "blue", "nature": "old"},
        "draft": "yes",
        "extra/part": 1,
    }
    response = officer.post("/v1/applications", body)
    require_problem(response, 422, "invalid")
    assert flaws(response) == [
        ("/project_name", "text_missing"),
        ("/project_code", "member_type"),
        ("/draft", "member_type"),
        ("/extra~1part", "member_unknown"),
        ("/applicant_name", "text_missing"),
        ("/credit_code", "credit_code_check"),
        ("/facts/nature", "fact_choice"),
        ("/facts/output", "fact_type"),
        ("/facts/water", "fact_min"),
        ("/facts/colour", "fact_unknown"),
        ("/facts/industry_code", "required_missing"),
    ]
    assert counts(http.house.runtime) == before


def test_a_member_that_is_refused_is_told_once(http: Http) -> None:
    response = http.officer.post("/v1/applications", application(facts=[], applicant_name=7))
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/applicant_name", "member_type"), ("/facts", "member_type")]


@pytest.mark.parametrize("text", ["一\u0000二", "\u0000"])
def test_the_character_no_database_keeps_is_a_flaw(http: Http, text: str) -> None:
    response = http.officer.post("/v1/applications", application(applicant_name=text, project_name=text))
    require_problem(response, 422, "invalid")
    assert {pointer for pointer, _ in flaws(response)} == {"/applicant_name", "/project_name"}
    assert flaws(http.officer.get("/v1/applications?text=a%00b")) == [("/text", "text_character")]


@pytest.mark.parametrize("code", ["3" * 101, "\u2028"])
def test_a_fact_no_search_can_hold_is_kept_and_not_searched_by(http: Http, code: str) -> None:
    response = http.officer.post("/v1/applications", application(facts=make.facts(industry_code=code)))
    assert (response.status_code, read(response)["industry"]) == (201, None)
    assert read(http.officer.get(response.headers["Location"]))["facts"]["industry_code"] == code


def test_a_case_is_followed_from_draft_to_withdrawal(http: Http) -> None:
    officer, reviewer = http.officer, http.reviewer
    path, tag = start(officer, draft=True, facts={"nature": "new"})
    response = officer.put(f"{path}/facts", {"facts": make.facts()}, If_Match=tag)
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    assert "Location" not in response.headers
    response = officer.post(f"{path}/submit", If_Match='"2"')
    assert (response.status_code, read(response)["state"]) == (200, "submitted")
    response = reviewer.post(f"{path}/accept", {}, If_Match=response.headers["ETag"])
    assert (response.status_code, read(response)["state"]) == (200, "in_review")
    response = reviewer.post(f"{path}/return", REASON, If_Match=response.headers["ETag"])
    assert read(response)["state"] == "returned"
    response = officer.post(f"{path}/submit", If_Match=response.headers["ETag"])
    assert (read(response)["state"], read(response)["versions"]) == ("submitted", 2)
    response = officer.post(f"{path}/withdraw", REASON, If_Match=response.headers["ETag"])
    assert (read(response)["state"], read(response)["moves"]) == ("withdrawn", [])
    timeline = read(officer.get(f"{path}/timeline"))["items"]
    assert [(entry["rev"], entry["type"], entry["actor"]["name"]) for entry in timeline] == [
        (1, "application.created", "招商甲"),
        (2, "application.facts_replaced", "招商甲"),
        (3, "application.submitted", "招商甲"),
        (4, "application.accepted", "联审"),
        (5, "application.returned", "联审"),
        (6, "application.submitted", "招商甲"),
        (7, "application.withdrawn", "招商甲"),
    ]
    assert timeline[4]["label"] == "退回补正"
    assert timeline[4]["data"]["reason"] == "缺少能评意见"


def test_a_rejected_case_comes_back_through_reconsideration(http: Http) -> None:
    case_id = case(http, http.house.officer, State.REJECTED)
    response = http.officer.post(f"/v1/applications/{case_id}/reconsider", REASON, If_Match='"3"')
    assert (response.status_code, read(response)["state"]) == (200, "draft")


def test_the_report_is_served_as_the_bytes_that_were_stored(http: Http) -> None:
    path, _ = start(http.officer)
    officer = http.officer
    for language, header in (("zh", "zh-CN,en;q=0.9"), ("en", "en-GB, zh;q=0.5")):
        response = officer.get(f"{path}/assessment", Accept_Language=header)
        with http.house.work(http.house.auditor) as work:
            row = applications.assessment(work, UUID(path.rpartition("/")[2]))
            stored, sha256 = (
                (row.report_zh, row.report_zh_sha256) if language == "zh" else (row.report_en, row.report_en_sha256)
            )
        assert response.get_data() == stored.encode()
        assert response.headers["ETag"] == f'"{sha256}"'
        assert response.headers["Content-Language"] == language
        again = officer.get(f"{path}/assessment", Accept_Language=header, If_None_Match=f'"x", "{sha256}"')
        assert (again.status_code, again.get_data()) == (304, b"")


def test_every_version_has_its_assessment(http: Http) -> None:
    officer, reviewer = http.officer, http.reviewer
    path, tag = start(officer)
    tag = reviewer.post(f"{path}/return", REASON, If_Match=tag).headers["ETag"]
    tag = officer.put(f"{path}/facts", {"facts": make.facts(water=Decimal(200000))}, If_Match=tag).headers["ETag"]
    assert officer.post(f"{path}/submit", If_Match=tag).status_code == 200
    items = read(officer.get(f"{path}/assessments", Accept_Language="en"))["items"]
    assert [(item["n"], item["outcome"], item["report"]["outcome"]) for item in items] == [
        (1, "approve", "approve"),
        (2, "reject", "reject"),
    ]
    assert read(officer.get(f"{path}/assessment"))["outcome"] == "reject"


def test_a_draft_has_no_assessment_yet(http: Http) -> None:
    path, _ = start(http.officer, draft=True)
    told = require_problem(http.officer.get(f"{path}/assessment"), 404, "not_found")
    assert told["kind"] == "assessment"
    assert read(http.officer.get(f"{path}/assessments")) == {"items": []}


def test_what_is_not_for_these_eyes_does_not_exist(http: Http) -> None:
    path, tag = start(http.officer, draft=True)
    for caller in (http.colleague, http.reviewer):
        hidden = require_problem(caller.get(path), 404, "not_found")
        missing = require_problem(caller.get(f"/v1/applications/{uuid4()}"), 404, "not_found")
        hidden.pop("request_id")
        missing.pop("request_id")
        assert hidden == missing
    require_problem(http.colleague.post(f"{path}/withdraw", REASON, If_Match=tag), 404, "not_found")


def test_nobody_reviews_a_case_of_their_own(http: Http) -> None:
    path, tag = start(http.both)
    require_problem(http.both.post(f"{path}/accept", If_Match=tag), 403, "own_case")


def test_only_the_owner_withdraws_a_case_that_others_see(http: Http) -> None:
    path, tag = start(http.officer)
    require_problem(http.both.post(f"{path}/withdraw", REASON, If_Match=tag), 403, "not_yours")


def test_an_illegal_move_names_the_legal_ones(http: Http) -> None:
    path, tag = start(http.officer)
    told = require_problem(http.officer.put(f"{path}/facts", {"facts": {}}, If_Match=tag), 409, "illegal_move")
    assert (told["state"], told["move"]) == ("submitted", "replace_facts")
    assert told["legal"] == ["accept", "return", "withdraw"]
    assert told["detail"] == "申报目前为“已提交”，不能“修改填报项”；可以办理的有：受理、退回补正、撤回。"
    tag = http.officer.post(f"{path}/withdraw", REASON, If_Match=tag).headers["ETag"]
    told = require_problem(http.officer.post(f"{path}/submit", If_Match=tag, Accept_Language="en"), 409, "illegal_move")
    assert told["legal"] == []
    assert told["detail"] == "The application is “Withdrawn”; “Submit” is not possible from there, and nothing else is."


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ({}, ("/reason", "text_missing")),
        ({"reason": "   "}, ("/reason", "text_missing")),
        ({"reason": None}, ("/reason", "text_missing")),
        ({"reason": 5}, ("/reason", "member_type")),
        ({"reason": "一" * 2001}, ("/reason", "text_length")),
    ],
)
def test_a_reason_that_is_due_is_demanded(http: Http, body: dict[str, object], flaw: tuple[str, str]) -> None:
    path, tag = start(http.officer)
    before = counts(http.house.runtime)
    response = http.officer.post(f"{path}/withdraw", body, If_Match=tag)
    require_problem(response, 422, "invalid")
    assert flaws(response) == [flaw]
    assert counts(http.house.runtime) == before


def test_a_move_without_a_reason_takes_none(http: Http) -> None:
    path, tag = start(http.officer)
    response = http.reviewer.post(f"{path}/accept", REASON, If_Match=tag)
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/reason", "member_unknown")]


def test_a_submission_names_what_is_missing(http: Http) -> None:
    path, tag = start(http.officer, draft=True, facts={"nature": "expand"})
    response = http.officer.post(f"{path}/submit", If_Match=tag)
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/facts/industry_code", "required_missing"), ("/facts/output", "required_missing")]


def test_the_request_id_is_in_the_ledger(http: Http) -> None:
    response = http.officer.post("/v1/applications", application(), X_Request_Id="office-7.42_a")
    assert response.headers["X-Request-Id"] == "office-7.42_a"
    assert {event["request"] for event in events(http.house.runtime)[-2:]} == {"office-7.42_a"}


def test_two_callers_with_the_same_version_do_not_both_win(http: Http) -> None:
    path, tag = start(http.officer)
    officer, reviewer = http.officer, http.reviewer
    assert reviewer.post(f"{path}/accept", If_Match=tag).status_code == 200
    told = require_problem(officer.post(f"{path}/withdraw", REASON, If_Match=tag), 412, "stale")
    assert told["current"] == 3
    assert written(read(officer.get(path))["state"]) == '"in_review"'
