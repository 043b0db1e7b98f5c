"""The files of the pages, scripts and styles, each at an address that holds its hash: it may be kept for ever."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from flask import Flask, Response

from service.core.errors import NotFoundError

FOLDER: Final = "/files"
NAME: Final = "pages.file"

_KEPT: Final = "public, max-age=31536000, immutable"
_STATIC: Final = files("service.web") / "static"
_HASH_LENGTH: Final = 16
_PLACES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "keys.js": ("keys.js", "text/javascript"),
        "once.js": ("once.js", "text/javascript"),
        "htmx.min.js": ("htmx/htmx.min.js", "text/javascript"),
        "pico.min.css": ("pico/pico.min.css", "text/css"),
        "sluice.css": ("sluice.css", "text/css"),
    }
)


def address(name: str) -> str:
    """Give the address of a file, which is another one as soon as its content is."""
    return f"{FOLDER}/{_file(name)[0]}/{name}"


def register(app: Flask) -> None:
    """Let an application give the files out."""
    app.add_url_rule(f"{FOLDER}/<digest>/<name>", NAME, _give, methods=["GET"])


def _give(digest: str, name: str) -> Response:
    if name not in _PLACES or _file(name)[0] != digest:
        raise NotFoundError(kind="path")
    response = Response(_file(name)[1], mimetype=_PLACES[name][1])
    response.headers["Cache-Control"] = _KEPT
    return response


@cache
def _file(name: str) -> tuple[str, bytes]:
    content = _STATIC.joinpath(_PLACES[name][0]).read_bytes()
    return hashlib.sha256(content).hexdigest()[:_HASH_LENGTH], content
