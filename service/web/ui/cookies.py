"""The cookies of the pages: all of this host only, out of reach of scripts, and not sent along from other sites.

Their names begin with ``__Host-``, which browsers take over TLS (or on the machine itself) and from no neighbour. A
demonstration is looked at over plain http; its cookies have other names, and it alone goes without that protection.
"""

from enum import StrEnum
from typing import Final

from flask import Response, request

from service.web.process import runtime

_YEAR: Final = 366 * 86_400


class Cookie(StrEnum):
    """What is kept in a browser: the token of a visit, the language chosen, what the next page has to say."""

    VISIT = "sluice"
    LANGUAGE = "sluice-language"
    SAID = "sluice-said"


def read(cookie: Cookie) -> str:
    """Give what a browser keeps; an empty text for nothing."""
    return request.cookies.get(_name(cookie), "")


def keep(response: Response, cookie: Cookie, value: str) -> None:
    """Let a browser keep something: the language for long, all else until it is closed."""
    response.set_cookie(
        _name(cookie),
        value,
        max_age=_YEAR if cookie is Cookie.LANGUAGE else None,
        path="/",
        secure=not runtime().settings.demo,
        httponly=True,
        samesite="Lax",
    )


def drop(response: Response, cookie: Cookie) -> None:
    """Let a browser keep something no longer."""
    response.delete_cookie(_name(cookie), path="/", secure=not runtime().settings.demo, httponly=True, samesite="Lax")


def _name(cookie: Cookie) -> str:
    return cookie.value if runtime().settings.demo else f"__Host-{cookie.value}"
