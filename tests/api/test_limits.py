"""How often somebody may ask: the budgets, and what is answered to whom. Real servers: ``tests/operating``."""

import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import pytest

from service.actions import sign_in
from service.app import create_app
from service.core.people import Actor, Role
from service.web.endpoints import OpenEndpoint
from service.web.limiting import FREE, VISITS
from service.web.limits import MINUTE, Limits
from service.web.routes import declared
from service.web.ui.cookies import Cookie
from tests.api.calling import Caller, Http, read, require_problem

SECOND = MINUTE // 60
FORK = get_context("fork")


@pytest.fixture
def limits() -> Limits:
    return Limits()


def test_a_budget_is_there_at_once_and_comes_back_evenly(limits: Limits) -> None:
    now = 10**15
    assert [limits.spend(b"a", 4, now).left for _ in range(4)] == [3, 2, 1, 0]
    refused = limits.spend(b"a", 4, now)
    assert (refused.allowed, refused.left, refused.retry_after, refused.full_in) == (False, 0, 15, 60)
    assert not limits.spend(b"a", 4, now + 15 * SECOND - 1).allowed
    assert limits.spend(b"a", 4, now + 15 * SECOND).allowed
    assert not limits.spend(b"a", 4, now + 15 * SECOND).allowed
    assert limits.spend(b"a", 4, now + 90 * SECOND).left == 3


def test_what_is_refused_costs_nothing(limits: Limits) -> None:
    now = 10**15
    assert [limits.spend(b"a", 1, now + n).allowed for n in range(50)] == [True] + [False] * 49
    assert limits.spend(b"a", 1, now + MINUTE).allowed


def test_everybody_has_a_budget_of_their_own(limits: Limits) -> None:
    now = 10**15
    assert all(limits.spend(str(n).encode(), 1, now).allowed for n in range(1_000))
    assert not any(limits.spend(str(n).encode(), 1, now).allowed for n in range(1_000))


def test_looking_at_a_budget_takes_nothing(limits: Limits) -> None:
    now = 10**15
    assert [limits.stands(b"a", 1, now).allowed for _ in range(3)] == [True] * 3
    limits.spend(b"a", 1, now)
    assert [limits.stands(b"a", 1, now + n * SECOND).allowed for n in (0, 59, 60)] == [False, False, True]


def test_more_callers_than_there_is_room_for_make_room_for_each_other(limits: Limits) -> None:
    now = 10**15
    for n in range(40_000):
        assert limits.spend(b"%d" % n, 2, now + n).allowed


def _spend(limits: Limits, allowed: Any) -> None:  # noqa: ANN401 - shared memory has no type
    for _ in range(200):
        if limits.spend(b"together", 300).allowed:
            with allowed.get_lock():
                allowed.value += 1


