"""The list of meetings: those to come first."""

from collections.abc import Mapping
from typing import ClassVar, Final

from flask import request

from service.actions.meetings import schedule
from service.actions.meetings.schedule import Asked
from service.core.cases.meetings import MeetingState
from service.core.people import Permission
from service.web.forms import Choice, Form, Text, WholeNumber
from service.web.ui import home
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import voice

pages = Pages()


class AskedForm(Form):
    """Which meetings are listed."""

    makes = Asked
    neutral: ClassVar[Mapping[str, object]] = {"state": None}

    state = Choice(MeetingState, said="")
    cursor = Text()
    limit = WholeNumber()


LIST: Final = Page(
    name="meetings",
    path="/meetings",
    permission=Permission.READ_MEETINGS,
    template="meeting_list.html",
    query=AskedForm(),
    in_navigation=True,
    under=home.PAGE,
)


@pages.page(LIST)
def find_meetings(call: PageCall[Asked]) -> Shows:
    """List the meetings in sight, a page at a time."""
    work, words = call.work, voice(call.spoken).words
    found = schedule.find(work, call.given)
    return {
        "asked": call.given,
        "meetings": found.items,
        "counts": schedule.counts(work, (row.id for row in found.items)),
        "next_cursor": found.next_cursor,
        "states": [(state.value, words[f"meeting_{state}"]) for state in MeetingState],
        "filters": [(name, text) for name, text in request.args.items() if text and name in {"state", "limit"}],
        "may_call": work.actor.may(Permission.CALL_MEETINGS),
        "may_declare": work.actor.may(Permission.DECLARE_INTERESTS),
    }
