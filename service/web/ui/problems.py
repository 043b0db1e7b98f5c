"""Errors as pages, for whoever looks at one with a browser; the same codes, words and statuses as problem details."""

from typing import Final

from flask import Response, current_app, request

from service.core.errors import SluiceError
from service.web import problems
from service.web.headers import request_id
from service.web.routes import PREFIX
from service.web.ui import visits
from service.web.ui.pages import declared
from service.web.ui.rendering import HTML_TYPE, render
from service.words import problems as words

_TEMPLATE: Final = "problem.html"


def is_wanted() -> bool:
    """Whether a page answers the request: it is one of a page, or of nothing of ours by somebody who wants HTML."""
    if request.endpoint in declared(current_app):
        return True
    is_ours = request.endpoint is not None or request.path.startswith(f"{PREFIX}/")
    return not is_ours and request.accept_mimetypes.best_match((problems.MEDIA_TYPE, HTML_TYPE)) == HTML_TYPE


def answer(error: SluiceError) -> Response:
    """Show what went wrong, what to do, and the number under which it is found in the log."""
    spoken = visits.current().language
    values = {
        "title": words.title(spoken, error.code),
        "detail": words.detail(spoken, error),
        "advice": words.advice(spoken, error.code),
        "code": error.code,
    }
    response = render(_TEMPLATE, None, values, problems.status(type(error)))
    if "retry_after" in error.figures:
        response.headers["Retry-After"] = str(error.figures["retry_after"])
    return response


def answer_unexpected(error: Exception) -> Response:
    """Show nothing but the request's id, and write the error to the log under it."""
    current_app.logger.error("unexpected error", exc_info=error, extra={"request_id": request_id()})
    return answer(SluiceError())
