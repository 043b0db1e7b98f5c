"""Reading meetings, their items and votes, as far as they are for the actor's eyes."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import and_, exists, select

from service.actions.applications import Page
from service.actions.meetings import conflicts
from service.actions.meetings.ballots import votes_of
from service.actions.meetings.loading import (
    OnTable,
    items_in_sight,
    meetings_in_sight,
    seats_of,
    seen,
    seen_item,
)
from service.actions.paging import latest_first
from service.core.cases.meetings import ItemState, MeetingState
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow, RecusalRow, SeatRow, VoteRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of the meetings."""

    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Seated:
    """A meeting with its seats."""

    row: MeetingRow
    seats: tuple[SeatRow, ...]

    @property
    def id(self) -> UUID:
        """Its identifier."""
        return self.row.id

    @property
    def version(self) -> int:
        """What a change of it needs to know."""
        return self.row.version


@dataclass(frozen=True, slots=True)
class Ballot:
    """The vote of a seat; ``vote`` is None until it is for the actor's eyes, ``voted`` says that there is one."""

    seat: SeatRow
    recused: bool
    voted: bool
    vote: VoteRow | None


def find(work: Work, query: Query) -> Page[MeetingRow]:
    """List the meetings in sight, the one called last first, a page at a time."""
    work.actor.require(Permission.READ_MEETINGS)
    wanted = select(MeetingRow).where(meetings_in_sight(work.actor))
    return latest_first(work, wanted, MeetingRow.id, query.cursor, query.limit)


def get(work: Work, meeting_id: UUID) -> Seated:
    """Read a meeting with its seats. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_MEETINGS)
    return seated(work, seen(work, meeting_id))


def seated(work: Work, row: MeetingRow) -> Seated:
    """Give a meeting its seats."""
    return Seated(row, seats_of(work, row.id))


def items(work: Work, meeting_id: UUID) -> list[OnTable]:
    """List the items of a meeting under their numbers; one the actor has no part in is left out."""
    work.actor.require(Permission.READ_MEETINGS)
    meeting = seen(work, meeting_id)
    wanted = (
        select(MeetingItemRow, ApplicationRow, DecisionRow)
        .join(ApplicationRow, ApplicationRow.id == MeetingItemRow.application_id)
        .outerjoin(
            DecisionRow, and_(DecisionRow.meeting_id == MeetingItemRow.meeting_id, DecisionRow.item == MeetingItemRow.n)
        )
        .where(MeetingItemRow.meeting_id == meeting_id, items_in_sight(work.actor))
        .order_by(MeetingItemRow.n)
    )
    return [OnTable(meeting, *found) for found in work.session.execute(wanted)]


def item(work: Work, meeting_id: UUID, n: int) -> OnTable:
    """Read an item, with what was decided. Raises ``NotFoundError``, also for whoever is recused from it."""
    work.actor.require(Permission.READ_MEETINGS)
    on = seen_item(work, meeting_id, n)
    decided = select(DecisionRow).where(DecisionRow.meeting_id == meeting_id, DecisionRow.item == n)
    return replace(on, decision=work.session.scalars(decided).first())


def unvoted(work: Work, meeting_id: UUID) -> tuple[int, ...]:
    """Give the numbers of the items that wait for the vote of the seat the actor sits on. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_MEETINGS)
    meeting = seen(work, meeting_id)
    seats = [seat for seat in seats_of(work, meeting_id) if seat.held_by == work.actor.person_id and seat.present]
    seat = next((seat for seat in seats if seat.voting), None)
    if seat is None or meeting.state != MeetingState.OPEN.value:
        return ()
    cast = exists().where(
        VoteRow.meeting_id == meeting_id, VoteRow.n == MeetingItemRow.n, VoteRow.person_id == seat.person_id
    )
    waiting = (
        select(MeetingItemRow.n)
        .join(ApplicationRow, ApplicationRow.id == MeetingItemRow.application_id)
        .where(MeetingItemRow.meeting_id == meeting_id, MeetingItemRow.state == ItemState.TABLED.value)
        .where(items_in_sight(work.actor), ~cast)
        .order_by(MeetingItemRow.n)
    )
    return tuple(work.session.scalars(waiting))


def recusals(work: Work, meeting_id: UUID, n: int) -> list[RecusalRow]:
    """List who has no part in an item. Raises ``NotFoundError``."""
    return conflicts.recusals(work, item(work, meeting_id, n))


def votes(work: Work, meeting_id: UUID, n: int) -> list[Ballot]:
    """List the voting seats of an item: how each voted once it is decided, before that only whether it did.

    Whoever sits on a seat sees its vote. Raises ``NotFoundError``.
    """
    on = item(work, meeting_id, n)
    found, barred = votes_of(work, on), {row.person_id for row in conflicts.recusals(work, on)}
    is_told = on.item.state == ItemState.DECIDED.value
    return [
        Ballot(
            seat,
            recused=seat.person_id in barred,
            voted=seat.person_id in found,
            vote=found.get(seat.person_id) if is_told or seat.held_by == work.actor.person_id else None,
        )
        for seat in seats_of(work, meeting_id)
        if seat.voting
    ]
