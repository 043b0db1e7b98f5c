"""Cancelling a meeting that is not open yet: whatever is on its agenda goes back into review."""

from uuid import UUID

from service.actions.ledger import record
from service.actions.meetings.close import require_part
from service.actions.meetings.items import leave
from service.actions.meetings.loading import tabled_items, taken
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import ItemState, MeetingState
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.work import Work


def cancel(work: Work, meeting_id: UUID, reason: str) -> MeetingRow:
    """Cancel a meeting that was called, and take every item off its agenda; nothing is done at it any more.

    Raises ``NoPartError`` for whoever is recused from an item, or submitted its case; ``InvalidError``.
    """
    row = taken(work, meeting_id, Permission.CALL_MEETINGS, MeetingState.CALLED)
    left = tabled_items(work, meeting_id)
    require_part(work, left)
    said = reason.strip()
    flaws = reason_flaws(said)
    if flaws:
        raise InvalidError(flaws)
    for on in left:
        leave(work, on, ItemState.UNTABLED, said)
    row.state = MeetingState.CANCELLED.value
    row.version += 1
    data: dict[str, Plain] = {
        "from": MeetingState.CALLED.value,
        "to": row.state,
        "version": row.version,
        "reason": said,
        "untabled": tuple(on.item.n for on in left),
    }
    row.event_id = record(work, "meeting.cancelled", "meeting", str(meeting_id), data)
    work.session.flush()
    return row
