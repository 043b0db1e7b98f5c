"""How the seats of a meeting stand on one item: who is there, who has no part in it, who votes how."""

from uuid import UUID

from sqlalchemy import select

from service.actions.meetings.conflicts import recusals
from service.actions.meetings.loading import OnTable, seats_of
from service.core.cases.seats import Choice, Seat
from service.db.meetings import SeatRow, VoteRow
from service.work import Work


def votes_of(work: Work, on: OnTable) -> dict[UUID, VoteRow]:
    """Give the votes on an item by the people whose seats they are of, those of recused seats too."""
    of_item = select(VoteRow).where(VoteRow.meeting_id == on.meeting.id, VoteRow.n == on.item.n)
    return {row.person_id: row for row in work.session.scalars(of_item.execution_options(populate_existing=True))}


def seats_as_they_voted(work: Work, on: OnTable) -> tuple[Seat, ...]:
    """Give the seats as they are counted: a seat that is recused has no vote, whatever it voted before."""
    votes, barred = votes_of(work, on), {row.person_id for row in recusals(work, on)}
    return tuple(_seat(row, votes, row.person_id in barred) for row in seats_of(work, on.meeting.id))


def _seat(row: SeatRow, votes: dict[UUID, VoteRow], recused: bool) -> Seat:  # noqa: FBT001 - said of the seat
    vote = None if recused else votes.get(row.person_id)
    choice = None if vote is None else Choice(vote.choice)
    return Seat(row.person_id, row.voting, row.chair, row.present is True, recused, choice)
