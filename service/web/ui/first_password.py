"""Choosing a password of one's own with one that was made for it, and coming in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import request

from service.actions import sign_in
from service.actions.sign_in import Verified
from service.core.errors import Flaw, InvalidError
from service.core.sign_in import password_flaws, plain_login, plain_password
from service.web import forms
from service.web.ui import entrance
from service.web.ui.addresses import FIRST_PASSWORD, HOME, local
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission

pages = Pages()

PAGE: Final = Page(name="first_password", path=FIRST_PASSWORD, permission=None, template="first_password.html")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A log-in, the one-time password, the next one twice, and where to go on."""

    login: str
    current: str
    password: str
    password_again: str
    next: str


class ChosenForm(forms.Form):
    """A password of one's own."""

    makes = Chosen
    neutral: ClassVar[Mapping[str, object]] = {
        "login": "",
        "current": "",
        "password": "",
        "password_again": "",
        "next": HOME,
    }

    login = forms.Text(required=True)
    current = forms.Text(required=True)
    password = forms.Text(required=True)
    password_again = forms.Text(required=True)
    next = forms.Text()


@pages.page(PAGE)
def read_first_password(call: PageCall[None]) -> Shows:
    """Ask for the one-time password once more, and for one's own."""
    del call
    return {"login": request.values.get("login", ""), "then": local(request.values.get("next", HOME))}


def _verified(chosen: Chosen) -> Verified:
    """Look at the one-time password; whoever has another signs in with it."""
    flaws = password_flaws("/password", plain_password(chosen.password), plain_login(chosen.login))
    if chosen.password != chosen.password_again:
        flaws += (Flaw("/password_again", "passwords_differ"),)
    if flaws:
        raise InvalidError(flaws)
    found = entrance.verified(chosen.login, chosen.current)
    if found.one_time_until is None:
        raise InvalidError((Flaw("", "password_lasting"),))
    return found


@pages.submission(
    Submission(name="choose_password", path=PAGE.path, permission=None, page=PAGE, form=ChosenForm(), before=_verified)
)
def choose_password(call: PageCall[Chosen]) -> Go:
    """Let somebody have the password they chose, and let them in."""
    known = sign_in.choose(call.work, call.ready, call.given.password)
    return Go(local(call.given.next), "said.password_chosen", token=entrance.let_in(call, known))
