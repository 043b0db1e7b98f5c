from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import make
from tests.api.calling import Caller, Http, application, flaws, read, require_problem


def start(caller: Caller, **changes: object) -> None:
    """Create an application."""
    response = caller.post("/v1/applications", application(**changes))
    assert response.status_code == 201, response.text


def test_pages_neither_skip_nor_repeat(http: Http) -> None:
    officer = http.officer
    numbers = [read(officer.post("/v1/applications", application()))["number"] for _ in range(5)]
    found, path = [], "/v1/applications?sort=number&limit=2&text=%E5%A4%A7%E6%B2%B3"
    while path:
        response = officer.get(path)
        page = read(response)
        found += [item["number"] for item in page["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == (page["next_cursor"] is not None)
        path = link.removeprefix("<").partition(">")[0]
        if path:
            assert link.endswith('; rel="next"')
            assert parse_qs(urlsplit(path).query)["cursor"] == [page["next_cursor"]]
    assert found == numbers


def test_filters_narrow_the_list(http: Http) -> None:
    officer = http.officer
    start(officer)
    start(officer, facts=make.facts(water=Decimal(200000), industry_code="2614"))
    start(officer, draft=True)
    for query, count in (
        ("state=draft", 1),
        ("state=submitted", 2),
        ("outcome=reject", 1),
        ("category=A", 1),
        ("industry=26", 1),
        ("submitted_after=2026-11-23T02:15:30Z", 2),
        ("submitted_after=2026-11-23T10:15:31%2B08:00", 0),
        ("submitted_before=2026-11-24T00:00:00Z", 2),
        ("text=2026-0003", 1),
        ("state=submitted&outcome=approve&limit=200", 1),
    ):
        response = officer.get(f"/v1/applications?{query}")
        assert response.status_code == 200, response.text
        assert len(read(response)["items"]) == count, query
        assert all("facts" not in item for item in read(response)["items"])


def test_every_flaw_of_a_query_is_told_at_once(http: Http) -> None:
    query = "state=lost&submitted_after=2026-11-23&submitted_before=x&sort=age&limit=201&colour=blue"
    response = http.officer.get(f"/v1/applications?{query}")
    require_problem(response, 422, "invalid")
    assert flaws(response) == [
        ("/state", "member_choice"),
        ("/submitted_after", "member_moment"),
        ("/submitted_before", "member_moment"),
        ("/colour", "member_unknown"),
        ("/sort", "sort_unknown"),
        ("/limit", "limit_range"),
    ]


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "a", "", "٣", "99999999999999999999"])
def test_a_limit_is_a_whole_number_in_range(http: Http, limit: str) -> None:
    response = http.officer.get(f"/v1/applications?limit={limit}")
    require_problem(response, 422, "invalid")
    assert [pointer for pointer, _ in flaws(response)] == ["/limit"]


def test_a_cursor_of_another_query_is_malformed(http: Http) -> None:
    officer = http.officer
    start(officer)
    start(officer)
    cursor = read(officer.get("/v1/applications?limit=1"))["next_cursor"]
    told = require_problem(officer.get(f"/v1/applications?limit=1&state=submitted&cursor={cursor}"), 400, "malformed")
    assert told["because"] == "cursor"
    require_problem(officer.get("/v1/applications?cursor=%E4%B8%80"), 400, "malformed")


def test_a_parameter_given_twice_is_malformed(http: Http) -> None:
    told = require_problem(http.officer.get("/v1/applications?state=draft&state=submitted"), 400, "malformed")
    assert (told["because"], told["key"]) == ("query_twice", "state")
