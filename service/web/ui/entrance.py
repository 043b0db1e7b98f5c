"""Coming and going: the way in, the way out, and the language of the pages."""

import logging
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from flask import request

from service.actions import sign_in
from service.actions.sign_in import Verified
from service.core.errors import Flaw, InvalidError
from service.core.people import NOBODY, Permission, person_ref
from service.core.sign_in import ThrottledError
from service.web import callers, forms
from service.web.headers import request_id
from service.web.process import runtime
from service.web.ui import visits
from service.web.ui.addresses import FIRST_PASSWORD, HOME, SIGN_IN, local
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.words import LANGUAGES
from service.work import Work

_LOG: Final = logging.getLogger(__name__)

pages = Pages()


@dataclass(frozen=True, slots=True)
class Shown:
    """A log-in and a password, and where to go on."""

    login: str
    password: str
    next: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A language, and the page that is read in it."""

    language: str
    next: str


class ShownForm(forms.Form):
    """What somebody shows to come in."""

    makes = Shown
    neutral: ClassVar[dict[str, object]] = {"login": "", "password": "", "next": HOME}

    login = forms.Text(required=True)
    password = forms.Text(required=True)
    next = forms.Text()


class WantedForm(forms.Form):
    """Which language is wanted."""

    makes = Wanted
    neutral: ClassVar[dict[str, object]] = {"language": "", "next": HOME}

    language = forms.Text(required=True)
    next = forms.Text()


ROOT = Page(name="root", path="/", permission=None, template="sign_in.html")
ENTRANCE = Page(name="sign_in", path=SIGN_IN, permission=None, template="sign_in.html")


@pages.page(ROOT)
def root(call: PageCall[None]) -> Shows:
    """Lead on: home, or to the way in."""
    del call
    return Go(HOME if visits.current().found is not None else SIGN_IN)


@pages.page(ENTRANCE)
def read_sign_in(call: PageCall[None]) -> Shows:
    """Ask for a log-in and a password."""
    del call
    then = local(request.values.get("next", HOME))
    return Go(then) if visits.current().found is not None else {"then": then}


def verified(login: str, password: str) -> Verified:
    """Count the attempt, which stays counted whatever becomes of it, then look at the password."""
    address, held = callers.address(), runtime()
    try:
        with held.work(NOBODY) as work:
            sign_in.attempt(work, login, address)
    except ThrottledError:
        _LOG.warning("attempt to sign in not looked at", extra={"address": address, "request_id": request_id()})
        raise
    with held.work(NOBODY, read_only=True) as work:
        found = sign_in.verify(work, login, password)
    if found is None:
        _LOG.warning("attempt to sign in failed", extra={"address": address, "request_id": request_id()})
        raise InvalidError((Flaw("", "sign_in_unknown"),))
    if found.one_time_until is not None and found.one_time_until <= held.clock():
        raise InvalidError((Flaw("", "password_over"),))
    return found


@pages.submission(
    Submission(
        name="do_sign_in",
        path=SIGN_IN,
        permission=None,
        page=ENTRANCE,
        form=ShownForm(),
        before=lambda shown: verified(shown.login, shown.password),
    )
)
def do_sign_in(call: PageCall[Shown]) -> Go:
    """Let somebody in, or lead them to where they choose a password of their own."""
    known: Verified = call.ready
    if known.one_time_until is not None:
        sign_in.forgive(call.work, known.login, callers.address())
        return Go(f"{FIRST_PASSWORD}?{urlencode({'login': known.login, 'next': local(call.given.next)})}")
    return Go(local(call.given.next), token=let_in(call, known))


def let_in(call: PageCall[Any], known: Verified) -> str:
    """Begin a session under a token that is new, and end the one there was."""
    visit = visits.current()
    if visit.found is not None:
        sign_in.end(call.work, visit.token)
    token = sign_in.enter(call.work, known, callers.address(), call.spoken)
    told = {"person": person_ref(known.person_id), "address": callers.address(), "request_id": request_id()}
    _LOG.info("signed in", extra=told)
    return token


@pages.submission(Submission(name="sign_out", path="/sign-out", permission=Permission.READ_ONESELF, page=None))
def sign_out(call: PageCall[Any]) -> Go:
    """End the session, in the database too."""
    sign_in.end(call.work, visits.current().token)
    return Go(SIGN_IN, "said.signed_out", token=sign_in.new_token())


@pages.submission(Submission(name="language", path="/language", permission=None, page=None, form=WantedForm()))
def choose_language(call: PageCall[Wanted]) -> Go:
    """Show the same page in another language, and all that follow."""
    speak(call.work, call.given.language)
    return Go(local(call.given.next), language=call.given.language)


def speak(work: Work, language: str) -> None:
    """Let this visit be in a language from now on. Raises ``InvalidError`` for one that there are no words in."""
    if language not in LANGUAGES:
        raise InvalidError((Flaw("/language", "member_choice", {"found": language, "known": LANGUAGES}),))
    sign_in.choose_language(work, visits.current().token, language)
