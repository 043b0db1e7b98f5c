import re
from dataclasses import replace
from pathlib import Path

import pytest

from service.app import create_app
from service.web.language import preferred
from tests.api.calling import Caller, Http

PATHS = ["/healthz", "/v1/meta", "/nope", "/openapi.yaml", "/problems/stale"]
OPERATIONS = Path(__file__).parent.parent.parent / "docs" / "operations.md"


def guards() -> dict[str, str]:
    """The headers of every answer, as the handbook tells them."""
    section = OPERATIONS.read_text(encoding="utf-8").partition("## Headers\n")[2].partition("\n#")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(http: Http, path: str) -> None:
    for caller in (http.officer, http.nobody):
        headers = caller.get(path).headers
        assert guards().items() <= dict(headers).items()
        assert {"Set-Cookie", "Strict-Transport-Security", "Access-Control-Allow-Origin"} & set(headers) == set()


def test_the_handbook_tells_every_header_that_all_answers_carry(http: Http) -> None:
    carried = set.intersection(*({*http.officer.get(path).headers.items()} for path in PATHS))
    assert set(guards().items()) == carried - {("Content-Type", "application/json")}
    assert len(guards()) == 8


def test_browsers_are_told_to_come_by_https_where_the_settings_say_so(http: Http) -> None:
    runtime = http.house.runtime
    app = create_app(replace(runtime, settings=replace(runtime.settings, hsts_seconds=600)))
    for path in PATHS:
        assert Caller(app).get(path).headers["Strict-Transport-Security"] == "max-age=600"


@pytest.mark.parametrize("given", ["a", "Office-7.42_b", "x" * 64])
def test_a_plain_request_id_comes_back(http: Http, given: str) -> None:
    assert http.nobody.get("/healthz", X_Request_Id=given).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a;b", "\u00e9", "<script>"])
def test_any_other_request_id_is_replaced(http: Http, given: str) -> None:
    found = http.nobody.get("/healthz", X_Request_Id=given).headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", found)


def test_every_request_has_an_id_of_its_own(http: Http) -> None:
    assert len({http.nobody.get("/healthz").headers["X-Request-Id"] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("header", "held", "language"),
    [
        ("zh", "zh", "zh"),
        ("zh-CN", "zh", "zh"),
        ("zh-Hant-TW", "zh", "zh"),
        ("en", "zh", "en"),
        ("EN-gb", "zh", "en"),
        ("en;q=0.3, zh;q=0.7", "zh", "zh"),
        ("en;q=0.7, zh;q=0.3", "zh", "en"),
        ("fr, de;q=0.5", "zh", "zh"),
        ("fr, de;q=0.5", "en", "en"),
        ("fr, en;q=0.1", "zh", "en"),
        ("*", "zh", "zh"),
        ("*", "en", "en"),
        (";;;,q=x", "zh", "zh"),
    ],
)
def test_the_language_is_the_preferred_one_of_those_spoken(header: str, held: str, language: str) -> None:
    assert preferred(header, held) == language
