import hashlib
import re
from importlib.resources import files
from pathlib import Path

import pytest

from service.web.docs import ASSETS
from tests.api.calling import Http, read, require_problem

STATIC = files("service.web") / "static"
VENDORED = {"swagger-ui": "swagger-ui-dist 5", "htmx": "htmx.org 2", "pico": "@picocss/pico 2"}
PROBLEMS = Path(__file__).parent.parent.parent / "docs" / "problems.md"


@pytest.mark.parametrize("name", VENDORED)
def test_the_vendored_files_are_those_of_their_list(name: str) -> None:
    folder = Path(str(STATIC / name))
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    del found["SHA256SUMS"]
    assert found == listed
    version = (folder / "VERSION").read_text(encoding="utf-8")
    assert re.fullmatch(rf"{VENDORED[name]}\.\d+\.\d+\n", version)
    assert {"LICENSE", "VERSION"} <= set(found)


def test_the_page_asks_nothing_of_any_other_host(http: Http) -> None:
    for path in ("/docs", "/docs/start.js"):
        assert re.findall(r"(?:https?:)?//[a-z]", http.nobody.get(path).text) == []
    assert "validatorUrl: null" in http.nobody.get("/docs/start.js").text
    policy = http.nobody.get("/docs").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self';", policy)


def test_the_page_has_all_it_names(http: Http) -> None:
    page = http.nobody.get("/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert sorted(named) == sorted(f"/docs/{name}" for name in ASSETS)
    for path in named:
        response = http.nobody.get(path)
        assert (response.status_code, response.mimetype) == (200, ASSETS[path.rpartition("/")[2]])
    assert 'url: "/openapi.yaml"' in http.nobody.get("/docs/start.js").text


@pytest.mark.parametrize("name", ["docs.html", "swagger-ui", "SHA256SUMS", "..%2fapp.py", "swagger-ui-bundle.js.map"])
def test_nothing_else_of_the_folder_is_served(http: Http, name: str) -> None:
    require_problem(http.nobody.get(f"/docs/{name}"), 404, "not_found")


def test_a_problem_is_explained_at_its_type(http: Http) -> None:
    told = read(http.nobody.get("/v1/meta"))
    page = http.nobody.get(told["type"])
    assert (page.status_code, page.mimetype) == (200, "text/plain")
    assert page.text.startswith("## unauthenticated\n")
    assert page.text in PROBLEMS.read_text(encoding="utf-8")
    assert require_problem(http.nobody.get("/problems/none"), 404, "not_found")["kind"] == "problem"


def test_the_description_is_served(http: Http) -> None:
    response = http.nobody.get("/openapi.yaml")
    assert (response.status_code, response.mimetype) == (200, "application/yaml")
    assert response.text.startswith("openapi: 3.1.0\n")
    assert "查询申报" in response.text
