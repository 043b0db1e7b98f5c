"""``openapi.yaml`` is what the declarations that run say, and is valid."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from ruamel.yaml import YAML

from service.app import create_app
from service.config import Settings
from service.db.engine import make_engine
from service.web import ui
from service.web.endpoints import Endpoint
from service.web.openapi import openapi_text
from service.web.routes import declared
from service.work import Runtime

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Runtime(make_engine("sqlite:///never-opened.db"), Settings()))


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(openapi_text(app))
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(inner)


def test_the_committed_description_is_current(app: Flask) -> None:
    assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == openapi_text(app)


def test_two_applications_are_described_alike(app: Flask) -> None:
    assert openapi_text(create_app(Runtime(make_engine("sqlite:///other.db"), Settings()))) == openapi_text(app)


def test_the_description_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_every_rule_of_the_application_but_pages_is_described_and_nothing_else(
    app: Flask, document: dict[str, Any]
) -> None:
    pages = Flask("pages", static_folder=None)
    ui.register(pages)
    shown = {rule.rule for rule in pages.url_map.iter_rules()}
    ruled = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in shown
    }
    assert {(path, method) for path, method, _ in operations(document)} == ruled


def test_every_operation_says_who_may_in_both_languages_and_what_is_refused(
    app: Flask, document: dict[str, Any]
) -> None:
    by_id = {name.partition(".")[2]: found for name, found in declared(app).items()}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert sorted(names) == sorted(by_id)
    for path, _, operation in operations(document):
        endpoint = by_id[operation["operationId"]]
        assert " · " in operation["summary"], path
        assert operation["description"], path
        assert "500" in operation["responses"], path
        if isinstance(endpoint, Endpoint):
            assert operation["x-permission"] == endpoint.permission.value
            assert operation["security"] == [{"api_key": []}]
            assert {"401", "403"} <= set(operation["responses"])
        else:
            assert operation["security"] == []


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    shown = [
        (content["schema"], example["value"])
        for _, _, operation in operations(document)
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]
    assert shown
    for schema, value in shown:
        OAS31Validator({**document, **schema}).validate(value)


def test_every_body_that_is_sent_has_an_example(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        body = operation.get("requestBody")
        if body is not None and body["required"]:
            assert all(content["examples"] for content in body["content"].values()), path


def test_figures_are_numbers_without_a_format(document: dict[str, Any]) -> None:
    summary = document["components"]["schemas"]["ApplicationSummary"]["properties"]
    assert summary["total"] == {"type": ["number", "null"]}
    assert summary["version"]["type"] == "integer"


def test_no_keyword_of_numbers_stands_on_a_text(document: dict[str, Any]) -> None:
    of_numbers = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    texts = [node for node in objects(document) if node.get("type") == "string"]
    assert texts
    assert [node for node in texts if of_numbers & set(node)] == []


def test_chinese_is_readable_in_the_file(app: Flask) -> None:
    assert "预评价" in openapi_text(app)
    assert "\\u" not in openapi_text(app)
