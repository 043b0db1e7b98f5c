"""The seats of a meeting that is not open yet: checked as a whole, kept as rows, named in the meeting's entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from service.actions import rulebooks
from service.core.cases.bylaws import Bylaws, bylaws
from service.core.cases.meetings import Place, seat_flaws
from service.core.errors import Flaw, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Role, person_ref
from service.db.meetings import SeatRow
from service.db.people import Person, PersonRole
from service.work import Work


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat as asked for; ``person`` is None where what was given cannot be read."""

    person: UUID | None
    voting: bool
    chair: bool


def bylaws_of(work: Work, sha256: str | None = None) -> Bylaws:
    """Give the bylaws of an edition, or of the one in force today. Raises ``NoBylawsError`` where it has none."""
    engine = rulebooks.in_force(work, work.today) if sha256 is None else rulebooks.edition(work, sha256)
    return bylaws(engine.rulebook.bylaws)


def require_seats(work: Work, seats: Sequence[NewSeat], before: tuple[Flaw, ...] = ()) -> tuple[Place, ...]:
    """Check seats by the bylaws in force today. Raises ``InvalidError`` with the flaws found before, then theirs."""
    missing = tuple(
        Flaw(f"/seats/{index}/person", "member_missing") for index, seat in enumerate(seats) if seat.person is None
    )
    places = tuple(_place(seat.person, seat) for seat in seats if seat.person is not None)
    flaws = (*before, *(missing or seat_flaws(places, roles_of(work, places), bylaws_of(work).voting_roles)))
    if flaws:
        raise InvalidError(flaws)
    return places


def roles_of(work: Work, places: Iterable[Place]) -> dict[UUID, frozenset[Role]]:
    """Say which roles those who have or hold the seats have; whoever is unknown is left out."""
    return roles_of_people(work, {person for place in places for person in (place.person, place.held_by)})


def roles_of_people(work: Work, people: Iterable[UUID]) -> dict[UUID, frozenset[Role]]:
    """Say which roles people have; whoever is unknown is left out."""
    wanted = set(people)
    found: dict[UUID, set[Role]] = {
        known: set() for known in work.session.scalars(select(Person.id).where(Person.id.in_(wanted)))
    }
    rows = select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(wanted))
    for person_id, role in work.session.execute(rows):
        found[person_id].add(Role(role))
    return {person: frozenset(roles) for person, roles in found.items()}


def add_seats(work: Work, meeting_id: UUID, places: Iterable[Place]) -> None:
    """Put seats in the place of those a meeting had."""
    work.session.execute(delete(SeatRow).where(SeatRow.meeting_id == meeting_id))
    work.session.add_all(
        SeatRow(
            meeting_id=meeting_id,
            person_id=place.person,
            place=number,
            held_by=place.held_by,
            chair=place.chair,
            voting=place.voting,
            present=place.present,
        )
        for number, place in enumerate(places, start=1)
    )
    work.session.flush()


def named(places: Iterable[Place]) -> dict[str, Plain]:
    """Name seats the way an entry does: who has them, who sits on them, and which ones vote."""
    return {"seats": tuple(_named(place) for place in places)}


def _named(place: Place) -> dict[str, Plain]:
    told: dict[str, Plain] = {"person": person_ref(place.person), "voting": place.voting, "chair": place.chair}
    if place.present is not None:
        told |= {"held_by": person_ref(place.held_by), "present": place.present}
    return told


def _place(person: UUID, seat: NewSeat) -> Place:
    return Place(person, person, seat.chair, seat.voting)
