from service.core.people import Role
from tests import make
from tests.actions.tables import counts
from tests.api.calling import Http, application, read, require_problem

REASON = {"reason": "材料有误"}


def test_the_same_request_gets_the_same_answer_and_happens_once(http: Http) -> None:
    officer = http.officer
    first = officer.post("/v1/applications", application(), Idempotency_Key="k-1")
    before = counts(http.house.runtime)
    again = officer.post("/v1/applications", application(), Idempotency_Key="k-1")
    assert (again.status_code, again.get_data()) == (first.status_code, first.get_data())
    for name in ("Content-Type", "ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counts(http.house.runtime) == before


def test_the_same_key_with_another_body_is_refused(http: Http) -> None:
    officer = http.officer
    officer.post("/v1/applications", application(), Idempotency_Key="k-1")
    before = counts(http.house.runtime)
    response = officer.post("/v1/applications", application(project_name="另一项目"), Idempotency_Key="k-1")
    require_problem(response, 422, "idempotency_key_reused")
    assert counts(http.house.runtime) == before


def test_a_refused_request_leaves_its_key_free(http: Http) -> None:
    officer = http.officer
    refused = officer.post("/v1/applications", application(facts={"water": -1}), Idempotency_Key="k-1")
    require_problem(refused, 422, "invalid")
    assert officer.post("/v1/applications", application(), Idempotency_Key="k-1").status_code == 201


def test_a_move_is_made_once_even_when_its_version_has_passed(http: Http) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    first = officer.post(f"{path}/withdraw", REASON, If_Match='"2"', Idempotency_Key="k-2")
    again = officer.post(f"{path}/withdraw", REASON, If_Match='"2"', Idempotency_Key="k-2")
    assert (first.status_code, read(first)["state"]) == (200, "withdrawn")
    assert (again.status_code, again.get_data()) == (200, first.get_data())


def test_keys_of_different_callers_and_addresses_do_not_meet(http: Http) -> None:
    officer, colleague = http.officer, http.newcomer(Role.OFFICER)
    first = officer.post("/v1/applications", application(), Idempotency_Key="k-1")
    other = colleague.post("/v1/applications", application(), Idempotency_Key="k-1")
    assert read(first)["id"] != read(other)["id"]
    path = first.headers["Location"]
    assert officer.post(f"{path}/withdraw", REASON, If_Match='"2"', Idempotency_Key="k-1").status_code == 200


def test_a_key_that_is_none_is_malformed(http: Http) -> None:
    officer = http.officer
    for key in ("", "k" * 256, "k\u00e9"):
        response = officer.post("/v1/applications", application(), Idempotency_Key=key)
        told = require_problem(response, 400, "malformed")
        assert told["because"] == "idempotency_key"


def test_where_nothing_is_stored_a_key_means_nothing(http: Http) -> None:
    response = http.officer.post("/v1/assessments", make.facts(), Idempotency_Key="k-1")
    assert response.status_code == 200
    assert "Idempotency-Replayed" not in http.officer.post("/v1/assessments", {}, Idempotency_Key="k-1").headers
