"""A meeting as it stands: when and where it is held, who sits, what is on its agenda, and what comes next."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from service.actions import meetings, rulebooks
from service.actions.meetings import OnTable
from service.actions.meetings.agendas import named
from service.actions.meetings.attendance import deputies, quorum
from service.actions.meetings.standing import day_of
from service.actions.rulebooks import NoRulebookInForceError
from service.core.cases.bylaws import NoBylawsError, VotingRoleUnknownError
from service.core.cases.meetings import ItemState, MeetingState
from service.core.cases.seats import Quorum
from service.core.people import Permission
from service.db.meetings import MeetingRow, SeatRow
from service.web.ui.meetings import listing
from service.web.ui.meetings.around import OVERVIEW, around, ways
from service.web.ui.meetings.lines import lines, seat_lines
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import Voice, voice
from service.work import Work

pages = Pages()

ONE: Final = Page(
    name="meeting",
    path="/meetings/<uuid:meeting_id>",
    permission=Permission.READ_MEETINGS,
    template="meeting.html",
    under=listing.LIST,
)


@pages.page(ONE)
def read_meeting(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show a meeting, with those of its items that are for the visitor's eyes."""
    work, speaks = call.work, voice(call.spoken)
    found, items = meetings.get(work, meeting_id), meetings.items(work, meeting_id)
    row, on_agenda = found.row, [on for on in items if on.item.state != ItemState.UNTABLED.value]
    sha256, told = row.rulebook_sha256, lines(work, on_agenda, speaks)
    return {
        **around(row, speaks, OVERVIEW),
        "next": _next(work, row, on_agenda, speaks),
        "may_table": row.state == MeetingState.CALLED.value and work.actor.may(Permission.CALL_MEETINGS),
        "ways": ways(work, row, speaks, outdated=any(line.outdated for line in told)),
        "unvoted": meetings.unvoted(work, meeting_id),
        "called_by": named(work, [row.called_by])[row.called_by].name,
        "edition": None if sha256 is None else rulebooks.edition(work, sha256).rulebook,
        "seats": seat_lines(work, found.seats, _deputies(work, row, found.seats)),
        "quorum": _quorum(work, row, found.seats),
        "lines": told,
        "off": [on for on in items if on.item.state == ItemState.UNTABLED.value],
    }


def _next(work: Work, row: MeetingRow, items: Sequence[OnTable], speaks: Voice) -> str:
    """Say what comes next."""
    if row.state == MeetingState.OPEN.value:
        undecided = sum(on.item.state == ItemState.TABLED.value for on in items)
        return speaks.say("meetings.next_decide", count=undecided) if undecided else speaks.say("meetings.next_close")
    if row.state != MeetingState.CALLED.value:
        return speaks.say(f"meetings.next_{row.state}")
    if not items:
        may_table = work.actor.may(Permission.CALL_MEETINGS)
        return speaks.say("meetings.next_fill" if may_table else "meetings.next_empty")
    day = speaks.day(day_of(work, row))
    return speaks.say("meetings.next_wait", day=day) if row.held_at > work.now else speaks.say("meetings.next_open")


def _deputies(work: Work, row: MeetingRow, seats: Sequence[SeatRow]) -> Mapping[UUID, Sequence[UUID]] | None:
    """Give who may sit for whom on the day of a meeting that is not open yet, to those who run it."""
    if row.state != MeetingState.CALLED.value or not work.actor.may(Permission.RUN_MEETINGS):
        return None
    try:
        return deputies(work, row, seats, day_of(work, row))
    except _NO_BYLAWS:
        return None


def _quorum(work: Work, row: MeetingRow, seats: Sequence[SeatRow]) -> Quorum | None:
    """Say how many are needed; None where no rules that are in force say so."""
    try:
        return quorum(work, row, seats)
    except _NO_BYLAWS:
        return None


_NO_BYLAWS: Final = (NoBylawsError, VotingRoleUnknownError, NoRulebookInForceError)
