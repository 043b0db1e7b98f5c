"""The web application: endpoints, errors and headers put together around a runtime."""

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from service.core.errors import SluiceError
from service.web import auth, callers, counting, docs, headers, health, limiting, metrics, problems, process, ui
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
    people,
    rulebooks,
    sheets,
    versions,
    waivers,
    webhooks,
)
from service.web.limits import Limits
from service.web.ui import problems as problem_pages
from service.web.ui import visits
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
    people.routes,
    webhooks.routes,
    meta.routes,
    health.routes,
    metrics.routes,
    docs.routes,
)


def create_app(runtime: Runtime, limits: Limits | None = None) -> Flask:
    """Make the application that answers for a runtime. With ``limits`` it keeps to those of the settings."""
    app = process.Application("service", static_folder=None, template_folder=None)
    app.session_interface = visits.Sessions()
    app.config["API_VERSION"] = health.VERSION
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.max_body_bytes
    app.url_map.merge_slashes = False
    process.hold(app, runtime)
    auth.hold(app, runtime)
    counting.watch(app)
    if runtime.settings.trusted_proxies:
        app.wsgi_app = callers.BehindProxies(app.wsgi_app, runtime.settings.trusted_proxies)  # type: ignore[method-assign]  # as its authors advise
    app.before_request(headers.take_request_id)
    if limits is not None:
        limiting.limit(app, limits)
    app.after_request(headers.secured)
    if runtime.settings.hsts_seconds:
        app.after_request(headers.only_by_https(runtime.settings.hsts_seconds))
    _answer_errors(app)
    for routes in ROUTES:
        routes.register(app)
    ui.register(app)
    return app


def _answer_errors(app: Flask) -> None:
    app.register_error_handler(SluiceError, _answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _answer(error: SluiceError) -> Response:
    return problem_pages.answer(error) if problem_pages.is_wanted() else problems.answer(error)


def _answer_unexpected(error: Exception) -> Response:
    wanted = problem_pages.is_wanted()
    return problem_pages.answer_unexpected(error) if wanted else problems.answer_unexpected(error)


def _answer_http(error: HTTPException) -> Response | HTTPException:
    ours = problems.of_http(error)
    return error if ours is None else _answer(ours)
