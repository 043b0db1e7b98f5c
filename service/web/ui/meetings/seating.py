"""The seats of a meeting on a form: everybody who may sit, one line each, and who is in the chair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from marshmallow import ValidationError, fields

from service.actions.meetings import NewSeat
from service.actions.meetings.agendas import named
from service.actions.meetings.attendance import Sitter, sitters
from service.core.errors import Flaw, InvalidError
from service.db.meetings import SeatRow
from service.web.forms import Identifier, Listing
from service.web.ui.voice import Voice
from service.work import Work

_MEMBER: Final = "seat-"


class Right(StrEnum):
    """What a seat may do."""

    VOTES = "votes"
    LISTENS = "listens"


@dataclass(frozen=True, slots=True)
class Given:
    """A seat as it was chosen on a form."""

    person: UUID
    right: Right


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the form: somebody, their roles, and what they may be given."""

    id: UUID
    name: str
    roles: str
    votes: bool
    chairs: bool


@dataclass(frozen=True, slots=True)
class Seating:
    """The lines of the form, and what stands in them unless something else was sent."""

    places: tuple[Place, ...]
    seats: str
    chair: str


class SeatGiven(fields.Field[Given]):
    """Somebody and the right of their seat, as a form sends both in one."""

    def _deserialize(self, value: object, attr: str | None, data: object, **options: object) -> Given:
        del attr, data, options
        person, _, right = str(value).partition(":")
        if right not in set(Right):
            raise ValidationError([Flaw("", "member_choice", {"found": value, "known": tuple(Right)})])
        return Given(Identifier().deserialize(person), Right(right))


SEATS: Final = Listing(SeatGiven())


def for_all(work: Work, voice: Voice) -> Seating:
    """Give everybody a seat who votes or may take the chair, and the chair to the first who may."""
    found = sitters(work)
    chair = next((one.id for one in found if one.chairs), None)
    rights = {one.id: Right.VOTES if one.votes else Right.LISTENS for one in found if one.votes or one.id == chair}
    return _seating([_place(one, voice) for one in found], rights, chair)


def as_set(work: Work, seats: Sequence[SeatRow], voice: Voice) -> Seating:
    """Give the seats as they stand; whoever has one and may not sit any more is there to be taken off."""
    found = [_place(one, voice) for one in sitters(work)]
    others = {row.person_id for row in seats} - {one.id for one in found}
    found += [
        Place(one.id, one.name, voice.say("meetings.no_role"), votes=False, chairs=False)
        for one in named(work, others).values()
    ]
    rights = {row.person_id: Right.VOTES if row.voting else Right.LISTENS for row in seats}
    return _seating(found, rights, next((row.person_id for row in seats if row.chair), None))


def new_seats(given: Sequence[Given], chair: UUID | None) -> list[NewSeat]:
    """Make seats of what was chosen."""
    return [NewSeat(one.person, voting=one.right is Right.VOTES, chair=one.person == chair) for one in given]


def placed(error: InvalidError, given: Sequence[Given]) -> InvalidError:
    """Let the flaws of a seat point at the line of whoever has it."""
    return InvalidError(tuple(_moved(flaw, given) for flaw in error.flaws))


def _moved(flaw: Flaw, given: Sequence[Given]) -> Flaw:
    match flaw.pointer.split("/"):
        case ["", "seats", index, *_]:
            return replace(flaw, pointer=f"/{_MEMBER}{given[int(index)].person}")
        case _:
            return flaw


def _place(one: Sitter, voice: Voice) -> Place:
    return Place(one.id, one.name, voice.roles(one.roles), votes=one.votes, chairs=one.chairs)


def _seating(places: Sequence[Place], rights: Mapping[UUID, Right], chair: UUID | None) -> Seating:
    chosen = ",".join(f"{person}:{right}" for person, right in rights.items())
    return Seating(tuple(places), chosen, "" if chair is None else str(chair))
