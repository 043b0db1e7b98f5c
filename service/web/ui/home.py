"""The home page: what waits for whoever is signed in, what of it is late, and what else they may begin with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from flask import current_app

from service.actions import accountability
from service.core.cases.waiting import Waiting, Waits
from service.core.people import Actor, Permission
from service.web.ui.addresses import HOME
from service.web.ui.pages import Page, PageCall, Pages, Shows, declared
from service.web.ui.voice import Voice, voice

pages = Pages()

PAGE = Page(name="home", path=HOME, permission=Permission.READ_ONESELF, template="home.html", in_navigation=True)

_CASE: Final = "/cases/{id}"
# Where what waits is done; on the first page of a case for all else. What lies on a table is done there.
_PLACES: Final[Mapping[Waits, str]] = MappingProxyType(
    {
        Waits.SUPPLEMENT: f"{_CASE}/edit",
        Waits.DRAFT: f"{_CASE}/edit",
        Waits.OPINION: f"{_CASE}/opinions",
        Waits.PAPERS: f"{_CASE}/evidence",
        Waits.OPEN: "/meetings/{id}",
        Waits.RELEASE: "/rules/proposals/{id}",
    }
)
# Pages with which work begins, by their names, for whoever may read them.
_STEPS: Final = (
    *("apply", "import", "cases", "meeting_new", "meetings", "interests", "deputies"),
    *("rules", "accountability", "ledger", "people", "webhooks", "settings"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that waits, where it is done, and how its day stands."""

    of: Waiting
    address: str
    left: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something one may begin with: a page, what it is called, and what is done there."""

    address: str
    label: str
    about: str


@pages.page(PAGE)
def home(call: PageCall[None]) -> Shows:
    """List what waits, what is late first, and what else one may begin with."""
    speaks, today = voice(call.spoken), call.work.today
    things = [Thing(one, _address(one), _left(one.due_on, today, speaks)) for one in accountability.mine(call.work)]
    return {
        "late": [one for one in things if one.of.late],
        "waiting": [one for one in things if not one.of.late],
        "today": today,
        "steps": list(_steps(call.work.actor, speaks)),
    }


def _address(one: Waiting) -> str:
    """Say where what waits is done."""
    if one.table is not None:
        meeting, n = one.table
        return f"/meetings/{meeting}/items/{n}"
    return _PLACES.get(one.why, _CASE).format(id=one.id)


def _left(due_on: date | None, today: date, speaks: Voice) -> str:
    """Say how many days are left, or have passed."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return speaks.say("due.today")
    what, count = ("left", days) if days > 0 else ("late", -days)
    return speaks.say(f"due.{what}{'_one' if count == 1 else ''}", days=count)


def _steps(actor: Actor, speaks: Voice) -> Iterator[Step]:
    known = {page.name: page for page in declared(current_app).values() if isinstance(page, Page)}
    for page in (known[name] for name in _STEPS if name in known):
        if page.permission is not None and actor.may(page.permission):
            yield Step(page.path, speaks.words[f"page.{page.name}"], speaks.say(f"step.{page.name}"))
