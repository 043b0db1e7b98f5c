"""The description of the interface, OpenAPI 3.1, written from the declarations that run."""

from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]  # the library has no types
from marshmallow import Schema
from ruamel.yaml import YAML

from service.actions.ledger import LedgerBehindError
from service.actions.replies import LONGEST_KEY, KeyReusedError, StillRunningError
from service.core.errors import (
    ForbiddenError,
    InvalidError,
    MalformedError,
    NotFoundError,
    SluiceError,
    StaleError,
    TooLargeError,
    UnauthenticatedError,
)
from service.core.people import ScopeMissingError
from service.signing import SignerRefusesError
from service.web import forms, problems, shapes, views
from service.web.chosen import Chosen
from service.web.endpoints import Endpoint, FileBody, OpenEndpoint
from service.web.errors import MediaTypeError, PreconditionRequiredError, TooManyError
from service.web.headers import TAG_PATTERN
from service.web.octets import media_type
from service.web.problems import JSON_TYPE
from service.web.process import LARGEST, Number
from service.web.proven import ENTRIES, INDEX, LINK
from service.web.repeats import HEADER, REPLAYED
from service.web.shown import shown
from service.web.uploads import MULTIPART
from service.work import BusyError

OPENAPI: Final = "3.1.0"
TITLE: Final = "Sluice"

_SECURITY = "api_key"
_ORDER = ("openapi", "info", "servers", "tags", "paths", "components")
_DESCRIPTION = (
    "招商项目准入评价与联审 · An approval gate for investment projects.\n\n"
    "出错时的回答见 [docs/problems.md](/problems/invalid)；语言由 `Accept-Language` 决定（`zh` 或 `en`）。\n"
    "Errors are problem details (RFC 9457) in the language of `Accept-Language` (`zh` or `en`)."
)

PROOF: Final = "proof"

# What is sent where there is nothing to say.
_EMPTY: Final[dict[str, Any]] = {"nothing": {}}

