"""Opening a meeting: who is there, by which bylaws it votes, and who has no part in what."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from service.actions.ledger import record
from service.actions.meetings.conflicts import find_conflicts
from service.actions.meetings.loading import place, seats_of, tabled_items, taken
from service.actions.meetings.places import add_seats, bylaws_of, named, roles_of, roles_of_people
from service.actions.rulebooks import in_force
from service.core.cases.bylaws import Bylaws
from service.core.cases.meetings import (
    Deputy,
    MeetingState,
    Place,
    SeatsOutdatedError,
    acts,
    seat_flaws,
    sit,
    votes,
)
from service.core.cases.seats import Quorum, Seat, quorate
from service.core.errors import ConflictError, Flaw, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.meetings import DeputyRow, MeetingRow
from service.work import Work


class NoQuorumError(ConflictError):
    """Too few who vote are there. Figures: ``present``, ``of``, ``needed``."""

    code = "no_quorum"


def open_(work: Work, meeting_id: UUID, present: Sequence[UUID] | None) -> MeetingRow:
    """Open a meeting with those who are present; seats and agenda stay as they are from now on.

    ``present`` is None where what was given cannot be read. Raises ``InvalidError`` for people without a place,
    ``SeatsOutdatedError``, ``NoQuorumError``.
    """
    row = taken(work, meeting_id, Permission.RUN_MEETINGS, MeetingState.CALLED)
    if present is None:
        raise InvalidError((Flaw("/present", "member_missing"),))
    bylaws = bylaws_of(work)
    places = _seated(work, row, bylaws, present)
    quorum = quorate(bylaws, (seat(one) for one in places))
    if not quorum.reached:
        raise no_quorum(quorum)
    add_seats(work, meeting_id, places)
    row.state, row.opened_at = MeetingState.OPEN.value, work.now
    row.rulebook_sha256 = in_force(work, work.today).rulebook.sha256
    row.version += 1
    data: dict[str, Plain] = {
        "from": MeetingState.CALLED.value,
        "to": row.state,
        "version": row.version,
        "rulebook_sha256": row.rulebook_sha256,
    }
    row.event_id = record(work, "meeting.opened", "meeting", str(meeting_id), data | named(places))
    work.session.flush()
    for found in tabled_items(work, meeting_id):
        find_conflicts(work, found, places)
    return row


def no_quorum(quorum: Quorum) -> NoQuorumError:
    """Say how many are there, and how many should be."""
    return NoQuorumError(present=quorum.present, of=quorum.of, needed=quorum.needed)


def _seated(work: Work, row: MeetingRow, bylaws: Bylaws, present: Sequence[UUID]) -> tuple[Place, ...]:
    called = tuple(map(place, seats_of(work, row.id)))
    outdated = seat_flaws(called, roles_of(work, called), bylaws.voting_roles)
    if outdated:
        raise SeatsOutdatedError(because=outdated[0].code)
    places, flaws = sit(called, present, acting(work, row, called, bylaws, work.today))
    if flaws:
        raise InvalidError(flaws)
    return places


def acting(work: Work, row: MeetingRow, places: Sequence[Place], bylaws: Bylaws, on: date) -> list[Deputy]:
    """Give whoever may sit for the people of the seats on a day, in the order of their appointment."""
    absent = {one.person for one in places}
    rows = work.session.scalars(
        select(DeputyRow)
        .where(DeputyRow.person_id.in_(absent), or_(DeputyRow.meeting_id.is_(None), DeputyRow.meeting_id == row.id))
        .order_by(DeputyRow.event_id)
    )
    deputies = [deputy(one) for one in rows]
    roles = roles_of_people(work, (one.deputy for one in deputies))
    return [one for one in deputies if acts(one, row.id, on) and votes(roles.get(one.deputy, ()), bylaws.voting_roles)]


def deputy(row: DeputyRow) -> Deputy:
    """Give an appointment as the rules know it."""
    return Deputy(row.person_id, row.deputy_id, row.from_on, row.to_on, row.meeting_id, row.revoked_at is not None)


def seat(one: Place) -> Seat:
    """Give a place as votes are counted by, before any item."""
    return Seat(one.person, one.voting, one.chair, one.present is True, recused=False, choice=None)
