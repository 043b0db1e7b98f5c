"""What is counted, and to whom it is told. Several processes at once are tried in ``tests/operating``."""

from dataclasses import replace

import pytest
from flask import Flask

from service.actions import ledger, webhooks
from service.app import create_app
from service.db import migrate
from tests import make
from tests.api.calling import Http, application, open_http, read, require_problem

TOKEN = "0123456789abcdef"  # noqa: S105 - opens nothing


@pytest.fixture
def http(house: make.House) -> Http:
    """A service that has counted nothing yet."""
    return open_http(house)


def figures(app: Flask, address: str = "127.0.0.1", **headers: str) -> dict[str, float]:
    """Every figure that is told, by its name and labels."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = app.test_client().get("/metrics", headers=sent, environ_base={"REMOTE_ADDR": address})
    assert (response.status_code, response.mimetype) == (200, "text/plain"), response.text
    response.close()
    lines = [line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_requests_are_counted_by_operation_method_and_status_and_never_by_path(http: Http) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    for _ in range(3):
        officer.get(path)
    officer.get("/v1/applications/none")
    http.nobody.get("/nope")
    http.nobody.send("BREW", "/v1/applications")
    found = figures(http.app)
    assert found['sluice_requests_total{method="GET",operation="get_application",status="200"}'] == 3
    assert found['sluice_request_seconds_count{operation="get_application"}'] == 3
    assert found['sluice_requests_total{method="POST",operation="create_application",status="201"}'] == 1
    assert found['sluice_requests_total{method="GET",operation="none",status="404"}'] == 2
    assert found['sluice_requests_total{method="other",operation="none",status="405"}'] == 1
    assert not [name for name in found if path in name or "nope" in name]


def test_a_request_is_in_flight_until_its_answer_has_left(http: Http) -> None:
    name = "sluice_requests_in_flight"
    answer = http.app.test_client().get("/healthz")
    assert figures(http.app)[name] == 2
    answer.close()
    assert figures(http.app)[name] == 1


def test_assessments_are_counted_by_outcome_when_they_are_answered(http: Http) -> None:
    officer, facts = http.officer, make.facts()
    outcome = read(officer.post("/v1/assessments", facts))["outcome"]
    officer.post("/v1/assessments", {"items": [facts, facts, {"nothing": 1}]})
    officer.post("/v1/applications", application())
    officer.post("/v1/applications", application(facts={}))
    found = figures(http.app)
    assert found[f'sluice_assessments_total{{kept="no",outcome="{outcome}"}}'] == 3
    assert found[f'sluice_assessments_total{{kept="yes",outcome="{outcome}"}}'] == 1
    assert sum(value for name, value in found.items() if name.startswith("sluice_assessments_total")) == 4


def test_the_ledger_and_the_outbox_are_told_as_they_stand(http: Http) -> None:
    runtime = http.house.runtime
    with http.house.work(http.house.admin) as work:
        webhooks.add(work, webhooks.NewWebhook("https://zone.example/hook", ["*"]))
    ledger.tend(runtime)
    http.officer.post("/v1/applications", application())
    runtime.clock.move(seconds=90)  # type: ignore[attr-defined]  # the clock of the tests
    found = figures(http.app)
    assert found["sluice_database_up"] == 1
    assert found["sluice_ledger_entries"] + found["sluice_ledger_pending"] >= 10
    assert (found["sluice_ledger_alarm"], found["sluice_outbox_dead"]) == (0, 0)
    assert found["sluice_outbox_due"] > 0
    assert found["sluice_outbox_oldest_due_seconds"] == 90
    assert found["sluice_ledger_checkpoint_size"] > 0


def test_without_its_tables_the_service_still_counts(http: Http) -> None:
    app = create_app(http.house.runtime)
    migrate.downgrade(http.house.runtime.engine, "base")
    found = figures(app)
    migrate.upgrade(http.house.runtime.engine)
    assert found["sluice_database_up"] == 0
    assert "sluice_ledger_entries" not in found
    assert [name for name in found if name.startswith("sluice_build_info")]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_a_caller_on_this_machine_is_told(http: Http, address: str) -> None:
    assert figures(http.app, address)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("::2", {}),
        ("", {}),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
        ("192.0.2.7", {"Authorization": "Bearer "}),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}),
    ],
)
def test_whoever_comes_from_elsewhere_or_through_somebody_is_not(
    http: Http, address: str, headers: dict[str, str]
) -> None:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = http.app.test_client().get("/metrics", headers=sent, environ_base={"REMOTE_ADDR": address})
    require_problem(response, 401, "unauthenticated")


def test_the_token_of_the_settings_opens_from_anywhere_and_no_other_does(http: Http) -> None:
    runtime = http.house.runtime
    app = create_app(replace(runtime, settings=replace(runtime.settings, metrics_token=TOKEN)))
    assert figures(app, "192.0.2.7", Authorization=f"Bearer {TOKEN}", X_Forwarded_For="192.0.2.8")
    for wrong in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer \xff"):
        response = app.test_client().get(
            "/metrics", headers={"Authorization": wrong}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
        )
        require_problem(response, 401, "unauthenticated")
