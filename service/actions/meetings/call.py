"""Calling a meeting: its title, when and where it is held, and who sits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.meetings.places import NewSeat, add_seats, named, require_seats
from service.core.cases.headers import text_flaws
from service.core.cases.meetings import MeetingState
from service.core.errors import Flaw, ForbiddenError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.work import Work

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting as it is called; ``held_at`` is None where what was given cannot be read."""

    title: str
    held_at: datetime | None
    place: str | None
    seats: Sequence[NewSeat]


def call(work: Work, new: NewMeeting) -> MeetingRow:
    """Call a meeting, with its seats. Raises ``InvalidError`` with every flaw of both."""
    work.actor.require(Permission.CALL_MEETINGS)
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.CALL_MEETINGS.value)
    title, place = new.title.strip(), (new.place or "").strip() or None
    places = require_seats(work, new.seats, _flaws(title, place, new.held_at))
    meeting_id = new_id(work)
    row = MeetingRow(
        id=meeting_id,
        title=title,
        held_at=new.held_at,
        place=place,
        state=MeetingState.CALLED.value,
        called_by=work.actor.person_id,
        called_at=work.now,
        version=1,
        event_id=record(work, "meeting.called", "meeting", str(meeting_id), _data(new, title, place) | named(places)),
    )
    work.session.add(row)
    work.session.flush()
    add_seats(work, meeting_id, places)
    return row


def _flaws(title: str, place: str | None, held_at: datetime | None) -> tuple[Flaw, ...]:
    return (
        *text_flaws("/title", title, 1, LONGEST_TITLE),
        *(() if held_at is not None else (Flaw("/held_at", "member_missing"),)),
        *(() if place is None else text_flaws("/place", place, 1, LONGEST_TITLE)),
    )


def _data(new: NewMeeting, title: str, place: str | None) -> dict[str, Plain]:
    held_at = None if new.held_at is None else new.held_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"title": title, "held_at": held_at, "place": place, "to": MeetingState.CALLED.value, "version": 1}
