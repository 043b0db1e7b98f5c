"""What HTTP itself can get wrong, and the traps of the libraries under it."""

import logging

import pytest
from flask import Flask

from service.app import create_app
from service.config import Settings
from service.core.cases.meetings import ItemSettledError
from service.core.errors import Flaw, SluiceError
from service.web import problems
from service.words import problems as words
from service.work import Runtime
from tests.actions.tables import counts, events
from tests.api.calling import Caller, Http, application, read, require_problem, written

CREATE = "/v1/applications"


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "empty"),
        (b"{", "syntax"),
        (b"{}{}", "syntax"),
        (b'{"draft":true,"draft":false}', "duplicate_key"),
        (b'{"facts":{"water":1,"water":1}}', "duplicate_key"),
        (b'{"facts":{"water":NaN}}', "constant"),
        (b'{"facts":{"water":-Infinity}}', "constant"),
        (b'{"facts":{"water":1e9999999999999999999}}', "number"),
        (b'{"applicant_name":"\\ud800"}', "encoding"),
        (b'{"applicant_name":"\xff"}', "encoding"),
        (b"[" * 100_000, "depth"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"facts"', "object"),
    ],
)
def test_content_that_is_no_json_object_is_malformed(http: Http, content: bytes, because: str) -> None:
    officer = http.officer
    before = counts(http.house.runtime)
    for path in (CREATE, "/v1/assessments"):
        told = require_problem(officer.send("POST", path, content), 400, "malformed")
        assert told["because"] == because
    assert counts(http.house.runtime) == before


def test_a_broken_place_is_named(http: Http) -> None:
    told = require_problem(
        http.officer.send("POST", CREATE, b'{"a": 1,\n  nope}', Accept_Language="en"), 400, "malformed"
    )
    assert told["detail"] == "This is not valid JSON at line 2, character 3."


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data", "", "application/jsonp"]
)
def test_another_content_type_is_refused_as_such(http: Http, content_type: str) -> None:
    response = http.officer.send("POST", CREATE, written(application()), Content_Type=content_type)
    told = require_problem(response, 415, "unsupported_media_type")
    assert told["wanted"] == "application/json"


def test_a_charset_beside_the_content_type_changes_nothing(http: Http) -> None:
    response = http.officer.send("POST", CREATE, written(application()), Content_Type="application/json; charset=utf-8")
    assert response.status_code == 201


def test_too_much_content_is_refused_before_it_is_read(http: Http) -> None:
    runtime = http.house.runtime
    small = Runtime(runtime.engine, Settings(max_body_bytes=1024), runtime.clock)
    caller = Caller(create_app(small), http.officer.key)
    told = require_problem(caller.send("POST", CREATE, b" " * 1025), 413, "too_large")
    assert told["most"] == 1024
    assert caller.send("POST", "/v1/assessments", b"{}" + b" " * 1022).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", CREATE, "GET, HEAD, OPTIONS, POST"),
        ("PATCH", CREATE, "GET, HEAD, OPTIONS, POST"),
        ("GET", "/v1/assessments", "OPTIONS, POST"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_none_is_told_which_there_are(http: Http, method: str, path: str, allowed: str) -> None:
    response = http.officer.send(method, path)
    require_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/v1", "/v2/applications", "/v1/applications/1", "/v1/applications/", "/v1//meta", "/files", "/%2e"],
)
def test_an_address_that_is_none_is_not_found(http: Http, path: str) -> None:
    told = require_problem(http.officer.get(path), 404, "not_found")
    assert told["kind"] == "path"


def test_a_head_request_has_the_headers_and_no_content(http: Http) -> None:
    officer = http.officer
    path = officer.post(CREATE, application()).headers["Location"]
    response = officer.send("HEAD", path)
    assert (response.status_code, response.headers["ETag"], response.get_data()) == (200, '"2"', b"")


@pytest.fixture
def failing(http: Http) -> Flask:
    """The service with an address at which we have made a mistake."""
    app = create_app(http.house.runtime)

    def fail() -> str:
        secret = "hunter2"  # noqa: S105 - what must not leak
        raise RuntimeError(secret)

    app.add_url_rule("/fail", view_func=fail)
    return app


def test_our_own_mistake_leaks_nothing_and_is_logged_with_the_request_id(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = Caller(failing).get("/fail", X_Request_Id="r-500", Accept_Language="en")
    told = require_problem(response, 500, "internal")
    assert "hunter2" not in response.text
    assert set(told) == {"type", "title", "status", "detail", "code", "request_id"}
    [line] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert getattr(line, "request_id", None) == "r-500"
    assert line.exc_info is not None
    assert "hunter2" in str(line.exc_info[1])


def test_an_error_in_the_middle_of_a_change_leaves_nothing_behind(http: Http) -> None:
    runtime = http.house.runtime
    officer = http.officer
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE assessment RENAME TO elsewhere")
    require_problem(officer.post(CREATE, application()), 500, "internal")
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO assessment")
    assert read(officer.get(CREATE))["items"] == []
    assert {event["subject"]["kind"] for event in events(runtime)} == {"rulebook", "person", "key"}


def test_no_figure_of_an_error_takes_the_place_of_a_member() -> None:
    told = problems.problem(SluiceError(status="x", code="y", more=1), "en")
    assert (told["status"], told["code"], told["more"]) == (500, "internal", 1)


@pytest.mark.parametrize(
    ("flaw", "chinese", "english"),
    [
        (Flaw("/file", "file_empty"), "没有选择文件，或文件是空的", "no file was chosen, or the file is empty"),
        (
            Flaw("/gate", "waiver_gate", {"found": "", "edition": "2026.1"}),
            "应为申报所用规则（2026.1 版）中的否决项，现为“”",
            "must be a gate of the rules of the application (edition 2026.1), is “”",
        ),
        (Flaw("/scopes", "scopes_missing"), "至少应有一个范围", "needs at least one scope"),
        (
            Flaw("/events", "webhook_events_missing"),
            "至少应当有一种事件，或者全部事件（*）",
            "name at least one type of event, or all of them (*)",
        ),
    ],
)
def test_what_is_not_given_is_told_in_words_that_fit_a_form_as_well(flaw: Flaw, chinese: str, english: str) -> None:
    assert (words.because("zh", flaw), words.because("en", flaw)) == (chinese, english)


def test_an_item_is_settled_however_it_came_to_be() -> None:
    told = [problems.problem(ItemSettledError(item="decided"), language) for language in ("zh", "en")]
    assert [one["title"] for one in told] == ["该项目的审议已经结束", "The item is settled"]


def test_every_problem_speaks_the_language_asked_for(http: Http) -> None:
    english = http.nobody.get(CREATE, Accept_Language="en-US,en;q=0.9,zh;q=0.1")
    chinese = http.nobody.get(CREATE, Accept_Language="fr, zh-TW;q=0.5")
    assert read(english)["title"] == "Nobody known is asking"
    assert english.headers["Content-Language"] == "en"
    assert read(chinese)["title"] == "身份未能确认"
    assert chinese.headers["Content-Language"] == "zh"
    assert "\\u" not in chinese.text
