"""Voting: one vote a seat, which may be changed until the item is decided."""

from dataclasses import dataclass
from uuid import UUID

from service.actions.ledger import record
from service.actions.meetings.loading import OnTable, seats_of, taken_item
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import MeetingState, NoSeatError
from service.core.cases.seats import Choice
from service.core.errors import Flaw, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, person_ref
from service.db.meetings import SeatRow, VoteRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class _Vote:
    """A vote without a flaw, of a seat that may cast it."""

    seat: SeatRow
    choice: Choice
    reason: str | None


def vote(work: Work, meeting_id: UUID, n: int, choice: Choice | None, reason: str) -> VoteRow:
    """Cast or change the vote of the seat the actor sits on. A reason is kept for the record of dissent.

    Raises ``NoSeatError`` for whoever sits on no seat that votes, ``InvalidError``.
    """
    on = taken_item(work, meeting_id, n, Permission.VOTE, (MeetingState.OPEN,))
    seat = _seat(work, meeting_id)
    said = reason.strip()
    flaws = reason_flaws(said) if said else ()
    if choice is None:
        raise InvalidError((Flaw("/choice", "member_missing"), *flaws))
    if flaws:
        raise InvalidError(flaws)
    return _store(work, on, _Vote(seat, choice, said or None))


def _seat(work: Work, meeting_id: UUID) -> SeatRow:
    me = work.actor.person_id
    for seat in seats_of(work, meeting_id):
        if seat.held_by == me and seat.voting and seat.present:
            return seat
    raise NoSeatError


def _store(work: Work, on: OnTable, cast: _Vote) -> VoteRow:
    data: dict[str, Plain] = {
        "meeting": str(on.meeting.id),
        "item": on.item.n,
        "person": person_ref(cast.seat.person_id),
        "choice": cast.choice.value,
        "reason": cast.reason,
    }
    event_id = record(work, "vote.cast", "application", str(on.case.id), data)
    key = (on.meeting.id, on.item.n, cast.seat.person_id)
    row = work.session.get(VoteRow, key, populate_existing=True)
    if row is None:
        row = VoteRow(meeting_id=key[0], n=key[1], person_id=key[2])
        work.session.add(row)
    row.choice, row.reason = cast.choice.value, cast.reason
    row.cast_by, row.cast_at, row.event_id = cast.seat.held_by, work.now, event_id
    work.session.flush()
    return row
