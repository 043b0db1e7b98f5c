"""Refusing whoever asks too often: each credential has a budget, and so has each address that shows none.

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


def limit(app: Flask, limits: Limits) -> None:
    """Let an application keep to limits."""
    app.extensions[_NAME] = limits
    app.before_request(_admit)
    app.after_request(_tell)


def known() -> None:
    """Remember that the credential of the request being answered counts."""
    g.is_known = True


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
    limits = _limits()
    if status == _UNAUTHENTICATED:
        limits.spend(_failing(), settings.failures_per_minute)
    elif "is_known" in g:
        name, now = b"known " + (_credential() or b""), monotonic_ns()
        if limits.until(name) < now + _KNOWN_STILL:
            limits.mark(name, now + _KNOWN)


def _could_fail(limits: Limits, credential: bytes | None) -> bool:
    """Whether it may turn out that nobody known is asking: what is shown has not counted lately."""
    if credential is None:
        return request.path.startswith(_ASKS)
    return limits.until(b"known " + credential) <= monotonic_ns()


def _require(budget: str, spent: Spent) -> None:
    if not spent.allowed:
        counting.of(current_app).limited.labels(budget).inc()
        raise TooManyError(retry_after=spent.retry_after, most=spent.most)


def _credential() -> bytes | None:
    shown = request.headers.get("Authorization")
    return None if shown is None else shown.encode()


def _who(credential: bytes | None) -> bytes:
    """Name whose budget it is: a credential's, at the pages a visit's, otherwise an address's."""
    if credential is not None:
        return b"caller " + credential
    visit = next((request.cookies[name] for name in VISITS if name in request.cookies), "")
    if visit and not request.path.startswith(_ASKS):
        return b"visit " + visit.encode()
    return b"address " + callers.address().encode()


def _failing() -> bytes:
    return b"failing " + callers.address().encode()


def _limits() -> Limits:
    found: Limits = current_app.extensions[_NAME]
    return found