_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "ETag": {"description": "The version of what is answered, in quotes.", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, as `rel="next"`; absent on the last.', "schema": {"type": "string"}},
    ENTRIES: {"description": "Numbers the database gave the entries of this deed.", "schema": {"type": "string"}},
    INDEX: {
        "description": "Their numbers in the ledger's tree; absent while they cannot be put there.",
        "schema": {"type": "string"},
    },
    PROOF: {
        "description": 'The proof of each, as `rel="proof"`; absent while no checkpoint is signed over them.',
        "schema": {"type": "string"},
    },
    REPLAYED: {"description": "`true` on an answer that was given before.", "schema": {"const": "true"}},
}
_IF_MATCH: Final[dict[str, Any]] = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag that was read last.",
    "schema": {"type": "string", "pattern": f"^{TAG_PATTERN}$"},
    "example": '"1"',
}
_IF_NONE_MATCH: Final[dict[str, Any]] = {
    "in": "header",
    "name": "If-None-Match",
    "description": "ETags already held; 304 if one of them still stands.",
    "schema": {"type": "string"},
}
_KEY: Final[dict[str, Any]] = {
    "in": "header",
    "name": HEADER,
    "description": "The same key with the same content gives the same answer, and nothing happens twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}


class Documented(Api):  # type: ignore[misc]  # the library has no types
    """The library's registry of endpoints, without answers of its own: errors are ours."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to ``service.web.problems``."""

    def _register_responses(self) -> None:
        """Describe no answer that is not ours."""

    def _register_pagination_header(self) -> None:
        """Pages are described where they are declared."""


def openapi_text(app: Flask) -> str:
    """Write the description of an application as YAML, in the order the endpoints are declared."""
    found = _documented(app).spec.to_dict()
    yaml = YAML(typ="rt", pure=True)
    yaml.default_flow_style = False
    yaml.width = 100
    yaml.representer.ignore_aliases = lambda _data: True
    target = StringIO()
    yaml.dump({name: found[name] for name in (*_ORDER, *found) if name in found}, target)
    return target.getvalue()


def _documented(app: Flask) -> Documented:
    """Describe what an application has registered. It takes long, and hardly anybody asks: nothing is made ahead."""
    api = Documented(
        app,
        spec_kwargs={
            "title": TITLE,
            "openapi_version": OPENAPI,
            "info": {"description": _DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": "/"}],
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name),
        },
    )
    for kind, (type_, form) in {**forms.TYPES, **views.TYPES}.items():
        api.register_field(kind, type_, form)
    api.register_converter(Number, lambda _number: {"type": "integer", "minimum": 1, "maximum": LARGEST})
    for name, shape in shapes.COMPONENTS.items():
        api.spec.components.schema(name, component=shape)
    api.spec.components.security_scheme(
        _SECURITY, {"type": "http", "scheme": "bearer", "bearerFormat": "slc_<id>_<secret>"}
    )
    for blueprint in app.blueprints.values():
        if isinstance(blueprint, Blueprint):
            blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
            api.spec.tag({"name": blueprint.name, "description": blueprint.description})
    return api


def operation(declared: Endpoint, name: str, explained: str) -> dict[str, Any]:
    """Describe one endpoint."""
    found: dict[str, Any] = {
        "operationId": name,
        "summary": " · ".join(declared.title),
        "description": explained,
        "x-permission": declared.permission.value,
        "security": [{_SECURITY: []}],
        "parameters": list(_parameters(declared)),
        "responses": {str(declared.status): _success(declared, name), **_refusals(kinds(declared))},
    }
    if declared.method == "GET" and "ETag" in declared.renders.headers:
        found["responses"]["304"] = {"description": "The version held still stands."}
    if declared.body is not None:
        content = {"schema": declared.body.shape, **_examples(declared.body.examples or _EMPTY)}
        kind = MULTIPART if isinstance(declared.body, FileBody) else JSON_TYPE
        found["requestBody"] = {"required": not declared.body.optional, "content": {kind: content}}
    return found


def open_operation(declared: OpenEndpoint, name: str, explained: str) -> dict[str, Any]:
    """Describe one endpoint that asks nobody who they are."""
    limited = () if declared.unlimited else (TooManyError,)
    content = {declared.media_type: {"schema": declared.shape, **_examples(shown(name))}}
    return {
        "operationId": name,
        "summary": " · ".join(declared.title),
        "description": explained,
        "security": [],
        "responses": {"200": {"description": "OK", "content": content}, **_refusals((*declared.refuses, *limited))},
    }


def kinds(declared: Endpoint) -> tuple[type[SluiceError], ...]:
    """Name every kind of error an endpoint may answer with, short of our own mistakes."""
    found: list[type[SluiceError]] = [UnauthenticatedError, ForbiddenError, ScopeMissingError, TooManyError]
    found += declared.refuses
    implied: tuple[tuple[bool, tuple[type[SluiceError], ...]], ...] = (
        ("<" in declared.path, (NotFoundError,)),
        (declared.query is not None, (MalformedError, InvalidError)),
        (declared.body is not None, (MalformedError, TooLargeError, MediaTypeError, InvalidError)),
        (declared.needs_version, (MalformedError, PreconditionRequiredError, StaleError)),
        (declared.repeatable, (MalformedError, StillRunningError, KeyReusedError)),
        (not declared.read_only, (BusyError, LedgerBehindError)),
        (declared.proven, (SignerRefusesError,)),
    )
    for follows, refused in implied:
        found += refused if follows else ()
    return tuple(dict.fromkeys(found))


def _parameters(declared: Endpoint) -> Iterator[dict[str, Any]]:
    if declared.query is not None:
        yield {"in": "query", "schema": type(declared.query)}
    if declared.needs_version:
        yield _IF_MATCH
    if declared.repeatable:
        yield _KEY
    if declared.method == "GET" and "ETag" in declared.renders.headers:
        yield _IF_NONE_MATCH


def _success(declared: Endpoint, name: str) -> dict[str, Any]:
    names = [header for header in declared.answers_with if header in _HEADERS]
    names += [REPLAYED] if declared.repeatable else []
    headers = {header: _HEADERS[header] for header in names}
    if declared.proven:
        headers |= {ENTRIES: _HEADERS[ENTRIES], INDEX: _HEADERS[INDEX], LINK: _HEADERS[PROOF]}
    content = {"schema": declared.renders.shape, **_examples(declared.examples or shown(name))}
    answer: dict[str, Any] = {"description": "OK", "content": {media_type(declared.renders, JSON_TYPE): content}}
    answer["content"] |= _other_forms(declared)
    return answer | ({"headers": headers} if headers else {})


def _other_forms(declared: Endpoint) -> dict[str, Any]:
    """Name the forms beside JSON: texts as such, files without a schema."""
    others = declared.renders.others if isinstance(declared.renders, Chosen) else ()
    return {name: {"schema": {"type": "string"}} if name.startswith("text/") else {} for name in others}


def _refusals(refused: tuple[type[SluiceError], ...]) -> dict[str, Any]:
    codes: dict[int, list[str]] = {}
    kinds_refused: set[type[SluiceError]] = {*refused, SluiceError}
    for kind in sorted(kinds_refused, key=lambda kind: (problems.status(kind), kind.code)):
        codes.setdefault(problems.status(kind), []).append(kind.code)
    content = {problems.MEDIA_TYPE: {"schema": shapes.PROBLEM}}
    return {
        str(int(status)): {"description": ", ".join(f"`{code}`" for code in dict.fromkeys(found)), "content": content}
        for status, found in codes.items()
    }


def _examples(found: Any) -> dict[str, Any]:  # noqa: ANN401 - examples are whatever JSON they show
    return {"examples": {name: {"value": value} for name, value in found.items()}} if found else {}


def _name(schema: type[Schema] | Schema) -> str:
    """Name a schema after what it shows: its class without the word for the direction."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("View").removesuffix("Form")
