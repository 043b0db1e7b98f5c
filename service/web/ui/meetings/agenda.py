"""The agenda of a meeting: cases are put on it, several at once, taken off again, or pinned anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from uuid import UUID

from flask import request

from service.actions import applications, meetings
from service.core.cases.meetings import ItemState, MeetingState, require_meeting
from service.core.cases.states import State
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.web.forms import Form, Identifier, Listing, Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import AGENDA, address, around
from service.web.ui.meetings.lines import lines
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice
from service.work import Work

pages = Pages()


@dataclass(frozen=True, slots=True)
class Looked:
    """Which cases are offered: those whose names or number hold a text."""

    text: str | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases that are put on the agenda."""

    applications: Sequence[UUID]


class LookedForm(Form):
    """Which cases are offered."""

    makes = Looked

    text = Text()
    cursor = Text()


class ChosenForm(FilledForm):
    """The cases that are put on the agenda."""

    makes = Chosen
    neutral: ClassVar[Mapping[str, object]] = {"applications": ()}

    applications = Listing(Identifier())


PAGE: Final = Page(
    name="meeting_agenda",
    path="/meetings/<uuid:meeting_id>/agenda",
    permission=Permission.CALL_MEETINGS,
    template="meeting_agenda.html",
    query=LookedForm(),
    under=overview.ONE,
)


@pages.page(PAGE)
def show_agenda(call: PageCall[Looked], meeting_id: UUID, n: int = 0) -> Shows:
    """Show what is on the table, and what may be put on it until the meeting is opened; ``n`` was sent for."""
    del n
    work, speaks = call.work, voice(call.spoken)
    row = meetings.get(work, meeting_id).row
    require_meeting(MeetingState(row.state), MeetingState.CALLED, MeetingState.OPEN)
    on_table = [on for on in meetings.items(work, meeting_id) if on.item.state == ItemState.TABLED.value]
    offered = _offered(work, call.given) if row.state == MeetingState.CALLED.value else None
    return {
        **around(row, speaks, AGENDA),
        "asked": call.given,
        "lines": lines(work, on_table, speaks),
        "offered": offered,
        "filters": [(name, text) for name, text in request.args.items() if text and name == "text"],
    }


@pages.submission(
    Submission(name="table_cases", path=PAGE.path, permission=Permission.CALL_MEETINGS, page=PAGE, form=ChosenForm())
)
def table_cases(call: PageCall[Chosen], meeting_id: UUID) -> Go:
    """Put the chosen cases on the agenda in the order in which they were listed: all of them, or none."""
    chosen = dict.fromkeys(call.given.applications)
    if not chosen:
        raise InvalidError((Flaw("/applications", "member_missing"),))
    for case_id in chosen:
        try:
            meetings.table(call.work, meeting_id, case_id)
        except InvalidError as error:
            raise InvalidError(tuple(replace(flaw, pointer="/applications") for flaw in error.flaws)) from error
    return Go(address(meeting_id, AGENDA), "said.items_tabled", {"count": len(chosen)})


@pages.submission(
    Submission(name="untable_item", path=f"{PAGE.path}/<int:n>/untable", permission=Permission.CALL_MEETINGS, page=PAGE)
)
def untable_item(call: PageCall[None], meeting_id: UUID, n: int) -> Go:
    """Take an item off the agenda."""
    on = meetings.untable(call.work, meeting_id, n)
    return Go(address(meeting_id, AGENDA), "said.item_untabled", {"n": n, "number": on.case.number})


@pages.submission(
    Submission(
        name="refresh_on_agenda", path=f"{PAGE.path}/<int:n>/refresh", permission=Permission.CALL_MEETINGS, page=PAGE
    )
)
def refresh_item(call: PageCall[None], meeting_id: UUID, n: int) -> Go:
    """Pin an item anew; votes cast before are void."""
    on = meetings.refresh(call.work, meeting_id, n)
    return Go(address(meeting_id, AGENDA), "said.agenda_refreshed", {"n": n, "number": on.case.number})


def _offered(work: Work, asked: Looked) -> applications.Page[ApplicationRow]:
    """Give the cases in review, but for those that the visitor submitted: nobody tables a case of their own."""
    query = applications.Query(state=State.IN_REVIEW, text=asked.text, sort="number", cursor=asked.cursor)
    found = applications.find(work, query)
    return replace(found, items=tuple(row for row in found.items if row.submitted_by != work.actor.person_id))
