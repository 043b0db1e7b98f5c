"""The conventions of HTTP, each tried on every endpoint that is declared; a new one is tried without being named."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from service.actions import ledger, webhooks
from service.app import ROUTES, create_app
from service.core.errors import Flaw
from service.core.people import PERMISSIONS, Role
from service.web.endpoints import Endpoint, FileBody, FormBody
from service.web.forms import Form
from service.web.views import Paged
from tests import databases, make, meeting
from tests.actions import proposing, waiving
from tests.api.calling import Caller, Http, application, described, flaws, open_http, read, require_problem, written
from tests.api.samples import SAMPLES, place_of, prepare, somebody_who_may
from tests.conftest import Clock, service

ENDPOINTS: Final = {
    name: found for routes in ROUTES for name, found in routes.endpoints.items() if isinstance(found, Endpoint)
}
READ: Final = [name for name, found in ENDPOINTS.items() if found.method == "GET"]
TAGGED: Final = [name for name in READ if "ETag" in ENDPOINTS[name].renders.headers]
VERSIONED: Final = [name for name, found in ENDPOINTS.items() if found.needs_version]
REPEATABLE: Final = [name for name, found in ENDPOINTS.items() if found.repeatable]
WRITTEN: Final = [
    name for name, found in ENDPOINTS.items() if found.body is not None and not isinstance(found.body, FileBody)
]
ASKED: Final = [name for name, found in ENDPOINTS.items() if found.query is not None]
PAGED: Final = [name for name, found in ENDPOINTS.items() if isinstance(found.renders, Paged)]
PLACES: Final = sorted(
    {
        place_of(found) if isinstance(found, Endpoint) else re.sub(r"<(\w+)>", r"{\1}", found.path)
        for routes in ROUTES
        for found in routes.endpoints.values()
    }
)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """One service for all that are only refused, or read."""
    with databases.fresh("sqlite") as engine:
        yield open_http(make.house(service(engine, Clock(), tmp_path_factory.mktemp("service"))))


@pytest.fixture(scope="module")
def somebody(door: Http) -> dict[str, Caller]:
    """For every endpoint somebody who may call it."""
    known: dict[str, Caller] = {}
    return {
        name: known.setdefault(found.permission, somebody_who_may(door, found)) for name, found in ENDPOINTS.items()
    }


def somewhere(endpoint: Endpoint) -> str:
    """The path of something that is not there."""
    path = re.sub(r"\{(\w+_id)\}", "019ab2f0-5a1c-7d3e-8f00-0123456789ab", place_of(endpoint))
    return re.sub(r"\{\w+\}", "1", path)


def send(caller: Caller, endpoint: Endpoint, content: str | bytes, query: str = "", **headers: str) -> TestResponse:
    needed = {"If_Match": '"1"'} if endpoint.needs_version else {}
    return caller.send(endpoint.method, somewhere(endpoint) + query, content, **needed, **headers)


def happened(http: Http) -> int:
    """How much has been recorded: every change leaves an entry."""
    with http.house.runtime.engine.connect() as connection:
        count: int = connection.execute(text("SELECT count(*) FROM ledger_event")).scalar_one()
        return count


# Idempotency


@pytest.mark.parametrize("name", REPEATABLE)
def test_what_is_sent_again_with_its_key_happens_once(door: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    prepared = prepare(door, somebody_who_may(door, endpoint), name, endpoint)
    prepared = replace(prepared, headers={**prepared.headers, "Idempotency_Key": "k-1"})
    first = prepared.send()
    before = happened(door)
    again = prepared.send()
    assert (first.status_code, again.status_code) == (endpoint.status, endpoint.status), again.text
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    withheld = dict.fromkeys(endpoint.withholds)
    assert read(again) == read(first) | withheld
    assert happened(door) == before


@pytest.mark.parametrize("times", [2, 5])
def test_the_same_request_sent_at_once_happens_once(http: Http, times: int) -> None:
    officer, start = http.officer, Barrier(times)

    def create(_: int) -> TestResponse:
        start.wait()
        return officer.post("/v1/applications", application(), Idempotency_Key="k-1")

    with ThreadPoolExecutor(times) as pool:
        responses = list(pool.map(create, range(times)))
    done = [response for response in responses if response.status_code == 201]
    assert len([response for response in done if "Idempotency-Replayed" not in response.headers]) == 1
    assert len({response.get_data() for response in done}) == 1
    for response in responses:
        if response not in done:
            require_problem(response, 409, "still_running")
            assert int(response.headers["Retry-After"]) > 0
    assert officer.post("/v1/applications", application(), Idempotency_Key="k-1").get_data() == done[0].get_data()
    assert len(read(officer.get("/v1/applications"))["items"]) == 1


def test_of_two_requests_with_one_key_sent_at_once_one_is_refused(http: Http) -> None:
    officer, start = http.officer, Barrier(2)

    def create(name: str) -> TestResponse:
        start.wait()
        return officer.post("/v1/applications", application(project_name=name), Idempotency_Key="k-1")

    with ThreadPoolExecutor(2) as pool:
        responses = sorted(pool.map(create, ("甲项目", "乙项目")), key=lambda response: response.status_code)
    assert responses[0].status_code == 201
    assert read(responses[1])["code"] in {"still_running", "idempotency_key_reused"}
    assert len(read(officer.get("/v1/applications"))["items"]) == 1


def test_of_changes_that_rest_on_one_version_one_is_made(http: Http) -> None:
    officer, start = http.officer, Barrier(4)
    path = officer.post("/v1/applications", application(draft=True)).headers["Location"]

    def change(n: int) -> TestResponse:
        start.wait()
        return officer.put(f"{path}/facts", {"facts": make.facts(water=Decimal(n))}, If_Match='"1"')

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(response.status_code for response in pool.map(change, range(4)))
    assert statuses == [200, 412, 412, 412]
    assert read(officer.get(path))["version"] == 2


# Versions


@pytest.mark.parametrize("name", VERSIONED)
def test_a_change_names_the_version_it_rests_on(door: Http, somebody: dict[str, Caller], name: str) -> None:
    endpoint = ENDPOINTS[name]
    prepared = prepare(door, somebody[name], name, endpoint)
    before = happened(door)
    require_problem(replace(prepared, headers={}).send(), 428, "precondition_required")
    require_problem(replace(prepared, headers={"If_Match": "*"}).send(), 400, "malformed")
    told = require_problem(replace(prepared, headers={"If_Match": '"999"'}).send(), 412, "stale")
    assert prepared.headers["If_Match"] == f'"{told["current"]}"'
    assert happened(door) == before
    assert prepared.send().status_code == endpoint.status


@pytest.mark.parametrize("name", TAGGED)
def test_who_holds_what_stands_is_sent_nothing(door: Http, somebody: dict[str, Caller], name: str) -> None:
    endpoint = ENDPOINTS[name]
    prepared = prepare(door, somebody[name], name, endpoint)
    tag = prepared.send().headers["ETag"]
    held = prepared.caller.get(prepared.path, If_None_Match=f'"0", W/{tag}')
    assert (held.status_code, held.get_data(), held.headers["ETag"]) == (304, b"", tag)
    assert prepared.caller.get(prepared.path, If_None_Match='"0"').status_code == 200


@pytest.mark.parametrize("name", READ)
def test_a_head_has_the_headers_of_the_whole_and_no_content(door: Http, somebody: dict[str, Caller], name: str) -> None:
    endpoint = ENDPOINTS[name]
    prepared = prepare(door, somebody[name], name, endpoint)
    whole = prepared.caller.get(prepared.path, X_Request_Id="r-1")
    head = prepared.caller.send("HEAD", prepared.path, X_Request_Id="r-1")
    assert (head.status_code, head.get_data()) == (whole.status_code, b"")
    assert dict(head.headers) == dict(whole.headers)


# Methods


@pytest.mark.parametrize("place", PLACES)
def test_every_path_says_which_methods_it_has(door: Http, place: str) -> None:
    path = re.sub(r"\{(\w+_id)\}", "019ab2f0-5a1c-7d3e-8f00-0123456789ab", place)
    path = re.sub(r"\{\w+\}", "1", path)
    methods = {method.upper() for method in described()["paths"][place]} - {"PARAMETERS"}
    allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    asked = door.nobody.send("OPTIONS", path, X_Request_Id="r-1")
    assert (asked.status_code, asked.get_data(), asked.headers["X-Request-Id"]) == (200, b"", "r-1")
    assert set(asked.headers["Allow"].split(", ")) == allowed
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
        refused = door.nobody.send(method, path, X_Request_Id="r-2")
        require_problem(refused, 405, "method_not_allowed")
        assert set(refused.headers["Allow"].split(", ")) == allowed
        assert refused.headers["X-Request-Id"] == "r-2"


# Contents


@pytest.mark.parametrize("name", WRITTEN)
def test_content_is_taken_as_one_strict_json_object_of_some_size(
    door: Http, somebody: dict[str, Caller], name: str
) -> None:
    endpoint, caller = ENDPOINTS[name], somebody[name]
    before = happened(door)
    sound = written(SAMPLES[name].body or {})
    for kind in ("text/plain", ""):
        require_problem(send(caller, endpoint, sound, Content_Type=kind), 415, "unsupported_media_type")
    for content, because in STRICT.items():
        assert require_problem(send(caller, endpoint, content), 400, "malformed")["because"] == because
    assert happened(door) == before


STRICT: Final = {
    b"{": "syntax",
    b"[]": "object",
    b'{"a": 1, "a": 1}': "duplicate_key",
    b'{"a": NaN}': "constant",
    b'{"a": "\xff"}': "encoding",
}


def test_too_much_content_is_refused_everywhere(door: Http, somebody: dict[str, Caller]) -> None:
    runtime = door.house.runtime
    app = create_app(replace(runtime, settings=replace(runtime.settings, max_body_bytes=1024)))
    for name in WRITTEN:
        response = send(replace(somebody[name], app=app), ENDPOINTS[name], b" " * 1025)
        assert require_problem(response, 413, "too_large")["most"] == 1024


@pytest.mark.parametrize("name", [name for name in WRITTEN if isinstance(ENDPOINTS[name].body, FormBody)])
def test_no_member_is_passed_over(name: str) -> None:
    endpoint = ENDPOINTS[name]
    assert isinstance(endpoint.body, FormBody)
    assert ("/draught", "member_unknown") in told(endpoint.body.form, {"draught": True})


def told(form: Form, raw: dict[str, Any]) -> set[tuple[str, str]]:
    """The flaws a form finds; anything else it says would be an error of ours."""
    found = form.read(raw).flaws
    assert all(isinstance(flaw, Flaw) for flaw in found), (form, raw, found)
    return {(flaw.pointer, flaw.code) for flaw in found}


ANYTHING: Final[tuple[Any, ...]] = (None, 0, 1.5, True, "", "x", "a\0", [], [None], [0], [[]], [{}], {}, {"a": None})


@pytest.mark.parametrize("name", WRITTEN)
def test_no_form_stumbles_over_anything_that_json_can_say(name: str) -> None:
    body = ENDPOINTS[name].body
    if isinstance(body, FormBody):
        told(body.form, {})
        for member in body.form.fields:
            for value in ANYTHING:
                told(body.form, {member: value})


# Queries


@pytest.mark.parametrize("name", ASKED)
def test_a_query_is_read_strictly(door: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    form = endpoint.query
    assert form is not None
    assert ("/colour", "member_unknown") in told(form, {"colour": "blue"})
    for member in form.fields:
        for value in ("", "x", "-1", "2026-13-01", "a\0", "9" * 40):
            told(form, {member: value})
    if endpoint.method == "GET":
        prepared = prepare(door, somebody_who_may(door, endpoint), name, endpoint)
        path = prepared.path.partition("?")[0]
        assert ("/colour", "member_unknown") in flaws(prepared.caller.get(f"{path}?colour=blue"))
        twice = require_problem(prepared.caller.get(f"{path}?colour=blue&colour=red"), 400, "malformed")
        assert (twice["because"], twice["key"]) == ("query_twice", "colour")


# Pages

More = Callable[[], object]


def _application(http: Http) -> tuple[Caller, str, More]:
    return http.officer, "/v1/applications", lambda: http.house.create(make.application())


def _waiver(http: Http) -> tuple[Caller, str, More]:
    waiving.release(http.house)
    return http.auditor, "/v1/waivers", lambda: waiving.waived(http.house, http.house.create(make.application()))


def _meeting(http: Http) -> tuple[Caller, str, More]:
    return http.auditor, "/v1/meetings", lambda: meeting.called(http.house)


def _deputy(http: Http) -> tuple[Caller, str, More]:
    days = iter(range(1, 29))

    def appoint() -> None:
        day = f"2026-12-{next(days):02}"
        body = {"deputy": str(http.house.others[0].person_id), "from_on": day, "to_on": day, "reason": "出差"}
        assert http.member.post("/v1/deputies", body).status_code == 201

    return http.member, "/v1/deputies", appoint


def _entry(path: str) -> Callable[[Http], tuple[Caller, str, More]]:
    def entries(http: Http) -> tuple[Caller, str, More]:
        def happen() -> None:
            http.house.create(make.application())
            ledger.tend(http.house.runtime)

        return http.auditor, path, happen

    return entries


def _proposal(http: Http) -> tuple[Caller, str, More]:
    return (
        http.caller(http.house.author),
        "/v1/rulebooks/proposals",
        lambda: proposing.proposed(http.house, proposing.another()),
    )


def _person(http: Http) -> tuple[Caller, str, More]:
    return http.admin, "/v1/people", lambda: make.person(http.house, "新人", Role.MEMBER)


def _hook(http: Http) -> UUID:
    with http.house.work(http.house.admin) as work:
        return webhooks.add(work, webhooks.NewWebhook("https://zone.example/hook", ["*"])).id


def _webhook(http: Http) -> tuple[Caller, str, More]:
    return http.admin, "/v1/webhooks", lambda: _hook(http)


def _delivery(http: Http) -> tuple[Caller, str, More]:
    webhook_id = _hook(http)

    def test() -> None:
        with http.house.work(http.house.admin) as work:
            webhooks.test(work, webhook_id)

    return http.admin, f"/v1/webhooks/{webhook_id}/deliveries", test


LISTS: Final[dict[str, Callable[[Http], tuple[Caller, str, More]]]] = {
    "ledger.find_entries": _entry("/v1/ledger/entries"),
    "webhooks.find_events": _entry("/v1/events"),
    "applications.find_applications": _application,
    "waivers.find_waivers": _waiver,
    "meetings.find_meetings": _meeting,
    "deputies.find_deputies": _deputy,
    "rulebooks.find_proposals": _proposal,
    "people.find_people": _person,
    "webhooks.find_webhooks": _webhook,
    "webhooks.find_deliveries": _delivery,
}


def test_there_is_a_way_to_lengthen_every_list() -> None:
    assert sorted(LISTS) == sorted(PAGED)


def test_pages_neither_skip_nor_repeat_while_the_list_grows(http: Http) -> None:
    for name, lengthened in LISTS.items():
        caller, path, more = lengthened(http)
        for _ in range(5):
            more()
        there = [written(item) for item in _whole(caller, path)]
        assert len(there) >= 5, name
        paged = [written(item) for item in _whole(caller, path, more)]
        assert len(set(paged)) == len(paged), name
        assert [item for item in paged if item in set(there)] == there, name


def _whole(caller: Caller, path: str, between: More = lambda: None) -> Iterator[Any]:
    """Follow the links from page to page; something happens between them, a few times."""
    following, left = f"{path}?limit=2", 4
    while following:
        response = caller.get(following)
        assert response.status_code == 200, response.text
        page = read(response)
        assert len(page["items"]) <= 2
        yield from page["items"]
        link = re.fullmatch(r'<(.*)>; rel="next"', response.headers.get("Link", ""))
        assert (link is None) == (page["next_cursor"] is None)
        following, left = "" if link is None else link[1], left - 1
        if left > 0:
            between()


@pytest.mark.parametrize("name", LISTS)
def test_the_limit_of_a_page_is_the_one_that_is_published(door: Http, name: str) -> None:
    caller, path, _ = LISTS[name](door)
    most = read(caller.get("/v1/meta"))["limits"]["page"]
    assert caller.get(f"{path}?limit={most}").status_code == 200
    assert [pointer for pointer, _ in flaws(caller.get(f"{path}?limit={most + 1}"))] == ["/limit"]
    assert [pointer for pointer, _ in flaws(caller.get(f"{path}?limit=0"))] == ["/limit"]


# Limits


def test_the_limits_that_are_published_are_those_that_hold(door: Http) -> None:
    limits = read(door.officer.get("/v1/meta"))["limits"]
    settings = door.house.runtime.settings
    assert limits["body_bytes"] == settings.max_body_bytes == door.app.config["MAX_CONTENT_LENGTH"]
    assert limits["evidence_bytes"] == settings.evidence_max_bytes
    assert (limits["requests_per_minute"], limits["failures_per_minute"]) == (
        settings.requests_per_minute,
        settings.failures_per_minute,
    )
    longest = "k" * limits["idempotency_key_characters"]
    create = ("/v1/applications", application(draft=True))
    assert door.officer.post(*create, Idempotency_Key=longest).status_code == 201
    require_problem(door.officer.post(*create, Idempotency_Key=longest + "k"), 400, "malformed")
    assert door.officer.post("/v1/assessments", {"items": [{}] * limits["items"]}).status_code == 200
    response = door.officer.post("/v1/assessments", {"items": [{}] * (limits["items"] + 1)})
    assert flaws(response) == [("/items", "items_count")]


# Languages


def test_whoever_may_not_is_told_so_in_both_languages_on_every_endpoint(door: Http) -> None:
    callers = {role: door.newcomer(role) for role in Role}
    for name, endpoint in ENDPOINTS.items():
        for role in [role for role in Role if role not in PERMISSIONS[endpoint.permission]][:1]:
            assert said(callers[role], endpoint, "forbidden") == ["无权办理", "Not yours to do"], name


def test_nobody_is_told_so_in_both_languages_on_every_endpoint(door: Http) -> None:
    for name, endpoint in ENDPOINTS.items():
        assert said(door.nobody, endpoint, "unauthenticated") == ["身份未能确认", "Nobody known is asking"], name


def said(caller: Caller, endpoint: Endpoint, code: str) -> list[str]:
    """The titles of a refusal, in Chinese and English."""
    responses = [send(caller, endpoint, "{}", Accept_Language=language) for language in ("zh-CN", "en-GB")]
    assert [response.headers["Content-Language"] for response in responses] == ["zh", "en"]
    return [require_problem(response, response.status_code, code)["title"] for response in responses]
