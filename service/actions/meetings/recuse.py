"""Recusing: somebody declares that they have no part in an item, or whoever is in the chair orders it."""

from uuid import UUID

from service.actions.meetings.conflicts import Barred, bar, recusals
from service.actions.meetings.loading import OnTable, seats_of, taken_item
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import MeetingState, NoSeatError, RecusalKind
from service.core.errors import ConflictError, Flaw, ForbiddenError, InvalidError
from service.core.people import Permission
from service.db.meetings import RecusalRow, SeatRow
from service.db.people import Person
from service.work import Work

_UNTIL_CLOSED = (MeetingState.CALLED, MeetingState.OPEN)


class AlreadyRecusedError(ConflictError):
    """The person has no part in the item already."""

    code = "already_recused"


def recuse(work: Work, meeting_id: UUID, n: int, person: UUID | None, reason: str) -> RecusalRow:
    """Take the actor out of an item, or another if the actor sits in the chair; from now on the case is not for them.

    Whoever has no seat (a reviewer, a secretary) may take themselves out too. A reason is due for others. Raises
    ``NoSeatError``, ``AlreadyRecusedError``, ``InvalidError``.
    """
    on = taken_item(work, meeting_id, n, Permission.RECUSE, _UNTIL_CLOSED)
    me = work.actor.person_id
    if me is None:
        raise ForbiddenError(permission=Permission.RECUSE.value)
    kind = RecusalKind.DECLARED if person in (None, me) else RecusalKind.ORDERED
    seats = seats_of(work, meeting_id)
    if kind is RecusalKind.ORDERED and not any(seat.chair and seat.held_by == me for seat in seats):
        raise NoSeatError
    said = reason.strip()
    _require_sound(work, person, said, kind)
    return bar(work, on, _barred(work, on, seats, (person or me, kind, said or None)))


def _require_sound(work: Work, person: UUID | None, reason: str, kind: RecusalKind) -> None:
    unknown = person is not None and work.session.get(Person, person) is None
    flaws = (
        *((Flaw("/person", "person_unknown"),) if unknown else ()),
        *(reason_flaws(reason) if reason or kind is RecusalKind.ORDERED else ()),
    )
    if flaws:
        raise InvalidError(flaws)


def _barred(work: Work, on: OnTable, seats: tuple[SeatRow, ...], told: tuple[UUID, RecusalKind, str | None]) -> Barred:
    """Recuse with their seat whoever has one, or sits on one."""
    who, kind, reason = told
    seat = next((one for one in seats if who in (one.held_by, one.person_id)), None)
    barred = Barred(who, who, kind, reason) if seat is None else Barred(seat.person_id, seat.held_by, kind, reason)
    if any(row.person_id == barred.person for row in recusals(work, on)):
        raise AlreadyRecusedError
    return barred
