"""Setting the seats of a meeting that is not open yet."""

from collections.abc import Sequence
from uuid import UUID

from service.actions.ledger import record
from service.actions.meetings.conflicts import find_conflicts
from service.actions.meetings.loading import tabled_items, taken
from service.actions.meetings.places import NewSeat, add_seats, named, require_seats
from service.core.cases.meetings import MeetingState
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.work import Work


def set_seats(work: Work, meeting_id: UUID, seats: Sequence[NewSeat]) -> MeetingRow:
    """Put seats in the place of all the old ones; whoever is bound to a case on the agenda is recused from it.

    Raises ``MeetingStateError`` once the meeting is open, ``InvalidError`` with every flaw.
    """
    row = taken(work, meeting_id, Permission.CALL_MEETINGS, MeetingState.CALLED)
    places = require_seats(work, seats)
    add_seats(work, meeting_id, places)
    data = {"version": row.version + 1} | named(places)
    row.event_id = record(work, "meeting.seats_set", "meeting", str(meeting_id), data)
    row.version += 1
    work.session.flush()
    for found in tabled_items(work, meeting_id):
        find_conflicts(work, found, places)
    return row
