"""Who may be given a seat at a meeting, who may sit for whom at one, and how many of them have to be there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.actions.meetings.loading import place
from service.actions.meetings.open import acting, seat
from service.actions.meetings.places import bylaws_of, roles_of_people
from service.core.cases.meetings import votes
from service.core.cases.seats import Quorum, quorate
from service.core.people import Permission, Role
from service.db.meetings import MeetingRow, SeatRow
from service.db.people import Person, PersonRole
from service.work import Work


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody who may be given a seat: whether it may vote, whether it may be the chair's."""

    id: UUID
    name: str
    roles: frozenset[Role]
    votes: bool
    chairs: bool


def sitters(work: Work) -> tuple[Sitter, ...]:
    """List who may sit by the bylaws in force: those who may take the chair first, then as they were added.

    Raises ``ForbiddenError`` for whoever neither calls meetings nor appoints deputies.
    """
    if not work.actor.may(Permission.APPOINT_DEPUTIES):
        work.actor.require(Permission.CALL_MEETINGS)
    voting = bylaws_of(work).voting_roles
    holds = select(PersonRole.person_id).where(PersonRole.role.in_({*voting, Role.CHAIR}))
    wanted = select(Person).where(Person.id.in_(holds), Person.name_salt.is_not(None))
    people = work.session.scalars(wanted.order_by(Person.created_at, Person.event_id)).all()
    roles = roles_of_people(work, (person.id for person in people))
    found = (_sitter(person, roles[person.id], voting) for person in people)
    return tuple(sorted(found, key=lambda one: not one.chairs))


def quorum(work: Work, row: MeetingRow, seats: Iterable[SeatRow]) -> Quorum:
    """Say how many of the seats are there, and how many have to be: by the bylaws of the meeting, or of today."""
    return quorate(bylaws_of(work, row.rulebook_sha256), (seat(place(one)) for one in seats))


def deputies(work: Work, row: MeetingRow, seats: Iterable[SeatRow], on: date) -> Mapping[UUID, Sequence[UUID]]:
    """Say who may sit for the people of the seats at a meeting on a day, for each in the order of appointment.

    Whoever has a seat of their own sits on that one, and is left out. Raises ``ForbiddenError`` for whoever does not
    run meetings.
    """
    work.actor.require(Permission.RUN_MEETINGS)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    places = tuple(map(place, seats))
    own = {one.person for one in places}
    for one in acting(work, row, places, bylaws_of(work), on):
        if one.deputy not in own and one.deputy not in found[one.person]:
            found[one.person].append(one.deputy)
    return found


def _sitter(person: Person, roles: frozenset[Role], voting: frozenset[Role]) -> Sitter:
    return Sitter(person.id, person.name, roles, votes(roles, voting), Role.CHAIR in roles)
