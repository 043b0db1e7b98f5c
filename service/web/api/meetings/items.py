"""The endpoints of the items of a meeting: tabling, recusing, voting, deciding, reading."""

from collections.abc import Sequence
from uuid import UUID

from service.actions import meetings
from service.actions.meetings import Ballot, OnTable, Ruling
from service.actions.meetings.decide import ItemOutdatedError
from service.actions.meetings.open import NoQuorumError
from service.actions.meetings.recuse import AlreadyRecusedError
from service.core.cases.bylaws import NoOverrideError
from service.core.cases.deciding import OverrideForbiddenError, OverrideNeededError, OverrideNotCarriedError
from service.core.cases.meetings import ItemSettledError, MeetingStateError, NoSeatError
from service.core.cases.sight import OwnCaseError
from service.core.cases.states import IllegalMoveError
from service.core.people import Permission
from service.db.meetings import DecisionRow, RecusalRow, VoteRow
from service.web.api.meetings.endpoints import ONE, routes
from service.web.api.meetings.examples import RECUSAL, RULING, TABLED, VOTE
from service.web.api.meetings.forms import NewRecusalForm, NewVoteForm, Recused, RulingForm, Tabled, TabledForm, Vote
from service.web.api.meetings.views import (
    BallotView,
    DecisionView,
    ItemShown,
    ItemView,
    PinnedAssessment,
    PinnedAssessmentView,
    RecusalView,
    VoteView,
    pinned_assessments,
)
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.views import Listed, Plain

_ALL = f"{ONE}/items"
_ITEM = f"{_ALL}/<int:n>"
_SHOWN = ItemShown()
_NOTHING = FormBody(Empty(), optional=True)
_STATES = (MeetingStateError, ItemSettledError)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.CALL_MEETINGS,
        title=("申报上会", "Table an application"),
        body=FormBody(TabledForm(), examples=TABLED),
        renders=_SHOWN,
        status=201,
        repeatable=True,
        refuses=(MeetingStateError, IllegalMoveError, OwnCaseError),
    )
)
def table_application(call: Call[Tabled], meeting_id: UUID) -> OnTable:
    """Put an application that is in review on the agenda; its version and both assessments are pinned here."""
    return meetings.table(call.work, meeting_id, call.given.application)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_MEETINGS,
        title=("查看议程", "Read the agenda"),
        renders=Listed(ItemView()),
    )
)
def find_items(call: Call[None], meeting_id: UUID) -> Sequence[OnTable]:
    """List the items under their numbers. Those you have no part in are left out; no number changes for that."""
    return meetings.items(call.work, meeting_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ITEM,
        permission=Permission.READ_MEETINGS,
        title=("查看上会项目", "Read an item"),
        renders=_SHOWN,
    )
)
def get_item(call: Call[None], meeting_id: UUID, n: int) -> OnTable:
    """Read an item, with what was decided; its ETag is what a change of it needs in If-Match."""
    return meetings.item(call.work, meeting_id, n)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ITEM}/assessments",
        permission=Permission.READ_MEETINGS,
        title=("查看上会评价", "Read the pinned assessments"),
        renders=Listed(PinnedAssessmentView()),
    )
)
def get_item_assessments(call: Call[None], meeting_id: UUID, n: int) -> Sequence[PinnedAssessment]:
    """Read the assessments an item was tabled with: as declared, and as far as verified."""
    return pinned_assessments(meetings.item(call.work, meeting_id, n), call.spoken)


def _change(verb: str, title: tuple[str, str]) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"{_ITEM}/{verb}",
        permission=Permission.CALL_MEETINGS,
        title=title,
        body=_NOTHING,
        renders=_SHOWN,
        needs_version=True,
        repeatable=True,
        refuses=_STATES,
    )


@routes.endpoint(_change("untable", ("撤下会议", "Take an item off the agenda")))
def untable_item(call: Call[Nothing], meeting_id: UUID, n: int) -> OnTable:
    """Take an item off the agenda of a meeting that is not open yet; the application is in review again."""
    return meetings.untable(call.work, meeting_id, n)


@routes.endpoint(_change("refresh", ("重新载入评价", "Pin an item anew")))
def refresh_item(call: Call[Nothing], meeting_id: UUID, n: int) -> OnTable:
    """Pin both assessments anew, as papers and waivers stand now. Votes cast before are void."""
    return meetings.refresh(call.work, meeting_id, n)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ITEM}/recusals",
        permission=Permission.RECUSE,
        title=("回避", "Recuse"),
        body=FormBody(NewRecusalForm(), examples=RECUSAL, optional=True),
        renders=Plain(RecusalView()),
        status=201,
        repeatable=True,
        refuses=(*_STATES, NoSeatError, AlreadyRecusedError),
    )
)
def recuse(call: Call[Recused], meeting_id: UUID, n: int) -> RecusalRow:
    """Take yourself out of an item; whoever sits in the chair may take out another, with a reason.

    The seat leaves the denominator, and the application is no longer there for whoever is recused.
    """
    return meetings.recuse(call.work, meeting_id, n, call.given.person, call.given.reason)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ITEM}/recusals",
        permission=Permission.READ_MEETINGS,
        title=("查看回避情况", "Read the recusals"),
        renders=Listed(RecusalView()),
    )
)
def find_recusals(call: Call[None], meeting_id: UUID, n: int) -> Sequence[RecusalRow]:
    """List who has no part in an item, and how that came about."""
    return meetings.recusals(call.work, meeting_id, n)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ITEM}/votes",
        permission=Permission.VOTE,
        title=("表决", "Vote"),
        body=FormBody(NewVoteForm(), examples=VOTE),
        renders=Plain(VoteView()),
        repeatable=True,
        refuses=(*_STATES, NoSeatError),
    )
)
def vote(call: Call[Vote], meeting_id: UUID, n: int) -> VoteRow:
    """Cast the vote of the seat you sit on, or change it as long as the item is not decided."""
    return meetings.vote(call.work, meeting_id, n, call.given.choice, call.given.reason)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ITEM}/votes",
        permission=Permission.READ_MEETINGS,
        title=("查看表决情况", "Read the votes"),
        renders=Listed(BallotView()),
    )
)
def find_votes(call: Call[None], meeting_id: UUID, n: int) -> Sequence[Ballot]:
    """List the seats that vote: whether they did, and once the item is decided, how and why."""
    return meetings.votes(call.work, meeting_id, n)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ITEM}/decide",
        permission=Permission.DECIDE_ITEMS,
        title=("作出决定", "Decide an item"),
        body=FormBody(RulingForm(), examples=RULING, optional=True),
        renders=Plain(DecisionView()),
        needs_version=True,
        repeatable=True,
        proven=True,
        refuses=(
            *_STATES,
            ItemOutdatedError,
            NoQuorumError,
            NoOverrideError,
            OverrideForbiddenError,
            OverrideNeededError,
            OverrideNotCarriedError,
        ),
    )
)
def decide(call: Call[Ruling], meeting_id: UUID, n: int) -> DecisionRow:
    """Count the votes by the bylaws and record what they carry, once.

    Better than the verified assessment takes `override`, the majority and the reason that the bylaws ask for, and is
    refused outright where a gate of law is failed or not shown to hold.
    """
    return meetings.decide(call.work, meeting_id, n, call.given)
