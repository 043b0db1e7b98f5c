"""Who answers for what: what waits for whom now, what is overdue, and what was done in a time. Pure counting.

A duty is one thing somebody answers for, with the ledger entry that shows it. It is counted for its people, and for the
roles through which they have it; one that is nobody's in particular, for every role that may do it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from service.core.people import PERMISSIONS, Permission, Role


class Figure(StrEnum):
    """What is counted: first what waits now, then what is overdue now, then what was done in the time asked for."""

    CASES_TO_ACCEPT = "cases_to_accept"
    CASES_TO_SUPPLEMENT = "cases_to_supplement"
    OPINIONS_ASKED = "opinions_asked"
    PAPERS_PENDING = "papers_pending"
    ITEMS_TO_DECIDE = "items_to_decide"
    OPINIONS_OVERDUE = "opinions_overdue"
    OPINIONS_LATE = "opinions_late"
    CASES_RETURNED = "cases_returned"
    OVERRIDES_DECIDED = "overrides_decided"
    OVERRIDES_VOTED = "overrides_voted"
    WAIVERS_GRANTED = "waivers_granted"
    WAIVERS_OWNED = "waivers_owned"


# The deed through which somebody has a duty; None for what anybody may answer for.
_DEEDS: Final[Mapping[Figure, Permission | None]] = MappingProxyType(
    {
        Figure.CASES_TO_ACCEPT: Permission.ACCEPT_CASES,
        Figure.CASES_TO_SUPPLEMENT: Permission.SUBMIT_CASES,
        Figure.OPINIONS_ASKED: Permission.GIVE_OPINIONS,
        Figure.PAPERS_PENDING: Permission.RULE_ON_EVIDENCE,
        Figure.ITEMS_TO_DECIDE: Permission.DECIDE_ITEMS,
        Figure.OPINIONS_OVERDUE: Permission.GIVE_OPINIONS,
        Figure.OPINIONS_LATE: Permission.GIVE_OPINIONS,
        Figure.CASES_RETURNED: Permission.RETURN_CASES,
        Figure.OVERRIDES_DECIDED: Permission.DECIDE_ITEMS,
        Figure.OVERRIDES_VOTED: Permission.VOTE,
        Figure.WAIVERS_GRANTED: Permission.GRANT_WAIVERS,
        Figure.WAIVERS_OWNED: None,
    }
)
# The roles that answer for something in a case.
ANSWERING: Final = (Role.OFFICER, Role.REVIEWER, Role.SECRETARY, Role.MEMBER, Role.CHAIR)


@dataclass(frozen=True, slots=True)
class Shown:
    """The ledger entry that shows something, and the case it is about."""

    event_id: int
    subject_kind: str
    subject_id: str
    rev: int
    type: str
    application_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that somebody answers for; without people it is that of a role."""

    figure: Figure
    shown: Shown
    people: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with their roles, of a department if they speak for one."""

    id: UUID
    name: str
    department: str | None
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Count:
    """How often, and the entries that show it, in the order they were written."""

    figure: Figure
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """What a person answers for."""

    holder: Holder
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class RoleAccount:
    """What all who hold a role answer for, and what is theirs without being anybody's in particular."""

    role: Role
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every account; of people only those who hold a role that answers for something, or answer all the same."""

    roles: tuple[RoleAccount, ...]
    people: tuple[PersonAccount, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    from_on: date
    to_on: date

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.from_on <= day <= self.to_on

    def meets(self, first: date, last: date) -> bool:
        """Whether it shares a day with another."""
        return first <= self.to_on and last >= self.from_on


def speakers(department: str, holders: Iterable[Holder]) -> tuple[UUID, ...]:
    """Give those who give the opinions of a department."""
    granted = PERMISSIONS[Permission.GIVE_OPINIONS]
    return tuple(one.id for one in holders if one.department == department and not one.roles.isdisjoint(granted))


def accounts(duties: Iterable[Duty], holders: Iterable[Holder]) -> Accounts:
    """Count duties for people and roles."""
    known = {holder.id: holder for holder in holders}
    by_person: dict[UUID, dict[Figure, set[Shown]]] = defaultdict(lambda: defaultdict(set))
    by_role: dict[Role, dict[Figure, set[Shown]]] = defaultdict(lambda: defaultdict(set))
    for duty in duties:
        for person in duty.people:
            by_person[person][duty.figure].add(duty.shown)
        for role in _roles(duty, known):
            by_role[role][duty.figure].add(duty.shown)
    people = (holder for holder in known.values() if holder.id in by_person or _answers(holder))
    return Accounts(
        roles=tuple(RoleAccount(role, _counts(by_role[role], frozenset({role}))) for role in ANSWERING),
        people=tuple(
            PersonAccount(holder, _counts(by_person[holder.id], holder.roles))
            for holder in sorted(people, key=lambda one: (one.name, one.id))
        ),
    )


def _answers(holder: Holder) -> bool:
    return not holder.roles.isdisjoint(ANSWERING)


def _roles(duty: Duty, known: Mapping[UUID, Holder]) -> Iterator[Role]:
    """Give the roles that a duty is counted for."""
    deed = _DEEDS[duty.figure]
    granted = frozenset(ANSWERING) if deed is None else PERMISSIONS[deed]
    if not duty.people:
        yield from granted
    for person in duty.people:
        yield from granted & known[person].roles


def _counts(found: Mapping[Figure, set[Shown]], roles: frozenset[Role]) -> tuple[Count, ...]:
    """Give what was counted, with nothing (which is told too) for what these roles may do."""
    return tuple(
        Count(figure, tuple(sorted(found.get(figure, ()), key=lambda shown: shown.event_id)))
        for figure, deed in _DEEDS.items()
        if figure in found or (deed is not None and not roles.isdisjoint(PERMISSIONS[deed]))
    )
