"""The figures a monitoring system asks for, in the text format of Prometheus."""

import secrets
from typing import Final

from flask import Response, current_app, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest

from service.core.errors import UnauthenticatedError
from service.web import callers, counting, limiting
from service.web.endpoints import OpenEndpoint
from service.web.health import VERSION
from service.web.process import runtime
from service.web.routes import Routes
from service.web.standing import Standing

TEXT_TYPE: Final = "text/plain"
_SCHEME: Final = "bearer"

routes = Routes("metrics", ("运行指标", "Metrics"), prefix="")


@routes.open(
    OpenEndpoint(path="/metrics", title=("运行指标", "Metrics"), media_type=TEXT_TYPE, refuses=(UnauthenticatedError,))
)
def metrics() -> Response:
    """Give the figures of all processes of this server, to who is on this machine or has the token of the settings."""
    if not (callers.is_on_this_machine() or _has_token(runtime().settings.metrics_token)):
        raise UnauthenticatedError
    limiting.known()
    found = CollectorRegistry()
    found.register(counting.of(current_app).gathered())
    found.register(Standing(runtime(), VERSION))
    return Response(generate_latest(found), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_token(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    is_ours = secrets.compare_digest(given.encode(), token.encode())
    return bool(token) and scheme.lower() == _SCHEME and is_ours
