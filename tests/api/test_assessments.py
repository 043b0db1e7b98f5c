from decimal import Decimal

import pytest

from service.actions import assessments, people, rulebooks
from service.core.people import SYSTEM, Role
from service.core.values import Json
from service.work import Runtime
from tests import make
from tests.actions.tables import counts
from tests.api.calling import Caller, Http, flaws, open_http, read, require_problem, written


def report(http: Http, facts: dict[str, Json], language: str) -> str:
    with http.house.runtime.work(http.house.officer, read_only=True) as work:
        return assessments.assess(work, facts, language)


def test_facts_are_scored_and_nothing_is_stored(http: Http) -> None:
    officer = http.officer
    before = counts(http.house.runtime)
    response = officer.post("/v1/assessments", make.facts())
    assert response.status_code == 200
    found = read(response)
    assert (found["outcome"], found["score"]["total"]) == ("approve", Decimal("80.5"))
    assert counts(http.house.runtime) == before


@pytest.mark.parametrize(("header", "language"), [("zh-CN", "zh"), ("en", "en"), ("fr", "zh"), ("", "zh")])
def test_the_answer_is_the_report_in_the_language_asked_for(http: Http, header: str, language: str) -> None:
    response = http.officer.post("/v1/assessments", make.facts(), Accept_Language=header)
    assert response.get_data() == report(http, make.facts(), language).encode()


def test_incomplete_facts_are_scored_all_the_same(http: Http) -> None:
    response = http.officer.post("/v1/assessments", {})
    assert (response.status_code, read(response)["outcome"]) == (200, "defer")


def test_every_flaw_is_told_with_its_place(http: Http) -> None:
    response = http.officer.post("/v1/assessments", {"water": -1, "output": 12.345, "colour": 1})
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/colour", "fact_unknown"),
        ("/output", "fact_decimals"),
        ("/water", "fact_min"),
    ]


def test_many_are_answered_in_order_each_with_its_own_flaws(http: Http) -> None:
    bodies = [make.facts(), {"water": -1}, 5, make.facts(water=Decimal(200000))]
    response = http.officer.post("/v1/assessments", {"items": bodies}, Accept_Language="en")
    assert response.status_code == 200
    items = read(response)["items"]
    assert [item.get("outcome") for item in items] == ["approve", None, None, "reject"]
    assert items[1]["error"]["flaws"] == [{"pointer": "/water", "code": "fact_min", "because": "must be at least 0"}]
    assert (items[1]["error"]["status"], items[1]["error"]["code"]) == (422, "invalid")
    assert [flaw["pointer"] for flaw in items[2]["error"]["flaws"]] == [""]
    assert report(http, make.facts(), "en") in response.text


def test_up_to_a_thousand_are_taken_at_once(http: Http) -> None:
    officer = http.officer
    assert len(read(officer.post("/v1/assessments", {"items": [make.facts()] * 1000}))["items"]) == 1000
    response = officer.post("/v1/assessments", {"items": [{}] * 1001})
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/items", "items_count")]
    assert read(officer.post("/v1/assessments", {"items": []})) == {"items": []}


def test_items_beside_other_members_is_a_fact_nobody_asks_for(http: Http) -> None:
    response = http.officer.post("/v1/assessments", {"items": [], "nature": "new"})
    require_problem(response, 422, "invalid")
    assert flaws(response) == [("/items", "fact_unknown")]


def test_without_an_edition_in_force_nothing_can_be_assessed(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        person = people.add(work, "招商", [Role.OFFICER])
        key = people.issue_key(work, person.id)
    http = open_http(make.House(runtime, *[SYSTEM] * 9))
    told = require_problem(Caller(http.app, key).post("/v1/assessments", {}), 404, "no_rulebook_in_force")
    assert told["on"] == "2026-11-23"


def test_the_edition_in_force_changes_at_midnight_in_the_zone(http: Http) -> None:
    with http.house.runtime.work(SYSTEM) as work:
        rulebooks.release(work, make.edition("2", "2026-11-24"))
    officer = http.officer
    assert read(officer.post("/v1/assessments", {}))["rulebook"]["edition"] == "1"
    http.house.runtime.clock.move(hours=14)  # type: ignore[attr-defined]  # the clock of tests moves
    assert read(officer.post("/v1/assessments", {}))["rulebook"]["edition"] == "2"


def test_a_newly_released_edition_counts_at_once(http: Http) -> None:
    officer = http.officer
    assert read(officer.post("/v1/assessments", {}))["rulebook"]["edition"] == "1"
    with http.house.runtime.work(SYSTEM) as work:
        rulebooks.release(work, make.edition("2"))
    assert read(officer.post("/v1/assessments", {}))["rulebook"]["edition"] == "2"
    assert written({}) == "{}"
