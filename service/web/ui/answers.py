"""Answering a browser: one unit of work around a page or a submission; what is refused is told on a page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from service.actions import sign_in
from service.actions.evidence import SentFile
from service.core.errors import (
    ConflictError,
    InvalidError,
    MalformedError,
    SluiceError,
    StaleError,
    TooLargeError,
    UnauthenticatedError,
)
from service.core.people import SYSTEM
from service.web import headers
from service.web.ahead import done_ahead
from service.web.forms import Given
from service.web.process import runtime
from service.web.ui import cookies, doubled, entrance, said, sent, visits
from service.web.ui.addresses import SIGN_IN, local, sign_in_address
from service.web.ui.cookies import Cookie
from service.web.ui.pages import Declared, Deed, Go, Once, Page, PageCall, Submission
from service.web.ui.rendering import HTML_TYPE, Filled, addressed, filled, fragment, kept, render, sent_from
from service.web.ui.voice import voice
from service.web.uploads import received
from service.web.views import Shown
from service.work import BusyError, Identify

_OWN = frozenset({visits.FIELD, sent.VERSION, sent.ONCE})


@dataclass(frozen=True, slots=True)
class _Came:
    """What a form gave, and the file that was in it."""

    given: Given[object]
    file: SentFile | None = None


def show(page: Page, deed: Deed, path: Mapping[str, object]) -> Response:
    """Show a page; one of what stands in a form is nothing without the form, and leads to where that is."""
    if page.of is not None and request.method != "POST":
        return _led_to(addressed(page.of))
    try:
        response = _shown(page, deed, path) if page.of is None else _tried_out(page, deed, path)
    except UnauthenticatedError:
        return visits.remember(_gone() if page.of is not None else _led_to(sign_in_address(_here())))
    except visits.ForgedError:
        if not _is_live() and (page.permission is None or _is_anybody_in()):
            raise
        return visits.remember(_gone())
    _note_seen()
    return response


def _tried_out(page: Page, deed: Deed, path: Mapping[str, object]) -> Response:
    """Show what would come of a form."""
    with _came(page, path) as came:
        return _shown(page, deed, path, came=came)


def receive(submission: Submission, deed: Deed, again: Deed | None, path: Mapping[str, object]) -> Response:
    """Do what was sent; go on elsewhere, or show the page it was sent from again."""
    if submission.page is not None and request.method != "POST":
        return _led_to(addressed(submission.page))
    try:
        return _received(submission, deed, again, path)
    except UnauthenticatedError:
        return _over()
    except visits.ForgedError as error:
        return _not_of_this_visit(submission, error)


def _received(submission: Submission, deed: Deed, again: Deed | None, path: Mapping[str, object]) -> Response:
    page = submission.page
    try:
        with _came(submission, path) as came:
            if page is not None and again is not None and sent.LANGUAGE in sent.fields():
                return _in_another_language(page, again, path)
            ready = _made_ready(submission, came, path)
            return doubled.waited_for(lambda: _done(submission, deed, came, ready, path))
    except (InvalidError, ConflictError, StaleError, TooLargeError) as error:
        if page is None or again is None:
            raise
        return _shown(page, again, path, filled(error, visits.current().language))


def _in_another_language(page: Page, again: Deed, path: Mapping[str, object]) -> Response:
    """Show a form in another language, with all that was typed; nothing that it asks for is done."""
    visit, language = visits.current(), sent.fields()[sent.LANGUAGE]
    with runtime().work(visit.identify, request_id=headers.request_id()) as work:
        entrance.speak(work, language)
    response = _shown(page, again, path, kept())
    cookies.keep(response, Cookie.LANGUAGE, language)
    return response


@contextmanager
def _came(declared: Declared, path: Mapping[str, object]) -> Iterator[_Came]:
    """Read what was sent, once it shows that it was sent from a page of ours."""
    body = declared.receives
    if body is None or declared.permission is None:
        visits.require_proof(sent.fields().get(visits.FIELD))
        yield _Came(declared.form.read(sent.given_to(declared.form, _OWN)))
        return
    sent.keep({})
    with received(body, visits.current().identify, path, declared.permission) as came:
        sent.keep(came.fields)
        visits.require_proof(sent.fields().get(visits.FIELD))
        own = {f"/{name}" for name in _OWN}
        flaws = tuple(flaw for flaw in came.given.flaws if flaw.pointer not in own)
        yield _Came(Given(came.given.value, flaws), came.file)


def _shown(
    page: Page, deed: Deed, path: Mapping[str, object], form: Filled | None = None, came: _Came | None = None
) -> Response:
    visit = visits.current()
    id_, dry = headers.request_id(), page.rehearses
    with runtime().work(_whoever(page), request_id=id_, read_only=not dry, dry=dry) as work:
        if page.permission is not None:
            work.actor.require(page.permission)
        given, file = (_asked(page), None) if came is None else (came.given, came.file)
        found = deed(PageCall(work, given.value, visit.language, file=file), **path)
        if given.flaws:
            raise InvalidError(given.flaws)
        if isinstance(found, Go):
            return _went(found)
        if isinstance(found, Shown):
            return _given_out(found)
        return render(page.template, page.of or page, found if form is None else {**found, "form": form})


def _done(submission: Submission, deed: Deed, came: _Came, ready: object, path: Mapping[str, object]) -> Response:
    visit, given = visits.current(), came.given
    with runtime().work(_whoever(submission), request_id=headers.request_id(), expects=_expects()) as work:
        if submission.permission is not None:
            work.actor.require(submission.permission)
        if visit.found is not None:
            sign_in.touch(work, visit.token)
        call = PageCall(work, given.value, visit.language, ready, came.file)
        found = doubled.once(work, _OWN, came.file, lambda: _tried(deed, call, given, path))
    if isinstance(found, Once):
        return render(found.template, found.page, found.values)
    return _given_out(found) if isinstance(found, Shown) else _went(found)


def _whoever(declared: Declared) -> Identify:
    visit = visits.current()
    return visit.anybody if declared.permission is None else visit.identify


def _made_ready(submission: Submission, came: _Came, path: Mapping[str, object]) -> object:
    """Do what is done outside the unit of work, before it."""
    if submission.before is not None:
        if came.given.flaws:
            raise InvalidError(came.given.flaws)
        return submission.before(came.given.value)
    ahead = submission.ahead
    if ahead is None:
        return None
    return done_ahead(_whoever(submission), lambda work: ahead(work, came.given.value, came.file, **path))


def _tried(deed: Deed, call: PageCall[object], given: Given[object], path: Mapping[str, object]) -> Go | Once | Shown:
    """Do it; the flaws of the form are told together with those that the deed finds elsewhere."""
    try:
        found: Go | Once | Shown = deed(call, **path)
    except InvalidError as error:
        told = {flaw.pointer for flaw in given.flaws}
        raise InvalidError((*given.flaws, *(flaw for flaw in error.flaws if flaw.pointer not in told))) from error
    if given.flaws:
        raise InvalidError(given.flaws)
    return found


def _given_out(shown: Shown) -> Response:
    """Give out what is no page of ours, read as it is sent."""
    pieces = shown.pieces if shown.later is None else shown.later()
    return Response(shown.body if pieces is None else pieces, headers=dict(shown.headers))


def _asked(page: Page) -> Given[object]:
    """Read the query; a field of a form that was left empty is none."""
    if page.query is None:
        return Given(None)
    known = {field.data_key or name for name, field in page.query.fields.items()}
    return page.query.read({name: text for name, text in request.args.items() if text and name in known})


def _expects() -> int | None:
    """Read the version that the page was made of, if the form has one."""
    text = sent.fields().get(sent.VERSION)
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


def _not_of_this_visit(submission: Submission, error: visits.ForgedError) -> Response:
    """Lead on whoever signed in or out at another tab meanwhile; any other form without its proof is refused."""
    if _is_anybody_in():
        if submission.path != SIGN_IN:
            raise error
        return _went(Go(local(sent.fields().get("next", "")), "said.signed_in_already"))
    if submission.permission is None:
        raise error
    return visits.remember(_over())


def _over() -> Response:
    """Answer a form whose session is over: to the way in, and on to where the form stands."""
    page = sent_from()
    then = sent.fields().get("next", "") if page is None else addressed(page)
    return _went(Go(sign_in_address(then), "said.session_over" if then else None))


def _gone() -> Response:
    """Answer a form that is tried out when its session is over, or another: a script keeps what it shows.

    Whoever signed in again meanwhile gets the proof that the form must show from now on. It is told only to a script of
    ours: no other site's may set the header, nor read the answer.
    """
    if not _is_live():
        return _over()
    values = {"proof": visits.proof() if _is_anybody_in() else "", "tries": request.path}
    shown = fragment("precheck_over.html", voice(visits.current().language), values)
    return Response(shown, mimetype=HTML_TYPE)


def _is_live() -> bool:
    return "HX-Request" in request.headers


def _is_anybody_in() -> bool:
    visit = visits.current()
    with runtime().work(visit.anybody, read_only=True):
        return visit.found is not None


def _note_seen() -> None:
    """Write down that a session was seen, at most once a minute; whoever is in the way is not waited for."""
    visit = visits.current()
    if visit.found is not None and sign_in.is_stale(visit.found, runtime().clock()):
        with suppress(BusyError, SluiceError), runtime().work(SYSTEM) as work:
            sign_in.touch(work, visit.token)


def _here() -> str:
    return request.full_path.removesuffix("?")
