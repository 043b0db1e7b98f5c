"""What the moves of a case mean for a meeting that has it on its table."""

from uuid import UUID

from sqlalchemy import select

from service.core.cases.meetings import ItemState
from service.db.meetings import MeetingItemRow, MeetingRow
from service.work import Work


def held_item(work: Work, case_id: UUID) -> MeetingItemRow | None:
    """Hold the meeting and the item a case lies on the table as, before the case itself; None if it does not.

    A case that is tabled right after this was looked for has another version then, so that its mover is late.
    """
    tabled = select(MeetingItemRow).where(
        MeetingItemRow.application_id == case_id, MeetingItemRow.state == ItemState.TABLED.value
    )
    found = work.session.scalars(tabled).first()
    if found is None:
        return None
    work.session.get_one(MeetingRow, found.meeting_id, with_for_update=True, populate_existing=True)
    key = (found.meeting_id, found.n)
    item = work.session.get_one(MeetingItemRow, key, with_for_update=True, populate_existing=True)
    return item if item.state == ItemState.TABLED.value else None


def settle(item: MeetingItemRow, state: ItemState, event_id: int) -> None:
    """Take an item off the table."""
    item.state = state.value
    item.version += 1
    item.event_id = event_id
