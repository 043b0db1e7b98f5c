"""Setting the seats of a meeting that is not open yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from service.actions import meetings
from service.core.cases.meetings import MeetingState, require_meeting
from service.core.errors import InvalidError
from service.core.people import Permission
from service.web.forms import Identifier
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import overview, seating
from service.web.ui.meetings.around import SEATS, address, around
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice

pages = Pages()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who sits, and who is in the chair."""

    seats: Sequence[seating.Given]
    chair: UUID | None


class ChosenForm(FilledForm):
    """The seats of a meeting."""

    makes = Chosen
    neutral: ClassVar[Mapping[str, object]] = {"seats": (), "chair": None}

    seats = seating.SEATS
    chair = Identifier()


PAGE: Final = Page(
    name="meeting_seats",
    path="/meetings/<uuid:meeting_id>/seats",
    permission=Permission.CALL_MEETINGS,
    template="meeting_seats.html",
    under=overview.ONE,
)


@pages.page(PAGE)
def show_seats(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show the seats as they stand."""
    speaks = voice(call.spoken)
    found = meetings.get(call.work, meeting_id)
    require_meeting(MeetingState(found.row.state), MeetingState.CALLED)
    return {**around(found.row, speaks, SEATS), "seating": seating.as_set(call.work, found.seats, speaks)}


@pages.submission(
    Submission(name="set_seats", path=PAGE.path, permission=Permission.CALL_MEETINGS, page=PAGE, form=ChosenForm())
)
def set_seats(call: PageCall[Chosen], meeting_id: UUID) -> Go:
    """Put the seats that were chosen in the place of the old ones."""
    given = call.given
    try:
        meetings.set_seats(call.work, meeting_id, seating.new_seats(given.seats, given.chair))
    except InvalidError as error:
        raise seating.placed(error, given.seats) from error
    return Go(address(meeting_id), "said.seats_set")
