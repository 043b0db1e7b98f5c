import pytest
from sqlalchemy import text

from service.actions import people
from service.core.people import SYSTEM
from tests.api.calling import Caller, Http, require_problem

PATH = "/v1/meta"


def test_a_key_opens(http: Http) -> None:
    assert http.officer.get(PATH).status_code == 200


def test_the_scheme_may_be_written_in_any_case(http: Http) -> None:
    officer = http.officer
    assert officer.get(PATH, Authorization=f"bearer {officer.key}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer slc_",
        "Bearer slc_abcdefgh_",
        "Bearer slc_abcdefgh_secret",
        "Bearer KEY ",
        "Bearer  KEY",
        "Bearer KEYx",
        "Basic KEY",
        "KEY",
        "Token KEY",
        "Bearer \u00e9",
    ],
)
def test_anything_but_a_key_that_counts_is_refused(http: Http, header: str) -> None:
    officer = http.officer
    assert officer.key is not None
    shown = header.replace("KEY", officer.key)
    response = officer.get(PATH, Authorization=shown)
    told = require_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sluice", error="invalid_token"'
    assert officer.key not in response.text
    assert set(told) == {"type", "title", "status", "detail", "code", "request_id"}


def test_without_a_header_nothing_is_said_of_a_token(http: Http) -> None:
    response = http.nobody.get(PATH)
    require_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sluice"'


def test_a_cookie_is_never_accepted(http: Http) -> None:
    officer = http.officer
    for cookie in (f"session={officer.key}", f"Authorization=Bearer {officer.key}"):
        response = http.nobody.get(PATH, Cookie=cookie)
        require_problem(response, 401, "unauthenticated")
        assert "Set-Cookie" not in response.headers


def test_a_key_in_the_query_is_never_accepted(http: Http) -> None:
    require_problem(http.nobody.get(f"{PATH}?access_token={http.officer.key}"), 401, "unauthenticated")


def test_a_revoked_key_stops_at_once(http: Http) -> None:
    officer = http.officer
    assert officer.get(PATH).status_code == 200
    assert officer.key is not None
    with http.house.runtime.work(SYSTEM) as work:
        people.revoke_key(work, officer.key.split("_")[1])
    require_problem(officer.get(PATH), 401, "unauthenticated")


def test_a_key_revoked_by_another_process_stops_at_once(http: Http) -> None:
    officer = http.officer
    assert officer.key is not None
    assert officer.post("/v1/assessments", {}).status_code == 200
    with http.house.runtime.engine.begin() as connection:
        connection.execute(
            text("UPDATE api_key SET revoked_at = created_at WHERE id = :id"), {"id": officer.key.split("_")[1]}
        )
    require_problem(officer.post("/v1/assessments", {}), 401, "unauthenticated")


def test_an_expired_key_stops(http: Http) -> None:
    officer = http.officer
    clock = http.house.runtime.clock
    assert officer.post("/v1/assessments", {}).status_code == 200
    clock.move(days=364, hours=23, minutes=59, seconds=59)  # type: ignore[attr-defined]  # the clock of tests moves
    assert officer.post("/v1/assessments", {}).status_code == 200
    clock.move(seconds=1)  # type: ignore[attr-defined]  # as above
    require_problem(officer.post("/v1/assessments", {}), 401, "unauthenticated")


def test_the_wrong_secret_of_a_known_key_is_refused_after_the_right_one_was_seen(http: Http) -> None:
    officer = http.officer
    assert officer.key is not None
    assert officer.post("/v1/assessments", {}).status_code == 200
    wrong = officer.key[:-1] + ("a" if officer.key[-1] != "a" else "b")
    require_problem(Caller(http.app, wrong).post("/v1/assessments", {}), 401, "unauthenticated")


def test_a_role_taken_away_is_gone_at_once(http: Http) -> None:
    officer = http.officer
    assert officer.get("/v1/applications").status_code == 200
    with http.house.runtime.engine.begin() as connection:
        connection.execute(text("DELETE FROM person_role WHERE role = 'officer'"))
    require_problem(officer.get("/v1/applications"), 403, "forbidden")


def test_nobody_known_comes_before_everything_else(http: Http) -> None:
    for response in (
        http.nobody.send("POST", "/v1/applications", b"{", Content_Type="text/plain"),
        http.nobody.put("/v1/applications/01939a1e-0000-7000-8000-000000000000/facts", {}),
    ):
        require_problem(response, 401, "unauthenticated")
