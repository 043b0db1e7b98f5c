"""Refusing whoever asks too often: each credential and session has a budget, and so has each address without one.

A session counts by its address until it is found to be one: a cookie that somebody made up buys nothing.

An address that fails again and again to say who is asking is not heard before its budget for that fills again, unless
it shows a credential that has counted lately: whoever shares its address is not shut out by it.
"""

from time import monotonic_ns
from typing import Final

from flask import Flask, Response, current_app, g, request

from service.config import Settings
from service.web import callers, counting
from service.web.errors import TooManyError
from service.web.limits import MINUTE, Limits, Spent
from service.web.process import runtime

FREE: Final = frozenset({"health.healthz", "health.readyz"})

# The cookies by which the pages know a visit.
VISITS: Final = ("__Host-sluice", "sluice")

_NAME: Final = "sluice_limits"
# Whatever stands below this asks who is asking.
_ASKS: Final = "/v1/"
_UNAUTHENTICATED: Final = 401
# For how long a credential that counted is remembered, and when that is written again.
_KNOWN: Final = 10 * MINUTE
_KNOWN_STILL: Final = 5 * MINUTE
_KNOWN_AS: Final = b"known "


def limit(app: Flask, limits: Limits) -> None:
    """Let an application keep to limits."""
    app.extensions[_NAME] = limits
    app.before_request(_admit)
    app.after_request(_tell)


def known() -> None:
    """Remember that the credential of the request being answered counts."""
    g.is_known = True


def known_visit(token: str) -> None:
    """Remember that a visit of the pages is somebody's session."""
    if _NAME in current_app.extensions:
        _keep_in_mind(_KNOWN_AS + _named(token))


def _admit() -> None:
    if request.endpoint in FREE:
        return
    settings, limits, credential = runtime().settings, _limits(), _credential()
    if settings.failures_per_minute and _could_fail(limits, credential):
        _require("failures", limits.stands(_failing(), settings.failures_per_minute))
    if settings.requests_per_minute:
        g.spent = limits.spend(_who(credential), settings.requests_per_minute)
        _require("requests", g.spent)


def _tell(response: Response) -> Response:
    if "spent" in g:
        spent: Spent = g.spent
        response.headers["RateLimit-Policy"] = f'"requests";q={spent.most};w=60'
        response.headers["RateLimit"] = f'"requests";r={spent.left};t={spent.full_in}'
    settings = runtime().settings
    if settings.failures_per_minute and request.endpoint not in FREE:
        _remember(settings, response.status_code)
    return response


def _remember(settings: Settings, status: int) -> None:
    """Count a failure to say who is asking; keep in mind a credential that counts."""
    if status == _UNAUTHENTICATED:
        _limits().spend(_failing(), settings.failures_per_minute)
    elif "is_known" in g:
        _keep_in_mind(_KNOWN_AS + (_credential() or b""))


def _keep_in_mind(name: bytes) -> None:
    limits, now = _limits(), monotonic_ns()
    if limits.until(name) < now + _KNOWN_STILL:
        limits.mark(name, now + _KNOWN)


def _could_fail(limits: Limits, credential: bytes | None) -> bool:
    """Whether it may turn out that nobody known is asking: what is shown has not counted lately."""
    if credential is None:
        return request.path.startswith(_ASKS)
    return limits.until(_KNOWN_AS + credential) <= monotonic_ns()


def _require(budget: str, spent: Spent) -> None:
    if not spent.allowed:
        counting.of(current_app).limited.labels(budget).inc()
        raise TooManyError(retry_after=spent.retry_after, most=spent.most)


def _credential() -> bytes | None:
    """Give what is shown, the name of its scheme in small letters: it is the same however that is written."""
    scheme, between, shown = request.headers.get("Authorization", "").partition(" ")
    return f"{scheme.lower()}{between}{shown}".encode() or None


def _who(credential: bytes | None) -> bytes:
    """Name whose budget it is: a credential's, at the pages a session's, otherwise an address's."""
    if credential is not None:
        return b"caller " + credential
    visit = None if request.path.startswith(_ASKS) else _visit()
    return visit or b"address " + callers.address().encode()


def _visit() -> bytes | None:
    """Name the session that is shown, if it was found to be one lately."""
    shown = (_named(request.cookies[name]) for name in VISITS if name in request.cookies)
    return next((visit for visit in shown if _limits().until(_KNOWN_AS + visit) > monotonic_ns()), None)


def _named(token: str) -> bytes:
    return b"visit " + token.encode("utf-8", "surrogatepass")


def _failing() -> bytes:
    return b"failing " + callers.address().encode()


def _limits() -> Limits:
    found: Limits = current_app.extensions[_NAME]
    return found
