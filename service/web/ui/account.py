"""One's own account: what the service knows of oneself, and another password."""

from dataclasses import dataclass
from typing import ClassVar

from service.actions import sign_in
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.web import callers, forms
from service.web.process import runtime
from service.web.ui import home, visits
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission

pages = Pages()

PAGE = Page(
    name="account",
    path="/account",
    permission=Permission.READ_ONESELF,
    template="account.html",
    under=home.PAGE,
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """The present password, and the next one twice."""

    current: str
    password: str
    password_again: str


class PasswordsForm(forms.Form):
    """Another password."""

    makes = Passwords
    neutral: ClassVar[dict[str, object]] = {"current": "", "password": "", "password_again": ""}

    current = forms.Text(required=True)
    password = forms.Text(required=True)
    password_again = forms.Text(required=True)


@pages.page(PAGE)
def read_account(call: PageCall[None]) -> Shows:
    """Show who is signed in."""
    may_declare = call.work.actor.may(Permission.DECLARE_INTERESTS)
    return {"login": sign_in.login_of(call.work), "may_declare": may_declare}


def _counted(given: Passwords) -> None:
    """Count an attempt: whoever sits at an open session guesses no faster than anybody else."""
    if given.password != given.password_again:
        raise InvalidError((Flaw("/password_again", "passwords_differ"),))
    with runtime().work(visits.current().identify) as work:
        sign_in.attempt(work, sign_in.login_of(work), callers.address())


@pages.submission(
    Submission(
        name="change_password",
        path=PAGE.path,
        permission=Permission.KEEP_OWN_KEYS,
        page=PAGE,
        form=PasswordsForm(),
        before=_counted,
    )
)
def change_password(call: PageCall[Passwords]) -> Go:
    """Take another password; every other session ends, and this one goes on under a new token."""
    work = call.work
    sign_in.change_password(work, call.given.current, call.given.password)
    sign_in.forgive(work, sign_in.login_of(work), callers.address())
    token = sign_in.renew(work, call.spoken)
    return Go(PAGE.path, "said.password_changed", token=token)
