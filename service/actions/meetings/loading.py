"""Loading meetings and their items for somebody: what is not for their eyes is not found.

Rows are locked in one order everywhere: the meeting, the item, the case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, true

from service.actions.applications.sights import has_part
from service.core.cases.meetings import ItemState, MeetingState, Place, require_meeting, require_tabled
from service.core.cases.sight import sees_meeting
from service.core.errors import NotFoundError, StaleError
from service.core.people import Actor, Permission
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow, SeatRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class OnTable:
    """An item with its meeting and its case, and with what was decided where that was asked for."""

    meeting: MeetingRow
    item: MeetingItemRow
    case: ApplicationRow
    decision: DecisionRow | None = None


def meetings_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Say which rows of ``meeting`` the actor sees."""
    if sees_meeting(actor, seated=False):
        return true()
    return exists().where(SeatRow.meeting_id == MeetingRow.id, _sits(actor.person_id))


def items_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Say which rows of ``application`` the actor sees as items of meetings in their sight."""
    return has_part(actor.person_id)


def seen(work: Work, meeting_id: UUID, *, lock: bool = False) -> MeetingRow:
    """Load a meeting, with its row locked if wanted. Raises ``NotFoundError``."""
    locked = True if lock else None
    row = work.session.get(MeetingRow, meeting_id, populate_existing=True, with_for_update=locked)
    if row is None or not sees_meeting(work.actor, seated=_is_seated(work, meeting_id)):
        raise NotFoundError(kind="meeting")
    return row


def taken(work: Work, meeting_id: UUID, permission: Permission, *wanted: MeetingState) -> MeetingRow:
    """Load a meeting for changing and hold its row until the work ends.

    Refused in this order: not granted, not there or not for these eyes, not in a state that is wanted, not the version
    last read.
    """
    work.actor.require(permission)
    row = seen(work, meeting_id, lock=True)
    require_meeting(MeetingState(row.state), *wanted)
    require_version(work, row.version)
    return row


def seen_item(work: Work, meeting_id: UUID, n: int, *, lock: bool = False) -> OnTable:
    """Load an item of a meeting, every row locked in order if wanted. Raises ``NotFoundError``."""
    meeting = seen(work, meeting_id, lock=lock)
    locked = True if lock else None
    item = work.session.get(MeetingItemRow, (meeting_id, n), populate_existing=True, with_for_update=locked)
    if item is None:
        raise NotFoundError(kind="item")
    case = work.session.get_one(ApplicationRow, item.application_id, populate_existing=True, with_for_update=locked)
    require_in_sight(work, case)
    return OnTable(meeting, item, case)


def taken_item(work: Work, meeting_id: UUID, n: int, permission: Permission, wanted: Iterable[MeetingState]) -> OnTable:
    """Load an item that is on the table of a meeting in a state that is wanted, and hold it until the work ends."""
    work.actor.require(permission)
    found = seen_item(work, meeting_id, n, lock=True)
    require_meeting(MeetingState(found.meeting.state), *wanted)
    require_tabled(ItemState(found.item.state))
    return found


def require_version(work: Work, current: int) -> None:
    """Raise ``StaleError`` unless the version that stands is the one last read."""
    if work.expects is None:
        raise StaleError(because="missing", current=current)
    if work.expects != current:
        raise StaleError(because="differs", current=current, expected=work.expects)


def seats_of(work: Work, meeting_id: UUID) -> tuple[SeatRow, ...]:
    """Give the seats of a meeting, the chair's first, then in the order they were called in."""
    of_meeting = select(SeatRow).where(SeatRow.meeting_id == meeting_id)
    return tuple(work.session.scalars(of_meeting.order_by(SeatRow.chair.desc(), SeatRow.place)))


def place(row: SeatRow) -> Place:
    """Give a seat as the rules know it."""
    return Place(row.person_id, row.held_by, row.chair, row.voting, row.present)


def tabled_items(work: Work, meeting_id: UUID) -> tuple[OnTable, ...]:
    """Hold every item that is on the table of a meeting that is held already, with its case, in their order."""
    meeting = work.session.get_one(MeetingRow, meeting_id)
    tabled = (
        select(MeetingItemRow)
        .where(MeetingItemRow.meeting_id == meeting_id, MeetingItemRow.state == ItemState.TABLED.value)
        .order_by(MeetingItemRow.n)
        .with_for_update()
    )
    items = work.session.scalars(tabled.execution_options(populate_existing=True)).all()
    return tuple(OnTable(meeting, item, _held_case(work, item)) for item in items)


def is_in_sight(work: Work, case: ApplicationRow) -> bool:
    """Whether the item of a case is for the actor's eyes."""
    return bool(work.session.scalar(select(items_in_sight(work.actor)).where(ApplicationRow.id == case.id)))


def require_in_sight(work: Work, case: ApplicationRow) -> None:
    """Raise ``NotFoundError`` unless the item of a case is for the actor's eyes."""
    if not is_in_sight(work, case):
        raise NotFoundError(kind="item")


def _held_case(work: Work, item: MeetingItemRow) -> ApplicationRow:
    return work.session.get_one(ApplicationRow, item.application_id, populate_existing=True, with_for_update=True)


def _is_seated(work: Work, meeting_id: UUID) -> bool:
    sits = select(exists().where(SeatRow.meeting_id == meeting_id, _sits(work.actor.person_id)))
    return bool(work.session.scalar(sits))


def _sits(person: UUID | None) -> ColumnElement[bool]:
    return or_(SeatRow.person_id == person, SeatRow.held_by == person)