def test_processes_spend_one_budget_together(limits: Limits) -> None:
    allowed = FORK.Value("i", 0)
    processes = [FORK.Process(target=_spend, args=(limits, allowed)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert 300 <= allowed.value <= 310


def _die_with_it(limits: Limits) -> None:
    with limits._slot(b"a"):  # noqa: SLF001 - dies at the worst moment
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_holding_a_slot_holds_nobody_up(limits: Limits) -> None:
    process = FORK.Process(target=_die_with_it, args=(limits,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert limits.spend(b"a", 1).allowed
    assert not limits.spend(b"a", 1).allowed


def limited(http: Http, **most: int) -> Http:
    """The service of a house with these limits."""
    runtime = http.house.runtime
    runtime = replace(runtime, settings=replace(runtime.settings, **most))  # type: ignore[arg-type]  # limits alone
    return Http(replace(http.house, runtime=runtime), create_app(runtime, Limits()))


def test_a_caller_is_told_what_is_left_and_refused_when_nothing_is(http: Http) -> None:
    asked = limited(http, requests_per_minute=3)
    officer, other = asked.officer, asked.newcomer(Role.OFFICER)
    answers = [asked.officer.get("/v1/meta") for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert [one.headers["RateLimit"].partition(";t=")[0] for one in answers] == [
        f'"requests";r={left}' for left in (2, 1, 0)
    ]
    refused = officer.get("/v1/meta", Accept_Language="en")
    told = require_problem(refused, 429, "too_many_requests")
    assert refused.headers["RateLimit-Policy"] == '"requests";q=3;w=60'
    assert refused.headers["Retry-After"] == str(told["retry_after"])
    assert 1 <= told["retry_after"] <= 20
    assert other.get("/v1/meta").status_code == 200
    assert asked.nobody.get("/docs").status_code == 200


def test_a_key_has_one_budget_however_its_scheme_is_written(http: Http) -> None:
    asked = limited(http, requests_per_minute=2)
    key = asked.officer.key
    answers = [asked.nobody.get("/v1/meta", Authorization=f"{name} {key}") for name in ("Bearer", "bearer", "BEARER")]
    assert [one.status_code for one in answers] == [200, 200, 429]


def test_everybody_who_visits_the_pages_has_a_budget_of_their_own(http: Http) -> None:
    assert {name.removeprefix("__Host-") for name in VISITS} == {Cookie.VISIT.value}
    asked = limited(http, requests_per_minute=10)
    visits = [session(asked, actor) for actor in (asked.house.officer, asked.house.reviewer)]
    assert all(visit(asked, token) == 200 for token in visits)
    for token in visits:
        answers = [visit(asked, token) for _ in range(11)]
        assert answers == [*([200] * 10), 429]
    assert visit(asked, "made up") == 303


def test_cookies_that_somebody_made_up_share_the_budget_of_their_address(http: Http) -> None:
    asked = limited(http, requests_per_minute=3)
    assert [visit(asked, f"made up {n}") for n in range(4)] == [303, 303, 303, 429]
    client = asked.app.test_client(use_cookies=False)
    both = {"Cookie": f"sluice={session(asked, asked.house.officer)}; __Host-sluice=made up"}
    assert client.get("/home", headers=both).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert [visit(asked, name, elsewhere) for name in ("a", session(asked, asked.house.officer))] == [303, 200]


def session(http: Http, actor: Actor) -> str:
    """The token of somebody who is signed in."""
    with http.house.work(actor) as work:
        return sign_in.renew(work, "zh")


def visit(http: Http, token: str, environ: Mapping[str, str] | None = None) -> int:
    """Visit a page with a cookie."""
    client = http.app.test_client(use_cookies=False)
    cookie = {"Cookie": f"__Host-sluice={token}"}
    return client.get("/home", headers=cookie, environ_base=dict(environ or {})).status_code


def test_what_is_refused_for_being_too_much_is_not_done(http: Http) -> None:
    asked = limited(http, requests_per_minute=1)
    for status in (200, 429):
        assert asked.officer.get("/v1/applications").status_code == status
    require_problem(asked.officer.post("/v1/applications", {}), 429, "too_many_requests")


def wrong(http: Http, n: int = 0) -> Caller:
    return Caller(http.app, f"slc_{n:08d}_wrong")


@pytest.mark.parametrize("shows", [True, False], ids=["wrong keys", "no key"])
def test_an_address_that_fails_too_often_is_not_heard(http: Http, shows: bool) -> None:  # noqa: FBT001 - a parameter
    asked = limited(http, failures_per_minute=3)
    for n in range(3):
        require_problem((wrong(asked, n) if shows else asked.nobody).get("/v1/meta"), 401, "unauthenticated")
    told = require_problem((wrong(asked, 9) if shows else asked.nobody).get("/v1/meta"), 429, "too_many_requests")
    assert (told["most"], 1 <= told["retry_after"] <= 20) == (3, True)
    assert asked.nobody.get("/docs").status_code == 200
    elsewhere = asked.app.test_client().get("/v1/meta", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 401


def test_whoever_was_known_lately_is_heard_beside_a_guesser_at_the_same_address(http: Http) -> None:
    asked = limited(http, failures_per_minute=2)
    newcomer = asked.newcomer(Role.OFFICER)
    assert asked.officer.get("/v1/meta").status_code == 200
    for n in range(3):
        wrong(asked, n).get("/v1/meta")
    assert asked.officer.get("/v1/meta").status_code == 200
    assert asked.caller(newcomer.actor or asked.house.officer).get("/v1/meta").status_code == 429


def test_a_key_shown_where_nobody_asks_for_one_is_not_known_by_that(http: Http) -> None:
    asked = limited(http, failures_per_minute=1)
    guesser = wrong(asked)
    assert guesser.get("/docs").status_code == 200
    require_problem(guesser.get("/v1/meta"), 401, "unauthenticated")
    require_problem(guesser.get("/v1/meta"), 429, "too_many_requests")


def test_probes_are_answered_at_any_time_and_nothing_else_is(http: Http) -> None:
    asked = limited(http, requests_per_minute=1)
    for _ in range(3):
        assert [asked.nobody.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    free = {name for name, found in declared(asked.app).items() if isinstance(found, OpenEndpoint) and found.unlimited}
    assert free == FREE


def test_limits_of_zero_are_none(http: Http) -> None:
    asked = limited(http, requests_per_minute=0, failures_per_minute=0)
    assert {wrong(asked).get("/v1/meta").status_code for _ in range(50)} == {401}
    assert "RateLimit" not in asked.officer.get("/v1/meta").headers
    assert read(asked.officer.get("/v1/meta"))["limits"]["requests_per_minute"] == 0
