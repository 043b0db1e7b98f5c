"""The web application: endpoints, errors and headers put together around a runtime."""

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException

from service.core.errors import SluiceError
from service.web import auth, callers, counting, docs, headers, health, limiting, metrics, problems, process
from service.web.api import (
    applications,
    assessments,
    bundles,
    deputies,
    evidence,
    imports,
    interests,
    ledger,
    meetings,
    meta,
    opinions,
    rulebooks,
    sheets,
    versions,
    waivers,
    webhooks,
)
from service.web.limits import Limits
from service.web.openapi import documented
from service.work import Runtime

ROUTES = (
    assessments.routes,
    applications.routes,
    imports.routes,
    versions.routes,
    opinions.routes,
    evidence.routes,
    waivers.routes,
    meetings.routes,
    deputies.routes,
    interests.routes,
    sheets.routes,
    ledger.routes,
    bundles.routes,
    rulebooks.routes,
    webhooks.routes,
    meta.routes,
    health.routes,
    metrics.routes,
    docs.routes,
)


class NoSessions(SessionInterface):
    """No cookie is read, and none is set."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Give what stands for no session."""
        del app, request
        return self._none

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing."""


def create_app(runtime: Runtime, limits: Limits | None = None) -> Flask:
    """Make the application that answers for a runtime. With ``limits`` it keeps to those of the settings."""
    app = Flask("service", static_folder=None, template_folder=None)
    app.session_interface = NoSessions()
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.max_body_bytes
    process.hold(app, runtime)
    auth.hold(app, runtime)
    counting.watch(app)
    if runtime.settings.trusted_proxies:
        app.wsgi_app = callers.BehindProxies(app.wsgi_app, runtime.settings.trusted_proxies)  # type: ignore[method-assign]  # as its authors advise
    app.before_request(headers.take_request_id)
    if limits is not None:
        limiting.limit(app, limits)
    app.after_request(headers.secured)
    _answer_errors(app)
    api = documented(app, health.VERSION)
    for routes in ROUTES:
        routes.register(app, api)
    return app


def _answer_errors(app: Flask) -> None:
    app.register_error_handler(SluiceError, problems.answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, problems.answer_unexpected)


def _answer_http(error: HTTPException) -> Response | HTTPException:
    ours = problems.of_http(error)
    return error if ours is None else problems.answer(ours)
