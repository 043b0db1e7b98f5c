"""Opening a meeting with those who are there, closing it, cancelling it: each on a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from uuid import UUID

from service.actions import meetings
from service.actions.meetings.attendance import deputies, quorum
from service.core.cases.meetings import ItemState, MeetingState, require_meeting
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.web.api.applications.forms import Reason
from service.web.forms import Identifier, Listing, Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import CANCEL, CLOSE, OPEN, address, around
from service.web.ui.meetings.lines import SeatLine, seat_lines
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice

pages = Pages()


@dataclass(frozen=True, slots=True)
class Present:
    """Who is there."""

    present: Sequence[UUID]


class PresentForm(FilledForm):
    """Who is there: people of seats, and their deputies."""

    makes = Present
    neutral: ClassVar[Mapping[str, object]] = {"present": ()}

    present = Listing(Identifier())


class ReasonForm(FilledForm):
    """A reason; whether one is due, the deed knows."""

    makes = Reason
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text()


def _page(part: str, permission: Permission, template: str = "meeting_end.html") -> Page:
    return Page(
        name=f"meeting_{part}",
        path=f"/meetings/<uuid:meeting_id>/{part}",
        permission=permission,
        template=template,
        under=overview.ONE,
    )


OPENING: Final = _page(OPEN, Permission.RUN_MEETINGS, "meeting_open.html")
CLOSING: Final = _page(CLOSE, Permission.CLOSE_MEETINGS)
CANCELLING: Final = _page(CANCEL, Permission.CALL_MEETINGS)


@pages.page(OPENING)
def prepare_opening(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show who is expected, and how many have to be there."""
    work = call.work
    found = meetings.get(work, meeting_id)
    require_meeting(MeetingState(found.row.state), MeetingState.CALLED)
    speaks = voice(call.spoken)
    seats = seat_lines(work, found.seats, deputies(work, found.row, found.seats, work.today))
    return {
        **around(found.row, speaks, OPEN),
        "seats": seats,
        "substitutes": _substitutes(seats, speaks),
        "quorum": quorum(work, found.row, found.seats),
        "items": meetings.items(work, meeting_id),
    }


@pages.submission(
    Submission(
        name="open_meeting", path=OPENING.path, permission=Permission.RUN_MEETINGS, page=OPENING, form=PresentForm()
    )
)
def open_meeting(call: PageCall[Present], meeting_id: UUID) -> Go:
    """Open the meeting with those who are there."""
    present = call.given.present
    try:
        row = meetings.open_(call.work, meeting_id, present)
    except InvalidError as error:
        raise InvalidError(tuple(_moved(flaw, present) for flaw in error.flaws)) from error
    return Go(address(meeting_id), "said.meeting_opened", {"title": row.title})


@pages.page(CLOSING)
def prepare_closing(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show what is not decided yet, and would be carried over."""
    return _ending(call, meeting_id, CLOSE, MeetingState.OPEN)


@pages.submission(
    Submission(
        name="close_meeting", path=CLOSING.path, permission=Permission.CLOSE_MEETINGS, page=CLOSING, form=ReasonForm()
    )
)
def close_meeting(call: PageCall[Reason], meeting_id: UUID) -> Go:
    """Close the meeting."""
    row = meetings.close(call.work, meeting_id, call.given.reason)
    return Go(address(meeting_id), "said.meeting_closed", {"title": row.title})


@pages.page(CANCELLING)
def prepare_cancelling(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show what would be taken off the agenda."""
    return _ending(call, meeting_id, CANCEL, MeetingState.CALLED)


@pages.submission(
    Submission(
        name="cancel_meeting",
        path=CANCELLING.path,
        permission=Permission.CALL_MEETINGS,
        page=CANCELLING,
        form=ReasonForm(),
    )
)
def cancel_meeting(call: PageCall[Reason], meeting_id: UUID) -> Go:
    """Cancel the meeting."""
    row = meetings.cancel(call.work, meeting_id, call.given.reason)
    return Go(address(meeting_id), "said.meeting_cancelled", {"title": row.title})


def _ending(call: PageCall[None], meeting_id: UUID, part: str, wanted: MeetingState) -> Shows:
    row = meetings.get(call.work, meeting_id).row
    require_meeting(MeetingState(row.state), wanted)
    left = [on for on in meetings.items(call.work, meeting_id) if on.item.state == ItemState.TABLED.value]
    return {**around(row, voice(call.spoken), part), "left": left}


def _substitutes(seats: Sequence[SeatLine], speaks: Voice) -> list[tuple[UUID, str, str]]:
    """Give everybody who may sit for somebody, once, with those they may sit for."""
    names = {person: name for seat in seats for person, name in seat.may}
    return [
        (person, name, speaks.joined([seat.name for seat in seats if (person, name) in seat.may]))
        for person, name in names.items()
    ]


def _moved(flaw: Flaw, present: Sequence[UUID]) -> Flaw:
    """Let a flaw point at whoever it is about."""
    at = flaw.pointer.removeprefix("/present/")
    return replace(flaw, pointer=f"/present-{present[int(at)]}") if at.isdecimal() else flaw
