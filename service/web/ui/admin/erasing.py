"""Erasing a person: what is lost, what stays, and a confirmation that nobody types by mistake."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from service.actions import people
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.web.forms import Text
from service.web.ui.admin import person
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice

pages = Pages()

PAGE: Final = Page(
    name="person_erase",
    path=f"{person.ONE.path}/erase",
    permission=Permission.MANAGE_PEOPLE,
    template="admin_erase.html",
    under=person.ONE,
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The name of whoever is to be erased, typed once more."""

    name: str


class ConfirmedForm(FilledForm):
    """A confirmation."""

    makes = Confirmed
    neutral: ClassVar[dict[str, object]] = {"name": ""}

    name = Text(required=True)


@pages.page(PAGE)
def prepare(call: PageCall[None], person_id: UUID) -> Shows:
    """Say what is lost and what stays. Raises what erasing would."""
    known = people.get(call.work, person_id)
    if known.is_erased:
        raise people.AlreadyErasedError
    return {
        "title": voice(call.spoken).say("staff.erase_whom", name=known.person.name),
        "known": known,
        "keys": len(people.find_keys(call.work, person_id)),
        "identities": len(people.find_identities(call.work, person_id)),
    }


@pages.submission(
    Submission(
        name="erase_person", path=PAGE.path, permission=Permission.MANAGE_PEOPLE, page=PAGE, form=ConfirmedForm()
    )
)
def erase(call: PageCall[Confirmed], person_id: UUID) -> Go:
    """Erase what names somebody, once their name was typed."""
    known = people.get(call.work, person_id)
    if not known.is_erased and call.given.name.strip() != known.person.name:
        raise InvalidError((Flaw("/name", "name_differs"),))
    people.erase(call.work, person_id)
    return Go(f"/people/{person_id}", "said.person_erased")
