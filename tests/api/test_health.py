from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from service import app
from service.actions import webhooks
from service.config import Settings
from service.core.people import Role
from service.db import migrate
from service.db.engine import make_engine
from service.web import health
from service.work import Runtime
from tests.api.calling import Caller, Http, application, read, require_problem


@pytest.fixture
def empty(empty_engine: Engine) -> Runtime:
    return Runtime(empty_engine, Settings())


def test_a_service_with_everything_is_ready(http: Http) -> None:
    response = http.nobody.get("/readyz")
    assert (response.status_code, read(response)) == (200, {"status": "ok"})


def test_a_service_without_tables_is_alive_and_not_ready(empty: Runtime) -> None:
    caller = Caller(app.create_app(empty))
    assert caller.get("/healthz").status_code == 200
    assert require_problem(caller.get("/readyz"), 503, "not_ready")["check"] == "migrations"


def test_a_service_without_rules_in_force_is_not_ready(runtime: Runtime) -> None:
    told = require_problem(Caller(app.create_app(runtime)).get("/readyz"), 503, "not_ready")
    assert told["check"] == "rulebook"


def test_a_service_behind_on_its_tables_is_not_ready(http: Http) -> None:
    engine = http.house.runtime.engine
    put = text("UPDATE alembic_version SET version_num = :revision")
    with engine.begin() as connection:
        connection.execute(put, {"revision": "0000"})
    response = http.nobody.get("/readyz")
    with engine.begin() as connection:
        connection.execute(put, {"revision": migrate.heads().pop()})
    assert require_problem(response, 503, "not_ready")["check"] == "migrations"
    assert http.nobody.get("/readyz").status_code == 200


@pytest.mark.parametrize(("most", "is_ready"), [(60, False), (90, True), (0, True)])
def test_a_service_whose_messages_are_not_sent_is_not_ready(http: Http, most: int, is_ready: bool) -> None:  # noqa: FBT001 - a parameter
    house = http.house
    with house.work(house.admin) as work:
        webhooks.add(work, webhooks.NewWebhook("https://zone.example/hook", ["*"]))
    http.officer.post("/v1/applications", application())
    house.runtime.clock.move(seconds=90)  # type: ignore[attr-defined]  # the clock of the tests
    settings = replace(house.runtime.settings, ready_outbox_seconds=most)
    response = Caller(app.create_app(replace(house.runtime, settings=settings))).get("/readyz")
    if is_ready:
        assert response.status_code == 200
    else:
        assert require_problem(response, 503, "not_ready")["check"] == "outbox"


def test_a_service_without_its_database_is_alive_and_not_ready() -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    caller = Caller(app.create_app(Runtime(engine, Settings())))
    assert caller.get("/healthz").status_code == 200
    assert require_problem(caller.get("/readyz"), 503, "not_ready")["check"] == "database"
    require_problem(caller.get("/v1/meta", Authorization="Bearer slc_abcdefgh_x"), 500, "internal")


def test_the_version_is_told(http: Http) -> None:
    assert read(http.nobody.get("/version")) == {"name": "sluice", "version": health.VERSION}


def test_the_limits_are_told(http: Http) -> None:
    found = read(http.newcomer(Role.AUDITOR).get("/v1/meta", Accept_Language="en"))
    assert found["rulebook"]["id"] == "small"
    assert found["rulebook"]["title"] == "Small rules"
    assert found["languages"] == ["zh", "en"]
    assert found["limits"] == {
        "body_bytes": 8_388_608,
        "items": 1000,
        "page": 200,
        "evidence_bytes": 52_428_800,
        "idempotency_key_characters": 255,
        "requests_per_minute": 600,
        "failures_per_minute": 30,
        "import_bytes": 4_194_304,
        "import_rows": 200,
        "export_rows": 1000,
    }


def test_a_database_that_is_not_ready_does_not_keep_the_service_from_starting(empty: Runtime) -> None:
    health.warm(empty)
