"""Calling a meeting: filled in beforehand as far as it can be guessed, so that it takes a day and a press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import ClassVar, Final
from uuid import UUID

from service.actions import meetings
from service.actions.meetings import NewMeeting, schedule
from service.core.errors import InvalidError
from service.core.people import Permission
from service.web.forms import Day, Identifier, Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import listing, seating
from service.web.ui.meetings.around import AGENDA, address
from service.web.ui.meetings.times import Hour, moment
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice

pages = Pages()


@dataclass(frozen=True, slots=True)
class Called:
    """A meeting as it is called on the page; None for what is missing or cannot be read."""

    title: str
    day: date | None
    hour: time | None
    place: str | None
    seats: Sequence[seating.Given]
    chair: UUID | None


class CalledForm(FilledForm):
    """What a meeting is called, when and where it is held, and who sits."""

    makes = Called
    neutral: ClassVar[Mapping[str, object]] = {
        "title": "",
        "day": None,
        "hour": None,
        "place": None,
        "seats": (),
        "chair": None,
    }

    title = Text()
    day = Day()
    hour = Hour()
    place = Text()
    seats = seating.SEATS
    chair = Identifier()


NEW: Final = Page(
    name="meeting_new",
    path="/meetings/new",
    permission=Permission.CALL_MEETINGS,
    template="meeting_new.html",
    under=listing.LIST,
)


@pages.page(NEW)
def prepare(call: PageCall[None]) -> Shows:
    """Show the form, filled in with what the next meeting is likely to be like."""
    speaks, usual = voice(call.spoken), schedule.usual(call.work)
    return {
        "usual": usual,
        "usual_title": speaks.say("meetings.usual_title", year=usual.year, n=usual.n),
        "seating": seating.for_all(call.work, speaks),
    }


@pages.submission(
    Submission(name="call_meeting", path=NEW.path, permission=Permission.CALL_MEETINGS, page=NEW, form=CalledForm())
)
def call_meeting(call: PageCall[Called]) -> Go:
    """Call the meeting, and go on to its agenda."""
    given = call.given
    held_at = moment(given.day, given.hour, call.work.settings.time_zone)
    new = NewMeeting(given.title, held_at, given.place, seating.new_seats(given.seats, given.chair))
    try:
        row = meetings.call(call.work, new)
    except InvalidError as error:
        raise _placed(seating.placed(error, given.seats), given) from error
    return Go(address(row.id, AGENDA), "said.meeting_called", {"title": row.title})


def _placed(error: InvalidError, given: Called) -> InvalidError:
    """Let what is wrong with the moment point at the half of it that is missing."""
    half = "/hour" if given.day is not None and given.hour is None else "/day"
    flaws = (replace(flaw, pointer=half) if flaw.pointer == "/held_at" else flaw for flaw in error.flaws)
    return InvalidError(tuple(flaws))
