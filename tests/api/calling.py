"""Calling the service over HTTP in tests. Every answer is compared with what ``openapi.yaml`` says of it."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from openapi_schema_validator import OAS31Validator
from ruamel.yaml import YAML
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.actions import people
from service.app import create_app
from service.core.people import SYSTEM, Actor, Role, person_ref
from service.core.values import Json, write_json
from tests import make

JSON = "application/json"
PROBLEM = "application/problem+json"


DESCRIPTION = Path(__file__).parent.parent.parent / "openapi.yaml"


@cache
def described() -> dict[str, Any]:
    """The committed description as data."""
    found: dict[str, Any] = YAML(typ="safe").load(DESCRIPTION)
    return found


@cache
def validator(*place: str) -> OAS31Validator:
    """What checks the content at a place of the description."""
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)
    return OAS31Validator({**described(), "$ref": f"#/{pointer}"})


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, with a key or without."""

    app: Flask
    key: str | None = None
    actor: Actor | None = None

    def send(self, method: str, path: str, body: str | bytes | None = None, **headers: str) -> TestResponse:
        """Send a request; underscores in the names of headers stand for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        if body is not None:
            sent.setdefault("Content-Type", JSON)
        response = self.app.test_client().open(path, method=method, data=body, headers=sent)
        require_described(self.app, method, path, response)
        return response

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        return self.send("POST", path, None if body is None else written(body), **headers)

    def put(self, path: str, body: object, **headers: str) -> TestResponse:
        return self.send("PUT", path, written(body), **headers)


@dataclass(frozen=True)
class Http:
    """The service, and people with keys to it."""

    house: make.House
    app: Flask
    callers: dict[str, Caller] = field(default_factory=dict)

    @property
    def nobody(self) -> Caller:
        return Caller(self.app)

    @property
    def officer(self) -> Caller:
        return self.caller(self.house.officer)

    @property
    def colleague(self) -> Caller:
        return self.caller(self.house.colleague)

    @property
    def reviewer(self) -> Caller:
        return self.caller(self.house.reviewer)

    @property
    def auditor(self) -> Caller:
        return self.caller(self.house.auditor)

    @property
    def admin(self) -> Caller:
        return self.caller(self.house.admin)

    @property
    def both(self) -> Caller:
        return self.caller(self.house.both)

    @property
    def secretary(self) -> Caller:
        return self.caller(self.house.secretary)

    @property
    def member(self) -> Caller:
        return self.caller(self.house.member)

    @property
    def chair(self) -> Caller:
        return self.caller(self.house.chair)

    def caller(self, actor: Actor) -> Caller:
        """Somebody with a key, which is issued the first time."""
        if actor.ref not in self.callers:
            assert actor.person_id is not None
            with self.house.runtime.work(SYSTEM) as work:
                self.callers[actor.ref] = Caller(self.app, people.issue_key(work, actor.person_id), actor)
        return self.callers[actor.ref]

    def newcomer(self, *roles: Role) -> Caller:
        """Add somebody with these roles; a reviewer is of a department."""
        with self.house.runtime.work(SYSTEM) as work:
            person = people.add(work, "新人", roles, "水利" if Role.REVIEWER in roles else None)
        return self.caller(Actor(person_ref(person.id), person.name, frozenset(roles), person.id))


def open_http(house: make.House) -> Http:
    """Make the service over a house."""
    return Http(house, create_app(house.runtime))


def written(body: object) -> str:
    """JSON of anything, figures exact."""
    return write_json(body)  # type: ignore[arg-type]  # tests write plain Python


def read(response: TestResponse) -> Any:  # noqa: ANN401 - tests look into it freely
    """The JSON of an answer with exact figures."""
    return json.loads(response.get_data(as_text=True), parse_float=Decimal)


def application(**changes: object) -> dict[str, Any]:
    """The body of an application without a flaw; ``changes`` are members."""
    sound: dict[str, Any] = {
        "applicant_name": "大河精传动（虚构）有限公司",
        "credit_code": make.CREDIT_CODE,
        "project_name": "精密减速器项目",
        "facts": make.facts(),
    }
    return sound | changes


def flaws(response: TestResponse) -> list[tuple[str, str]]:
    """Where and what is wrong, as an answer tells it."""
    return [(flaw["pointer"], flaw["code"]) for flaw in read(response)["flaws"]]


def require_problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Demand a problem of that kind, and give it."""
    assert (response.status_code, response.mimetype) == (status, PROBLEM), response.text
    told: dict[str, Any] = read(response)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/problems/{code}")
    assert told["request_id"] == response.headers["X-Request-Id"]
    return told


def require_described(app: Flask, method: str, path: str, response: TestResponse) -> None:
    """Demand that an answer is one that the description announces, in status, type, headers and content."""
    rule = _rule(app, method, path)
    if rule is None:
        return
    place = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    verb, status = ("get" if method == "HEAD" else method).lower(), str(response.status_code)
    if verb == "options" or place not in described()["paths"]:
        return
    answers = described()["paths"][place][verb]["responses"]
    assert status in answers, f"{method} {place} answered {status}: {response.text}"
    content = answers[status].get("content", {})
    if content and method != "HEAD":
        assert response.mimetype in content or "*/*" in content
    if "json" in (response.mimetype or "") and response.get_data():
        checked = ("paths", place, verb, "responses", status, "content", response.mimetype, "schema")
        validator(*checked).validate(json.loads(response.get_data(as_text=True)))


def _rule(app: Flask, method: str, path: str) -> Rule | None:
    try:
        rule, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method, return_rule=True)
    except HTTPException:
        return None
    return rule if isinstance(rule, Rule) else None


def plain(value: Json) -> Json:
    """A value as the service writes and reads it."""
    found: Json = json.loads(write_json(value), parse_float=Decimal)
    return found
