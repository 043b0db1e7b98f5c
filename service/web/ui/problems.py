"""Errors as pages, for whoever looks at one with a browser; the same codes and statuses as problem details.

The words are those of the API, unless a code has words for pages: ``<code>.detail_page`` and ``<code>.advice_page``.
"""

from collections.abc import Mapping
from typing import Final

from flask import Response, current_app, request

from service.core.errors import Flaw, InvalidError, SluiceError
from service.core.people import PERMISSIONS, Permission
from service.web import problems
from service.web.headers import request_id
from service.web.routes import PREFIX
from service.web.ui import visits
from service.web.ui.pages import declared
from service.web.ui.rendering import HTML_TYPE, render
from service.web.ui.voice import Voice, voice
from service.words import problems as words
from service.words import section

_TEMPLATE: Final = "problem.html"


def is_wanted() -> bool:
    """Whether a page answers the request: it is one of a page, or of nothing of ours by somebody who wants HTML."""
    if request.endpoint in declared(current_app):
        return True
    is_ours = request.endpoint is not None or request.path.startswith(f"{PREFIX}/")
    return not is_ours and request.accept_mimetypes.best_match((problems.MEDIA_TYPE, HTML_TYPE)) == HTML_TYPE


def answer(error: SluiceError) -> Response:
    """Show what went wrong, what to do, and the number under which it is found in the log."""
    speaks = voice(visits.current().language)
    flaws = error.flaws if isinstance(error, InvalidError) else ()
    values = {
        "title": words.title(speaks.language, error.code),
        "detail": _detail(error, speaks),
        "flaws": [(_place(flaw, speaks), words.because(speaks.language, flaw)) for flaw in flaws],
        "advice": _kept(speaks).get(f"{error.code}.advice_page") or words.advice(speaks.language, error.code),
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


def _kept(speaks: Voice) -> Mapping[str, str]:
    return section(speaks.language, words.SECTION)


def _detail(error: SluiceError, speaks: Voice) -> str:
    """Say what is wrong in words for a page, those of its cause first; in the API's where there are none."""
    figures: dict[str, object] = {}
    if isinstance(error, InvalidError):
        figures["count"] = len(error.flaws)
    if "permission" in error.figures:
        figures["roles"] = speaks.roles(PERMISSIONS[Permission(str(error.figures["permission"]))])
    kept, cause = _kept(speaks), error.figures.get("because", error.figures.get("kind"))
    said = kept.get(f"{error.code}.detail_page.{cause}") or kept.get(f"{error.code}.detail_page")
    return words.detail(speaks.language, error) if said is None else said.format_map(figures)


def _place(flaw: Flaw, speaks: Voice) -> str:
    """Name where a flaw is: its cell, what pages call it, or the pointer as it is."""
    return flaw.cell or speaks.known(f"problem.at_{flaw.pointer[1:]}", flaw.pointer)
