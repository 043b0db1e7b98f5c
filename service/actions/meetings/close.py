"""Closing a meeting: what is not decided goes back into review."""

from uuid import UUID

from service.actions.ledger import record
from service.actions.meetings.items import leave
from service.actions.meetings.loading import OnTable, is_in_sight, tabled_items, taken
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import ItemState, MeetingState
from service.core.errors import ConflictError, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.work import Work


class NoPartError(ConflictError):
    """Whoever ends a meeting has no part in items that are on the table. Figures: ``items`` (their numbers)."""

    code = "no_part"


def close(work: Work, meeting_id: UUID, reason: str) -> MeetingRow:
    """Close an open meeting and carry over every item that is not decided; a reason is due if there is one.

    Raises ``NoPartError`` for whoever is recused from such an item, or submitted its case; ``InvalidError``.
    """
    row = taken(work, meeting_id, Permission.CLOSE_MEETINGS, MeetingState.OPEN)
    left = tabled_items(work, meeting_id)
    require_part(work, left)
    said = reason.strip()
    flaws = reason_flaws(said) if left or said else ()
    if flaws:
        raise InvalidError(flaws)
    for on in left:
        leave(work, on, ItemState.CARRIED_OVER, said)
    row.state, row.closed_at = MeetingState.CLOSED.value, work.now
    row.version += 1
    data: dict[str, Plain] = {
        "from": MeetingState.OPEN.value,
        "to": row.state,
        "version": row.version,
        "carried_over": tuple(on.item.n for on in left),
    }
    row.event_id = record(work, "meeting.closed", "meeting", str(meeting_id), data)
    work.session.flush()
    return row


def require_part(work: Work, left: tuple[OnTable, ...]) -> None:
    """Raise ``NoPartError`` for whoever is recused from one of the items, or submitted its case."""
    without = tuple(on.item.n for on in left if not is_in_sight(work, on.case))
    if without:
        raise NoPartError(items=without)
