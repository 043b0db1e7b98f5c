import re

import pytest

from service.web.language import preferred
from tests.api.calling import Http

PATHS = ["/healthz", "/v1/meta", "/nope", "/openapi.yaml", "/problems/stale"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(http: Http, path: str) -> None:
    for caller in (http.officer, http.nobody):
        headers = caller.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Set-Cookie" not in headers


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
