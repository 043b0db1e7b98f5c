"""``docs/people.md`` says what the tables of the core say, and everybody who may not is answered as it says."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from service.actions import people
from service.core.people import PERMISSIONS, SCOPES, Permission, Role, Scope
from tests import make, seating
from tests.api.calling import Caller, Http, require_problem
from tests.meeting import person

PAGE = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")
NOTHING_THERE = "01939a1e-0000-7000-8000-000000000000"


def rows(head: str) -> list[list[str]]:
    """The cells of the table under a head, without the head."""
    _, _, below = PAGE.partition(f"\n{head}\n")
    table = below.split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_the_table_of_permissions_is_that_of_the_core() -> None:
    told = {
        row[0].strip("`"): (row[1].strip("`"), set(Role) if row[2] == "everybody" else named(row[2]))
        for row in rows("| permission | scope | roles |")
    }
    assert told == {one.value: (SCOPES[one].value, set(PERMISSIONS[one])) for one in Permission}


def test_the_table_of_scopes_is_that_of_the_core() -> None:
    told = {row[0].strip("`"): named(row[1]) for row in rows("| scope | permissions |")}
    assert told == {scope.value: {one.value for one in Permission if SCOPES[one] is scope} for scope in Scope}


def keyed(http: Http, who: Caller, *scopes: Scope) -> Caller:
    assert who.actor is not None
    with http.house.work(http.house.admin) as work:
        return Caller(http.app, people.issue(work, person(who.actor), people.NewKey(scopes=scopes)).text, who.actor)


def of(caller: Caller, path: str = "") -> str:
    assert caller.actor is not None
    return f"/v1/people/{person(caller.actor)}{path}"


def nobody(http: Http) -> list[TestResponse]:
    key = http.officer.key
    return [
        http.nobody.get("/v1/me"),
        http.nobody.get("/v1/me", Authorization=f"Basic {key}"),
        http.nobody.get("/v1/me", Cookie=f"session={key}"),
        http.nobody.get(f"/v1/me?access_token={key}"),
    ]


def ended(http: Http) -> list[TestResponse]:
    leaving, revoked = http.newcomer(Role.MEMBER), keyed(http, http.officer, Scope.ASSESS)
    with http.house.work(http.house.admin) as work:
        people.revoke_key(work, (revoked.key or "").split("_")[1])
        people.erase(work, person(leaving.actor or http.house.member))
    return [Caller(http.app, key).get("/v1/me") for key in ("slc_abcdefgh_x", "a.b.c", revoked.key, leaving.key)]


def not_granted(http: Http) -> list[TestResponse]:
    case_id = http.house.create(make.application())
    return [http.admin.get(f"/v1/applications/{one}") for one in (case_id, NOTHING_THERE)]


def recused(http: Http) -> list[TestResponse]:
    case_id = http.house.create(make.application())
    seating.seat(http.house, case_id, http.house.member)
    assert http.member.get(f"/v1/applications/{case_id}").status_code == 200
    seating.recuse(http.house, case_id, http.house.member)
    return [http.member.get(f"/v1/applications/{case_id}")]


def own_case(http: Http) -> list[TestResponse]:
    case_id = http.house.create(make.application(), http.house.both)
    return [http.both.post(f"/v1/applications/{case_id}/accept", If_Match='"1"')]


def wider(http: Http) -> list[TestResponse]:
    wide = http.newcomer(Role.MEMBER)
    narrow = keyed(http, wide, Scope.KEYS)
    key_id = (wide.key or "").split("_")[1]
    return [narrow.post(of(narrow, f"/keys/{key_id}/rotate"), {"overlap_hours": 0})]


ASKED: Mapping[str, Callable[[Http], list[TestResponse]]] = {
    "nobody: no header, another scheme, a cookie, a key in the query": nobody,
    "a key that is none, ended or was revoked; a token that does not count; somebody who was erased": ended,
    "somebody whose roles are not granted the permission, whether the thing is there or not": not_granted,
    "somebody whose role would do, with a key whose scopes do not": lambda http: [
        keyed(http, http.newcomer(Role.OFFICER), Scope.ASSESS).get("/v1/applications")
    ],
    "a case that one's roles do not let one see": lambda http: [
        http.member.get(f"/v1/applications/{http.house.create(make.application())}"),
        http.colleague.get(f"/v1/applications/{http.house.create(make.application())}"),
    ],
    "a case one is recused from": recused,
    "somebody else's keys": lambda http: [http.colleague.get(of(http.officer, "/keys"))],
    "a thing that is not there, by somebody who might see it": lambda http: [
        http.auditor.get(f"/v1/applications/{NOTHING_THERE}"),
        http.admin.get(f"/v1/people/{NOTHING_THERE}"),
    ],
    "a case one sees, to judge which is not one's own to do: it is one's own": own_case,
    "one's own roles": lambda http: [http.admin.post(of(http.admin, "/roles"), {"roles": ["officer"]}, If_Match='"1"')],
    "a wider key of one's own": wider,
    "an address that is none": lambda http: [http.nobody.get("/v1/nothing")],
}


def test_every_row_of_the_policy_is_tried() -> None:
    assert [row[0] for row in rows("| who asks for what | status | code |")] == list(ASKED)


@pytest.fixture
def database() -> str:
    """The policy is the same on both kinds."""
    return "sqlite"


def test_whoever_may_not_is_answered_as_the_policy_says(http: Http) -> None:
    for asked, status, code in rows("| who asks for what | status | code |"):
        for response in ASKED[asked](http):
            require_problem(response, int(status), code.strip("`"))
            challenged = "WWW-Authenticate" in response.headers
            assert challenged is (status == "401"), asked
