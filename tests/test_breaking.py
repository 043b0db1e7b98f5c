"""What breaks callers between two descriptions is found, each kind of it; what breaks nobody is not."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tools import breaking

ROOT = Path(__file__).parent.parent

_THING: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": ["draft", "submitted"]},
        "note": {"type": ["string", "null"]},
        "parent": {"$ref": "#/components/schemas/Thing"},
        "count": {"type": "integer"},
    },
}
_NEW_THING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 9},
        "state": {"enum": ["draft", "submitted"]},
        "size": {"type": ["number", "null"], "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "free": {"type": "object", "additionalProperties": {"type": "number"}},
    },
}


def json_of(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def described() -> dict[str, Any]:
    """A small description, new each time."""
    created = {
        "operationId": "add_thing",
        "x-permission": "add",
        "security": [{"api_key": []}],
        "parameters": [
            {"in": "query", "name": "dry", "schema": {"type": "boolean"}},
            {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}},
        ],
        "requestBody": {"required": False, "content": json_of("NewThing")},
        "responses": {
            "200": {"content": json_of("Thing"), "headers": {"ETag": {"schema": {"type": "string"}}}},
            "422": {"content": {}},
        },
    }
    whole = {
        "paths": {"/things/{id}": {"parameters": [_ID], "post": created, "get": {"responses": {"200": {}}}}},
        "components": {"schemas": {"Thing": _THING, "NewThing": _NEW_THING}},
    }
    return copy.deepcopy(whole)


_ID = {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}

Whole = dict[str, Any]


def post(whole: Whole) -> Whole:
    found: Whole = whole["paths"]["/things/{id}"]["post"]
    return found


def sent(whole: Whole) -> Whole:
    found: Whole = whole["components"]["schemas"]["NewThing"]
    return found


def told(whole: Whole) -> Whole:
    found: Whole = whole["components"]["schemas"]["Thing"]
    return found


def put(node: Callable[[Whole], Any], **members: object) -> Callable[[Whole], object]:
    return lambda whole: node(whole).update(members)


def drop(node: Callable[[Whole], Any], name: object) -> Callable[[Whole], object]:
    return lambda whole: node(whole).pop(name)


def part(node: Callable[[Whole], Whole], *path: Any) -> Callable[[Whole], Any]:  # noqa: ANN401 - names and places
    def found(whole: Whole) -> Any:  # noqa: ANN401 - whatever is there
        here: Any = node(whole)
        for step in path:
            here = here[step]
        return here

    return found


def member(node: Callable[[Whole], Whole], name: str) -> Callable[[Whole], Any]:
    return part(node, "properties", name)


PATHS = part(lambda whole: whole, "paths")
HEADER = {"in": "header", "name": "X", "schema": {"type": "string"}}

BREAKING: dict[str, tuple[Callable[[Whole], object], str]] = {
    "a path": (lambda whole: whole["paths"].clear(), "POST /things/{id}: is gone"),
    "a method": (drop(part(PATHS, "/things/{id}"), "post"), "POST /things/{id}: is gone"),
    "an identifier": (put(post, operationId="make"), "is called make now, not add_thing"),
    "a permission": (put(post, **{"x-permission": "rule"}), "needs the permission rule now, not add"),
    "a key": (put(post, security=[{"other": []}]), "is secured by [{'other': []}] now, not [{'api_key': []}]"),
    "a parameter gone": (drop(part(post, "parameters"), 0), "query dry: is gone"),
    "a parameter due": (put(part(post, "parameters", 0), required=True), "query dry: must be given now"),
    "a parameter new and due": (
        lambda whole: post(whole)["parameters"].append({**HEADER, "required": True}),
        "header X: must be given now",
    ),
    "a parameter narrowed": (
        put(part(post, "parameters", 0, "schema"), type="integer"),
        "query dry: no longer takes boolean",
    ),
    "a content due": (put(part(post, "requestBody"), required=True), "request: must be given now"),
    "a content gone": (drop(post, "requestBody"), "request: is gone"),
    "a content of another kind": (
        lambda whole: post(whole)["requestBody"].update(content={"text/csv": {}}),
        "request: application/json is gone",
    ),
    "a member sent gone": (drop(part(sent, "properties"), "size"), "request /size: is gone"),
    "a member sent due": (put(sent, required=["name", "size"]), "request /size: must be given now"),
    "a type sent gone": (put(member(sent, "size"), type="number"), "request /size: no longer takes null"),
    "a type sent narrowed": (
        put(member(sent, "size"), type=["integer", "null"]),
        "request /size: no longer takes number",
    ),
    "a value sent gone": (put(member(sent, "state"), enum=["draft"]), 'request /state: no longer takes "submitted"'),
    "values named": (put(member(sent, "name"), enum=["a"]), "request /name: takes only named values now"),
    "a limit lowered": (put(member(sent, "name"), maxLength=8), "request /name: maxLength is 8 now"),
    "a limit raised": (put(member(sent, "size"), minimum=1), "request /size: minimum is 1 now"),
    "a limit new": (put(member(sent, "tags"), maxItems=3), "request /tags: maxItems is 3 now"),
    "a form asked": (put(member(sent, "name"), pattern="^a"), 'request /name: pattern is "^a" now'),
    "items sent narrowed": (
        put(member(sent, "tags"), items={"type": "null"}),
        "request /tags/*: no longer takes string",
    ),
    "others sent narrowed": (
        put(member(sent, "free"), additionalProperties={"type": "integer"}),
        "request /free/*: no longer takes number",
    ),
    "others sent gone": (
        put(member(sent, "free"), additionalProperties=False),
        "request /free: takes no other members now",
    ),
    "a choice sent gone": (
        put(member(sent, "either"), anyOf=[{"type": "string"}]),
        "request /either: takes fewer forms now",
    ),
    "a status": (
        lambda whole: post(whole)["responses"].update({"201": post(whole)["responses"].pop("200")}),
        "answer 200: is gone",
    ),
    "a header": (drop(part(post, "responses", "200", "headers"), "ETag"), "answer 200: header ETag is gone"),
    "a kind of answer": (
        drop(part(post, "responses", "200", "content"), "application/json"),
        "answer 200: application/json is gone",
    ),
    "a member told gone": (drop(part(told, "properties"), "note"), "answer 200 /note: is gone"),
    "a member told absent": (put(told, required=["id"]), "answer 200 /state: may be absent now"),
    "a null told": (put(member(told, "state"), type=["string", "null"]), "answer 200 /state: may be null now"),
    "a type told": (put(member(told, "count"), type="number"), "answer 200 /count: may be number now"),
    "a value told": (
        put(member(told, "state"), enum=["draft", "submitted", "lost"]),
        'answer 200 /state: may be "lost" now',
    ),
    "any value told": (drop(member(told, "state"), "enum"), "answer 200 /state: may be any value now"),
    "a form told": (drop(member(told, "id"), "format"), "answer 200 /id: format is null now"),
}

HARMLESS: dict[str, Callable[[Whole], object]] = {
    "nothing": lambda _whole: None,
    "a path more": lambda whole: whole["paths"].update({"/more": {"get": {"responses": {}}}}),
    "an optional parameter": lambda whole: post(whole)["parameters"].append(HEADER),
    "a parameter no longer due": put(part(post, "parameters", 1), required=False),
    "a member told more": lambda whole: told(whole)["properties"].update(more={"type": "string"}),
    "a member told always": put(told, required=["id", "state", "count"]),
    "a type told fewer": put(member(told, "note"), type="string"),
    "a value told fewer": put(member(told, "state"), enum=["draft"]),
    "a member sent more": lambda whole: sent(whole)["properties"].update(more={"type": "string"}),
    "a member sent no longer due": put(sent, required=[]),
    "a value sent more": put(member(sent, "state"), enum=["draft", "submitted", "more"]),
    "a type sent more": put(member(sent, "name"), type=["string", "number"]),
    "a limit gone": drop(member(sent, "name"), "maxLength"),
    "a choice sent more": put(
        member(sent, "either"), anyOf=[{"type": "string"}, {"type": "integer"}, {"type": "null"}]
    ),
    "a refusal more": lambda whole: post(whole)["responses"].update({"409": {}}),
    "a refusal fewer": drop(part(post, "responses"), "422"),
    "words": put(post, summary="other", description="other"),
    "a schema written out": lambda whole: post(whole)["requestBody"]["content"].update(
        {"application/json": {"schema": copy.deepcopy(sent(whole))}}
    ),
    "parts of a schema": lambda whole: post(whole)["requestBody"]["content"].update(
        {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/NewThing"}, {"required": ["name"]}]}}}
    ),
}


def changed(change: Callable[[Whole], object]) -> Whole:
    whole = described()
    change(whole)
    return whole


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_callers_is_said(name: str) -> None:
    change, said = BREAKING[name]
    label = "" if said.startswith("POST") else "POST /things/{id}: "
    assert label + said in list(breaking.compare(described(), changed(change)))


@pytest.mark.parametrize("name", [name for name in BREAKING if name not in {"a path", "a status"}])
def test_one_change_is_said_once(name: str) -> None:
    assert len(list(breaking.compare(described(), changed(BREAKING[name][0])))) == 1


@pytest.mark.parametrize("name", HARMLESS)
def test_what_breaks_nobody_is_passed_over(name: str) -> None:
    assert list(breaking.compare(described(), changed(HARMLESS[name]))) == []


def test_another_form_of_an_answer_is_said() -> None:
    old, new = described(), described()
    for whole, kinds in ((old, ("string",)), (new, ("string", "array"))):
        told(whole)["properties"]["count"] = {"anyOf": [{"type": kind} for kind in kinds]}
    assert list(breaking.compare(old, new)) == ["POST /things/{id}: answer 200 /count: may have another form now"]


def _kept(folder: Path, name: str, whole: Whole) -> Path:
    path = folder / name
    YAML(typ="safe").dump(whole, path)
    return path


def test_what_breaks_since_the_last_release_must_stand_in_the_changelog(tmp_path: Path) -> None:
    releases, changelog = tmp_path / "releases", tmp_path / "CHANGELOG.md"
    releases.mkdir()
    current = _kept(tmp_path, "openapi.yaml", changed(put(member(sent, "size"), minimum=1)))
    changelog.write_text("## [Unreleased]\n\n### Added\n\n- `POST /things/{id}`\n", encoding="utf-8")
    assert breaking.unlisted(releases, current, changelog) == []
    _kept(releases, "0.9.0.yaml", changed(put(member(sent, "size"), minimum=1)))
    _kept(releases, "0.10.0.yaml", described())
    assert breaking.unlisted(releases, current, changelog) == ["POST /things/{id}: request /size: minimum is 1 now"]
    changelog.write_text(
        "## [Unreleased]\n\n### Breaking\n\n- `POST /things/{id}` takes no 0.\n\n## [0.10.0]\n", encoding="utf-8"
    )
    assert breaking.unlisted(releases, current, changelog) == []
    changelog.write_text("## [Unreleased]\n\n## [0.10.0]\n\n### Breaking\n\n- `POST /things/{id}`\n", encoding="utf-8")
    assert len(breaking.unlisted(releases, current, changelog)) == 1


def test_nothing_breaks_that_the_changelog_does_not_tell() -> None:
    assert breaking.unlisted(breaking.RELEASES, ROOT / "openapi.yaml", ROOT / "CHANGELOG.md") == []


def test_the_description_breaks_nothing_of_itself() -> None:
    whole = breaking.read(ROOT / "openapi.yaml")
    assert list(breaking.compare(whole, whole)) == []


def test_the_program_says_it_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = _kept(tmp_path, "old.yaml", described())
    new = shutil.copy(old, tmp_path / "new.yaml")
    assert breaking.main([str(old), str(new)]) == 0
    _kept(tmp_path, "new.yaml", changed(drop(post, "requestBody")))
    assert breaking.main([str(old), str(new)]) == 1
    assert capsys.readouterr().out == "POST /things/{id}: request: is gone\n"
