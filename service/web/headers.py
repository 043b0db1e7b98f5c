"""What travels beside the content: the request's id, versions, and what browsers must not do."""

import re
import secrets
from typing import Final

from flask import Response, g, request

from service.web.errors import BadHeaderError

REQUEST_ID: Final = "X-Request-Id"

# A version no row ever has: what a well-formed tag that is not ours stands for.
NO_VERSION: Final = -1

_LONGEST_VERSION = 9
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')

_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def take_request_id() -> None:
    """Keep the caller's request id if it is a plain one; otherwise give the request an id of its own."""
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def request_id() -> str:
    """Give the id of the request being answered."""
    found: str = g.request_id
    return found


def secured(response: Response) -> Response:
    """Add what every answer carries; an answer that says more about caching or content keeps what it says."""
    headers = response.headers
    headers[REQUEST_ID] = request_id()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = _API_POLICY
    return response


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
