"""Reading people, with the roles they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.actions.applications import Page
from service.actions.paging import latest_first
from service.core.errors import ConflictError, NotFoundError
from service.core.people import Permission, Role
from service.db.people import Person, PersonRole
from service.work import Work

# What stands where the name of an erased person stood.
ERASED: Final = "—"


class AlreadyErasedError(ConflictError):
    """The person was erased before."""

    code = "already_erased"


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of the people."""

    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Known:
    """A person and the roles they hold."""

    person: Person
    roles: tuple[Role, ...]

    @property
    def id(self) -> UUID:
        """Who it is."""
        return self.person.id

    @property
    def version(self) -> int:
        """How often the person and their roles have changed."""
        return self.person.version

    @property
    def created_at(self) -> datetime:
        """When they were added."""
        return self.person.created_at

    @property
    def is_erased(self) -> bool:
        """Whether what is personal of them is gone."""
        return self.person.name_salt is None


def get(work: Work, person_id: UUID) -> Known:
    """Read a person. Raises ``NotFoundError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFoundError(kind="person")
    return known(work, person)


def known(work: Work, person: Person) -> Known:
    """Give a person with their roles."""
    return Known(person, _ordered(roles_of(work.session, person.id)))


def page(work: Work, query: Query) -> Page[Known]:
    """List people, the latest first, a page at a time."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    found = latest_first(work, select(Person), Person.id, query.cursor, query.limit)
    roles = _roles_of_all(work.session, [person.id for person in found.items])
    return Page(tuple(Known(person, _ordered(roles[person.id])) for person in found.items), found.next_cursor)


def find(work: Work, name: str | None = None) -> list[tuple[Person, frozenset[Role]]]:
    """List people with their roles in the order they were added, all or those of one exact name."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    query = select(Person).order_by(Person.created_at, Person.id)
    people = work.session.scalars(query if name is None else query.where(Person.name == name)).all()
    return [(person, roles_of(work.session, person.id)) for person in people]


def held(work: Work, person_id: UUID) -> Person:
    """Hold a person's row until the work ends. Raises ``NotFoundError``."""
    person = work.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFoundError(kind="person")
    return person


def present(work: Work, person_id: UUID) -> Person:
    """Hold the row of a person who was not erased. Raises ``NotFoundError``, ``AlreadyErasedError``."""
    person = held(work, person_id)
    if person.name_salt is None:
        raise AlreadyErasedError
    return person


def roles_of(session: Session, person_id: UUID) -> frozenset[Role]:
    """Give the roles of a person."""
    return frozenset(Role(role) for role in session.scalars(select(PersonRole.role).filter_by(person_id=person_id)))


def _roles_of_all(session: Session, people: Sequence[UUID]) -> Mapping[UUID, frozenset[Role]]:
    rows = session.execute(select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(people))).all()
    return {one: frozenset(Role(row.role) for row in rows if row.person_id == one) for one in people}


def _ordered(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)
