"""The endpoints of meetings as a whole: calling, seats, opening, closing, cancelling, reading."""

from uuid import UUID

from service.actions import meetings
from service.actions.applications import Page
from service.actions.meetings import NewMeeting, Query, Seated
from service.actions.meetings.close import NoPartError
from service.actions.meetings.open import NoQuorumError
from service.actions.rulebooks import NoRulebookInForceError
from service.core.cases.bylaws import NoBylawsError, VotingRoleUnknownError
from service.core.cases.meetings import MeetingStateError, SeatsOutdatedError
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.web.api.applications.forms import Reason, ReasonForm
from service.web.api.meetings.examples import CANCELLING, CLOSING, MEETING, PRESENT, SEATS
from service.web.api.meetings.forms import (
    Because,
    BecauseForm,
    MeetingQueryForm,
    NewMeetingForm,
    Present,
    PresentForm,
    Seats,
    SeatsForm,
)
from service.web.api.meetings.views import ALL, MeetingSummaryView, MeetingView
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.routes import PREFIX, Routes
from service.web.views import Paged, Versioned

ONE = f"{ALL}/<uuid:meeting_id>"

_MEETING = Versioned(MeetingView(), PREFIX + ALL)
_BYLAWS = (NoBylawsError, VotingRoleUnknownError, NoRulebookInForceError)

routes = Routes("meetings", ("评审会议", "Review meetings"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=ALL,
        permission=Permission.CALL_MEETINGS,
        title=("召集会议", "Call a meeting"),
        body=FormBody(NewMeetingForm(), examples=MEETING),
        renders=_MEETING,
        status=201,
        repeatable=True,
        refuses=_BYLAWS,
    )
)
def call_meeting(call: Call[NewMeeting]) -> Seated:
    """Call a meeting with its seats. Exactly one seat is the chair's; who votes holds a role that votes."""
    return meetings.seated(call.work, meetings.call(call.work, call.given))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=ALL,
        permission=Permission.READ_MEETINGS,
        title=("查询会议", "Find meetings"),
        query=MeetingQueryForm(),
        renders=Paged(MeetingSummaryView()),
    )
)
def find_meetings(call: Call[Query]) -> Page[MeetingRow]:
    """List the meetings you may see, the one called last first; members see those they have a seat at."""
    return meetings.find(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=ONE,
        permission=Permission.READ_MEETINGS,
        title=("查看会议", "Read a meeting"),
        renders=_MEETING,
    )
)
def get_meeting(call: Call[None], meeting_id: UUID) -> Seated:
    """Read a meeting with its seats; its ETag is what a change of it needs in If-Match."""
    return meetings.get(call.work, meeting_id)


@routes.endpoint(
    Endpoint(
        method="PUT",
        path=f"{ONE}/seats",
        permission=Permission.CALL_MEETINGS,
        title=("调整席位", "Replace the seats"),
        body=FormBody(SeatsForm(), examples=SEATS),
        renders=_MEETING,
        needs_version=True,
        refuses=(MeetingStateError, *_BYLAWS),
    )
)
def set_seats(call: Call[Seats], meeting_id: UUID) -> Seated:
    """Put new seats in the place of all the old ones of a meeting that is not open yet."""
    return meetings.seated(call.work, meetings.set_seats(call.work, meeting_id, call.given.seats))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/open",
        permission=Permission.RUN_MEETINGS,
        title=("开会", "Open a meeting"),
        body=FormBody(PresentForm(), examples=PRESENT),
        renders=_MEETING,
        needs_version=True,
        repeatable=True,
        refuses=(MeetingStateError, NoQuorumError, SeatsOutdatedError, *_BYLAWS),
    )
)
def open_meeting(call: Call[Present], meeting_id: UUID) -> Seated:
    """Open a meeting with those present; seats, agenda and bylaws stay as they are from now on.

    Whoever is bound to a case is recused from it. Below the quorum nothing is opened.
    """
    return meetings.seated(call.work, meetings.open_(call.work, meeting_id, call.given.present))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/close",
        permission=Permission.CLOSE_MEETINGS,
        title=("闭会", "Close a meeting"),
        body=FormBody(BecauseForm(), examples=CLOSING, optional=True),
        renders=_MEETING,
        needs_version=True,
        repeatable=True,
        refuses=(MeetingStateError, NoPartError),
    )
)
def close_meeting(call: Call[Because], meeting_id: UUID) -> Seated:
    """Close an open meeting; what is not decided is carried over, with a reason."""
    return meetings.seated(call.work, meetings.close(call.work, meeting_id, call.given.reason))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{ONE}/cancel",
        permission=Permission.CALL_MEETINGS,
        title=("取消会议", "Cancel a meeting"),
        body=FormBody(ReasonForm(), examples=CANCELLING),
        renders=_MEETING,
        needs_version=True,
        repeatable=True,
        refuses=(MeetingStateError, NoPartError),
    )
)
def cancel_meeting(call: Call[Reason], meeting_id: UUID) -> Seated:
    """Cancel a meeting that is not open yet, with a reason; the applications on its agenda are in review again."""
    return meetings.seated(call.work, meetings.cancel(call.work, meeting_id, call.given.reason))
