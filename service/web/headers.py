"""What travels beside the content: the request's id, versions, and what browsers must not do."""

import re
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from flask import Response, g, request
from werkzeug.datastructures import Headers

from service.web.errors import BadHeaderError

REQUEST_ID: Final = "X-Request-Id"

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# A version no row ever has: what a well-formed tag that is not ours stands for.
NO_VERSION: Final = -1

_LONGEST_VERSION = 9
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
TAG_PATTERN: Final = r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
_TAG = re.compile(TAG_PATTERN)

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
ALWAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
)
_ALWAYS_TOLD: Final = tuple(ALWAYS.items())


def take_request_id() -> None:
    """Keep the caller's request id if it is a plain one; otherwise give the request an id of its own."""
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def request_id() -> str:
    """Give the id of the request being answered."""
    found: str = g.request_id
    return found


class _Complete(Headers):
    """The headers of an answer with what every answer carries.

    ``first`` and what every answer carries are known to be sound; only ``own`` are looked over one by one.
    """

    def __init__(self, first: Mapping[str, str], own: Mapping[str, str]) -> None:
        """Take what the answer begins with, and what is its own, which counts before what every answer carries."""
        super().__init__(list({**first, **ALWAYS, **own}.items()) if own else None)
        if not own:
            self._list = [*first.items(), *_ALWAYS_TOLD]


class Answer(Response):
    """An answer whose content is at hand, with what every answer carries; its own headers come before those.

    Its headers are complete when it is made, so that nothing is left to look over when it leaves.
    """

    def __init__(self, content: str | bytes, status: int, media_type: str, headers: Mapping[str, str] = _NONE) -> None:
        """Take the content, and the headers that are its own."""
        body = content.encode() if isinstance(content, str) else content
        first = {"Content-Type": media_type, "Content-Length": str(len(body)), REQUEST_ID: request_id()}
        super().__init__([body], status, _Complete(first, headers))

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Give the headers as they are."""
        del environ
        return self.headers


def secured(response: Response) -> Response:
    """Add what every answer carries to one that is not made here."""
    if not isinstance(response, Answer):
        for name, value in {REQUEST_ID: request_id(), **ALWAYS}.items():
            response.headers.setdefault(name, value)
    return response


def only_by_https(seconds: int) -> Callable[[Response], Response]:
    """Give what tells browsers to come by https alone, for so long."""

    def told(response: Response) -> Response:
        response.headers["Strict-Transport-Security"] = f"max-age={seconds}"
        return response

    return told


def tag(version: int | str) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def version_read(header: str | None) -> int | None:
    """Read the version an ``If-Match`` header names; None without the header.

    Raises ``BadHeaderError`` for anything but one entity tag: a change names the one version it rests on.
    """
    if header is None:
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise BadHeaderError(because="if_match")
    text = found[1]
    is_version = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_VERSION
    return int(text) if is_version else NO_VERSION
