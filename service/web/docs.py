"""The description of the interface, a page to read it with, and the entries that problems point to."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from flask import Response, current_app

from service.core.errors import NotFoundError
from service.web import handbook, problems
from service.web.endpoints import OpenEndpoint
from service.web.openapi import openapi_text
from service.web.routes import Routes

YAML_TYPE: Final = "application/yaml"
HTML_TYPE: Final = "text/html"
TEXT_TYPE: Final = "text/plain"
ASSETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "swagger-ui.css": "text/css",
        "swagger-ui-bundle.js": "text/javascript",
        "start.js": "text/javascript",
    }
)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KEPT = "public, max-age=3600"
_STATIC = files("service.web") / "static"
_TEXT_KEY = "sluice_openapi"

routes = Routes("docs", ("接口说明", "Documentation"), prefix="")


@routes.open(
    OpenEndpoint(
        path="/openapi.yaml", title=("接口描述", "The description"), media_type=YAML_TYPE, shape={"type": "object"}
    )
)
def openapi_yaml() -> Response:
    """Give this description, OpenAPI 3.1."""
    held = current_app.extensions
    if _TEXT_KEY not in held:
        held[_TEXT_KEY] = openapi_text(current_app)
    return Response(held[_TEXT_KEY], mimetype=YAML_TYPE)


@routes.open(OpenEndpoint(path="/docs", title=("接口说明页", "The page"), media_type=HTML_TYPE))
def docs() -> Response:
    """Give a page that shows this description; it asks nothing of any other host."""
    return _shown(_text("docs.html"), HTML_TYPE)


@routes.open(
    OpenEndpoint(
        path="/docs/<name>",
        title=("接口说明页的文件", "A file of the page"),
        media_type="*/*",
        refuses=(NotFoundError,),
    )
)
def docs_file(name: str) -> Response:
    """Give a script or style of the page."""
    if name not in ASSETS:
        raise NotFoundError(kind="path")
    folder = "" if name == "start.js" else "swagger-ui/"
    response = _shown(_text(folder + name), ASSETS[name])
    response.headers["Cache-Control"] = _KEPT
    return response


@routes.open(
    OpenEndpoint(
        path="/problems/<code>",
        title=("问题代码说明", "What a problem means"),
        media_type=TEXT_TYPE,
        refuses=(NotFoundError,),
    )
)
def problem_page(code: str) -> Response:
    """Give the entry of one code in docs/problems.md, in both languages: what happened, and what to do."""
    kind = next((kind for kind in problems.kinds() if kind.code == code), None)
    if kind is None:
        raise NotFoundError(kind="problem")
    return Response(handbook.entry(kind), mimetype=TEXT_TYPE)


@cache
def _text(name: str) -> bytes:
    return _STATIC.joinpath(name).read_bytes()


def _shown(content: bytes, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
