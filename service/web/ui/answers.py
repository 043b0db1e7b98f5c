"""Answering a browser: one unit of work around a page or a submission; what is refused is told on a page."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from flask import Response, request

from service.actions import sign_in
from service.core.errors import (
    ConflictError,
    InvalidError,
    MalformedError,
    SluiceError,
    StaleError,
    UnauthenticatedError,
)
from service.core.people import SYSTEM
from service.web import headers, problems
from service.web.forms import Given
from service.web.process import runtime
from service.web.ui import cookies, said, visits
from service.web.ui.addresses import sign_in_address
from service.web.ui.cookies import Cookie
from service.web.ui.pages import Deed, Go, Page, PageCall, Submission
from service.web.ui.rendering import Filled, filled, render
from service.work import BusyError

_VERSION = "version"
_OWN = frozenset({visits.FIELD, _VERSION})


def show(page: Page, deed: Deed, path: Mapping[str, object]) -> Response:
    """Show a page."""
    try:
        response = _shown(page, deed, path)
    except UnauthenticatedError:
        return visits.remember(_led_to(sign_in_address(_here())))
    _note_seen()
    return response


def receive(submission: Submission, deed: Deed, again: Deed | None, path: Mapping[str, object]) -> Response:
    """Do what was sent; go on elsewhere, or show the page it was sent from again."""
    visits.require_proof()
    given = submission.form.read({name: text for name, text in request.form.items() if name not in _OWN})
    try:
        go = _done(submission, deed, given, path)
    except UnauthenticatedError:
        return _led_to(sign_in_address(""))
    except (InvalidError, ConflictError, StaleError) as error:
        if submission.page is None or again is None:
            raise
        form = filled(error, visits.current().language)
        return _shown(submission.page, again, path, form, problems.status(type(error)))
    return _went(go)


def _shown(
    page: Page, deed: Deed, path: Mapping[str, object], form: Filled | None = None, status: int = 200
) -> Response:
    visit = visits.current()
    identify = visit.anybody if page.permission is None else visit.identify
    with runtime().work(identify, request_id=headers.request_id(), read_only=True) as work:
        if page.permission is not None:
            work.actor.require(page.permission)
        given = _asked(page)
        found = deed(PageCall(work, given.value, visit.language), **path)
        if given.flaws:
            raise InvalidError(given.flaws)
        if isinstance(found, Go):
            return _went(found)
        return render(page.template, page, found if form is None else {**found, "form": form}, status)


def _done(submission: Submission, deed: Deed, given: Given[object], path: Mapping[str, object]) -> Go:
    visit = visits.current()
    ready = None
    if submission.before is not None:
        if given.flaws:
            raise InvalidError(given.flaws)
        ready = submission.before(given.value)
    identify = visit.anybody if submission.permission is None else visit.identify
    with runtime().work(identify, request_id=headers.request_id(), expects=_expects()) as work:
        if submission.permission is not None:
            work.actor.require(submission.permission)
        if visit.found is not None:
            sign_in.touch(work, visit.token)
        go: Go = deed(PageCall(work, given.value, visit.language, ready), **path)
        if given.flaws:
            raise InvalidError(given.flaws)
        return go


def _asked(page: Page) -> Given[object]:
    """Read the query; a field of a form that was left empty is none."""
    if page.query is None:
        return Given(None)
    known = page.query.fields
    return page.query.read({name: text for name, text in request.args.items() if text and name in known})


def _expects() -> int | None:
    """Read the version that the page was made of, if the form has one."""
    text = request.form.get(_VERSION)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise MalformedError(because="if_match")
    return headers.version_read(headers.tag(text))


def _went(go: Go) -> Response:
    response = _led_to(go.to)
    said.keep(response, go)
    if go.language is not None:
        cookies.keep(response, Cookie.LANGUAGE, go.language)
    if go.token is not None:
        cookies.keep(response, Cookie.VISIT, go.token)
    return response


def _led_to(address: str) -> Response:
    """Lead on; what is sent as a form is never sent again by going back."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _note_seen() -> None:
    """Write down that a session was seen, at most once a minute; whoever is in the way is not waited for."""
    visit = visits.current()
    if visit.found is not None and sign_in.is_stale(visit.found, runtime().clock()):
        with suppress(BusyError, SluiceError), runtime().work(SYSTEM) as work:
            sign_in.touch(work, visit.token)


def _here() -> str:
    return request.full_path.removesuffix("?")
