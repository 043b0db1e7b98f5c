"""Deputies: who sits for whom, from when to when; appointed and revoked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from flask import request

from service.actions import deputies
from service.actions.deputies import NewDeputy, Query
from service.actions.meetings import schedule
from service.actions.meetings.agendas import named
from service.actions.meetings.attendance import sitters
from service.core.cases.meetings import MeetingState
from service.core.people import Permission, Role
from service.db.meetings import DeputyRow
from service.web.api.deputies import DeputyQueryForm
from service.web.forms import Day, Identifier, Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import listing
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice
from service.work import Work

_MOST_MEETINGS: Final = 200

pages = Pages()


class NewDeputyForm(FilledForm):
    """Who sits for whom, from when to when."""

    makes = NewDeputy
    neutral: ClassVar[Mapping[str, object]] = {
        "person": None,
        "deputy": None,
        "from_on": None,
        "to_on": None,
        "meeting": None,
        "reason": "",
    }

    person = Identifier()
    deputy = Identifier()
    from_on = Day()
    to_on = Day()
    meeting = Identifier()
    reason = Text()


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment in words; ``state`` is how it stands today."""

    row: DeputyRow
    person: str
    deputy: str
    by: str
    meeting: str
    state: str
    may_revoke: bool


PAGE: Final = Page(
    name="deputies",
    path="/deputies",
    permission=Permission.READ_MEETINGS,
    template="meeting_deputies.html",
    query=DeputyQueryForm(),
    under=listing.LIST,
)


@pages.page(PAGE)
def find_deputies(call: PageCall[Query], deputy_id: UUID | None = None) -> Shows:
    """List the appointments in sight, and let the visitor make one; ``deputy_id`` was sent for."""
    del deputy_id
    work = call.work
    found = deputies.find(work, call.given)
    may_appoint = work.actor.may(Permission.APPOINT_DEPUTIES)
    people = [(str(one.id), one.name, one.votes) for one in sitters(work)] if may_appoint else []
    me = str(work.actor.person_id)
    return {
        "asked": call.given,
        "lines": _lines(work, found.items, call.spoken),
        "next_cursor": found.next_cursor,
        "filters": [(name, text) for name, text in request.args.items() if text and name == "limit"],
        "may_appoint": may_appoint,
        "for_others": [(one, name) for one, name, _ in people if one != me] if Role.CHAIR in work.actor.roles else [],
        "people": [
            (one, name) for one, name, votes in people if votes and (one != me or Role.CHAIR in work.actor.roles)
        ],
        "meetings": _meetings(work) if may_appoint else [],
    }


@pages.submission(
    Submission(
        name="appoint_deputy",
        path=PAGE.path,
        permission=Permission.APPOINT_DEPUTIES,
        page=PAGE,
        form=NewDeputyForm(),
    )
)
def appoint(call: PageCall[NewDeputy]) -> Go:
    """Appoint a deputy."""
    deputies.appoint(call.work, call.given)
    return Go(PAGE.path, "said.deputy_appointed")


@pages.submission(
    Submission(
        name="revoke_deputy",
        path=f"{PAGE.path}/<uuid:deputy_id>/revoke",
        permission=Permission.APPOINT_DEPUTIES,
        page=PAGE,
    )
)
def revoke(call: PageCall[None], deputy_id: UUID) -> Go:
    """End an appointment."""
    deputies.revoke(call.work, deputy_id)
    return Go(PAGE.path, "said.deputy_revoked")


def _lines(work: Work, rows: Sequence[DeputyRow], spoken: str) -> list[Line]:
    speaks = voice(spoken)
    names = named(work, (one for row in rows for one in (row.person_id, row.deputy_id, row.appointed_by)))
    titles = schedule.titles(work, (row.meeting_id for row in rows))
    any_, one = speaks.say("deputies.any_meeting"), speaks.say("deputies.one_meeting")
    return [
        Line(
            row,
            person=names[row.person_id].name,
            deputy=names[row.deputy_id].name,
            by=names[row.appointed_by].name,
            meeting=any_ if row.meeting_id is None else titles.get(row.meeting_id, one),
            state=_state(work, row),
            may_revoke=_may_revoke(work, row),
        )
        for row in rows
    ]


def _state(work: Work, row: DeputyRow) -> str:
    """Say how an appointment stands today."""
    if row.revoked_at is not None:
        return "revoked"
    if row.to_on < work.today:
        return "over"
    return "coming" if work.today < row.from_on else "running"


def _may_revoke(work: Work, row: DeputyRow) -> bool:
    """Whether the visitor may end an appointment that still means something."""
    if not work.actor.may(Permission.APPOINT_DEPUTIES) or _state(work, row) in {"revoked", "over"}:
        return False
    return Role.CHAIR in work.actor.roles or work.actor.person_id in (row.person_id, row.appointed_by)


def _meetings(work: Work) -> list[tuple[str, str]]:
    """Give the meetings in sight that are not open yet."""
    found = schedule.find(work, schedule.Asked(MeetingState.CALLED, limit=_MOST_MEETINGS))
    return [(str(row.id), row.title) for row in found.items]
