"""The rules of a review meeting but for the votes: its states, who may sit, for whom, and who has no part in what."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from service.core.errors import ConflictError, Flaw, ForbiddenError
from service.core.people import Role


class MeetingState(StrEnum):
    """Where a meeting stands."""

    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Where an item of a meeting stands. Once it is off the table it never comes back under its number."""

    TABLED = "tabled"
    UNTABLED = "untabled"
    DECIDED = "decided"
    CARRIED_OVER = "carried_over"
    WITHDRAWN = "withdrawn"


class RecusalKind(StrEnum):
    """How a seat came to have no part in an item."""

    DECLARED = "declared"
    ORDERED = "ordered"
    FOUND = "found"


class Tie(StrEnum):
    """What binds a person to a case they might judge."""

    SAME_SUBMITTER = "same_submitter"
    SAME_FIRM = "same_firm"
    DECLARED_INTEREST = "declared_interest"
    RECUSED_BEFORE = "recused_before"


class MeetingStateError(ConflictError):
    """The meeting is not in a state for this. Figures: ``meeting`` (its state), ``meetings`` (those it would take)."""

    code = "meeting_state"


class ItemSettledError(ConflictError):
    """The item is off the table. Figures: ``item`` (its state)."""

    code = "item_settled"


class NoSeatError(ForbiddenError):
    """Whoever asks sits on no seat of the meeting that may do this."""

    code = "no_seat"


class SeatsOutdatedError(ConflictError):
    """Bylaws or roles are no longer those the seats were set by. Figures: ``because`` (code of the first flaw)."""

    code = "seats_outdated"


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as it is given to a person, and who sits on it; ``present`` is None before the meeting."""

    person: UUID
    held_by: UUID
    chair: bool
    voting: bool
    present: bool | None = None


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who may sit for another: at one meeting, or at any from one day to another."""

    person: UUID
    deputy: UUID
    from_on: date
    to_on: date
    meeting: UUID | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Bonds:
    """What a person is bound by: firms (credit codes) they applied for or declared, cases they are recused from."""

    applied_for: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    recused_from: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a case somebody may be bound to."""

    case: UUID
    submitted_by: UUID
    credit_code: str


def require_meeting(state: MeetingState, *wanted: MeetingState) -> None:
    """Raise ``MeetingStateError`` unless a meeting is in one of the states wanted."""
    if state not in wanted:
        raise MeetingStateError(meeting=state.value, meetings=tuple(one.value for one in wanted))


def require_tabled(state: ItemState) -> None:
    """Raise ``ItemSettledError`` for an item that is off the table."""
    if state is not ItemState.TABLED:
        raise ItemSettledError(item=state.value)


def seat_flaws(
    places: Sequence[Place], roles: Mapping[UUID, Collection[Role]], voting_roles: Collection[Role]
) -> tuple[Flaw, ...]:
    """List what is wrong with the seats of a meeting; ``roles`` holds everybody known, with the roles they have.

    Each person has one seat, who votes has a role that votes, and one seat is the chair's.
    """
    chairs = sum(place.chair for place in places)
    count = () if chairs == 1 else (Flaw("/seats", "seat_chairs", {"found": chairs}),)
    return (*_each_seat(places, roles, voting_roles), *count)


def _each_seat(
    places: Sequence[Place], roles: Mapping[UUID, Collection[Role]], voting_roles: Collection[Role]
) -> Iterator[Flaw]:
    taken: set[UUID] = set()
    for index, place in enumerate(places):
        held = roles.get(place.person)
        if held is None:
            yield Flaw(f"/seats/{index}/person", "person_unknown")
            continue
        if place.person in taken:
            yield Flaw(f"/seats/{index}/person", "seat_twice")
        taken.add(place.person)
        if place.voting and not votes(held, voting_roles):
            yield Flaw(f"/seats/{index}/voting", "seat_voting", {"known": tuple(sorted(voting_roles))})
        if place.chair and Role.CHAIR not in held:
            yield Flaw(f"/seats/{index}/chair", "seat_chair_role")


def votes(roles: Collection[Role], voting_roles: Collection[Role]) -> bool:
    """Whether one of the roles is one that votes."""
    return any(role in voting_roles for role in roles)


def acts(deputy: Deputy, meeting: UUID, on: date) -> bool:
    """Whether somebody may sit for another at a meeting on a day."""
    is_for_it = deputy.meeting is None or deputy.meeting == meeting
    return is_for_it and not deputy.revoked and deputy.from_on <= on <= deputy.to_on


def sit(
    places: Sequence[Place], present: Sequence[UUID], deputies: Iterable[Deputy]
) -> tuple[tuple[Place, ...], tuple[Flaw, ...]]:
    """Seat those who are present, and list those for whom there is no place.

    Whoever has a seat sits on it. Another sits for somebody absent, if they are a deputy of theirs: of several the one
    appointed first, and nobody on two seats. ``deputies`` are those who may act, in the order of their appointment.
    """
    acting = tuple(deputies)
    there, own = set(present), {place.person for place in places}
    free = there - own
    seated: list[Place] = []
    for place in places:
        holder = place.person if place.person in there else _deputy(place, acting, free)
        free.discard(holder or place.person)
        seated.append(replace(place, held_by=holder or place.person, present=holder is not None))
    return tuple(seated), tuple(_unplaced(seated, present))


def _deputy(place: Place, acting: Iterable[Deputy], free: Collection[UUID]) -> UUID | None:
    return next((one.deputy for one in acting if one.person == place.person and one.deputy in free), None)


def _unplaced(seated: Iterable[Place], present: Sequence[UUID]) -> Iterator[Flaw]:
    holders = {place.held_by for place in seated if place.present}
    for index, person in enumerate(present):
        if person in present[:index]:
            yield Flaw(f"/present/{index}", "present_twice")
        elif person not in holders:
            yield Flaw(f"/present/{index}", "present_without_seat")


def tie(person: UUID, bonds: Bonds, matter: Matter) -> Tie | None:
    """Say what binds a person to a case; of several, the first of the list of ties."""
    found = {
        Tie.SAME_SUBMITTER: matter.submitted_by == person,
        Tie.SAME_FIRM: matter.credit_code in bonds.applied_for,
        Tie.DECLARED_INTEREST: matter.credit_code in bonds.interests,
        Tie.RECUSED_BEFORE: matter.case in bonds.recused_from,
    }
    return next((kind for kind, binds in found.items() if binds), None)


def conflicts(places: Iterable[Place], bonds: Mapping[UUID, Bonds], matter: Matter) -> Iterator[tuple[Place, Tie]]:
    """Give the seats whose person, or whoever sits on it for them, is bound to a case, and by what."""
    for place in places:
        found = (tie(person, bonds.get(person, Bonds()), matter) for person in (place.person, place.held_by))
        first = next((one for one in found if one is not None), None)
        if first is not None:
            yield place, first


def deputy_flaws(person: UUID, deputy: UUID, days: tuple[date, date], today: date) -> tuple[Flaw, ...]:
    """List what is wrong with an appointment apart from the roles: nobody sits for themselves, or in the past."""
    from_on, to_on = days
    found: list[Flaw] = []
    if person == deputy:
        found.append(Flaw("/deputy", "deputy_self"))
    if to_on < from_on:
        found.append(Flaw("/to_on", "deputy_days", {"first": from_on}))
    elif to_on < today:
        found.append(Flaw("/to_on", "deputy_past", {"today": today}))
    return tuple(found)
