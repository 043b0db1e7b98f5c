"""The pages of people: the list, and somebody who is added, with a password that is shown once."""

from dataclasses import dataclass
from typing import ClassVar, Final

from flask import request

from service.actions import people
from service.core.people import Permission, Role
from service.web.api.people.forms import PeopleQueryForm
from service.web.forms import Choice, Listing, Text
from service.web.ui.admin import overview
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Once, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice

_FILTERS: Final = frozenset(PeopleQueryForm().fields) - {"cursor"}

pages = Pages()

LIST: Final = Page(
    name="people",
    path="/people",
    permission=Permission.MANAGE_PEOPLE,
    template="admin_people.html",
    query=PeopleQueryForm(),
    under=overview.PAGE,
)
NEW: Final = Page(
    name="person_new",
    path="/people/new",
    permission=Permission.MANAGE_PEOPLE,
    template="admin_person_new.html",
    under=LIST,
)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who somebody is, what they are to the service, and under which name they sign in, if they do."""

    name: str
    roles: tuple[Role, ...]
    department: str | None
    login: str | None


class NewPersonForm(FilledForm):
    """Somebody to be added."""

    makes = NewPerson
    neutral: ClassVar[dict[str, object]] = {"name": "", "roles": (), "department": None, "login": None}

    name = Text(required=True)
    roles = Listing(Choice(Role, said=""))
    department = Text()
    login = Text()


@pages.page(LIST)
def find_people(call: PageCall[people.Query]) -> Shows:
    """List people, the latest first, a page at a time."""
    found, speaks = people.page(call.work, call.given), voice(call.spoken)
    return {
        "query": call.given,
        "items": found.items,
        "next_cursor": found.next_cursor,
        "roles": [(role.value, speaks.say(f"role_{role}")) for role in Role],
        "states": [("false", speaks.say("staff.present")), ("true", speaks.say("staff.erased"))],
        "state": {None: "", True: "true", False: "false"}[call.given.erased],
        "filters": [(name, text) for name, text in request.args.items() if text and name in _FILTERS],
    }


@pages.page(NEW)
def prepare(call: PageCall[None]) -> Shows:
    """Ask who somebody is."""
    return {"roles": offered(voice(call.spoken))}


@pages.submission(
    Submission(name="add_person", path=NEW.path, permission=Permission.MANAGE_PEOPLE, page=NEW, form=NewPersonForm())
)
def add(call: PageCall[NewPerson]) -> Go | Once:
    """Add somebody; whoever is to sign in is given a password that is shown this once."""
    new = call.given
    known = people.add(call.work, new.name, new.roles, new.department, login=new.login)
    if new.login is None:
        return Go(f"/people/{known.id}", "said.person_added", {"name": known.name})
    made = people.give_password(call.work, known.id)
    title = voice(call.spoken).say("staff.added", name=known.name)
    return Once(NEW, "admin_password.html", {"title": title, "made": made, "person": known.id})


def offered(speaks: Voice) -> list[tuple[str, str, str]]:
    """Give the roles somebody may hold: value, word, and what they are for."""
    return [(role.value, speaks.say(f"role_{role}"), speaks.say(f"staff.role_{role}")) for role in Role]
