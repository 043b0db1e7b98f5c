"""Interests: firms that somebody is bound to, declared by themselves and seen by nobody else."""

from collections.abc import Mapping
from typing import ClassVar, Final

from service.actions import interests
from service.core.people import Permission
from service.web.api.interests import NewInterest
from service.web.forms import Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import listing
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission

pages = Pages()


class DeclaredForm(FilledForm):
    """The firm somebody is bound to."""

    makes = NewInterest
    neutral: ClassVar[Mapping[str, object]] = {"credit_code": ""}

    credit_code = Text()


PAGE: Final = Page(
    name="interests",
    path="/interests",
    permission=Permission.DECLARE_INTERESTS,
    template="meeting_interests.html",
    under=listing.LIST,
)


@pages.page(PAGE)
def find_interests(call: PageCall[None]) -> Shows:
    """List one's own interests, and take another one."""
    return {"interests": interests.find(call.work)}


@pages.submission(
    Submission(
        name="declare_interest",
        path=PAGE.path,
        permission=Permission.DECLARE_INTERESTS,
        page=PAGE,
        form=DeclaredForm(),
    )
)
def declare(call: PageCall[NewInterest]) -> Go:
    """Declare an interest."""
    interests.declare(call.work, call.given.credit_code)
    return Go(PAGE.path, "said.interest_declared")
