"""Reading people, with the roles they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.actions.applications import Page
from service.actions.paging import Slice, slice_of
from service.core.cases.headers import unseen_flaws
from service.core.errors import ConflictError, InvalidError, NotFoundError
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
    """Which people: who hold a role, whose name, department or log-in has a text in it, who were erased or were not.

    What is None is not asked; and which page of them.
    """

    role: Role | None = None
    text: str | None = None
    erased: bool | None = None
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
    """List people, the latest first, a page at a time.

    Raises ``InvalidError`` for a limit outside the largest page, ``MalformedError`` for a cursor of another query.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    flaws = unseen_flaws("/text", query.text or "")
    if flaws:
        raise InvalidError(flaws)
    bound_to = (query.role, query.text, None if query.erased is None else str(query.erased))
    part = Slice(query.cursor, query.limit, bound_to)
    found = slice_of(work, select(Person).where(*_wanted(query)), Person.id, part)
    roles = _roles_of_all(work.session, [person.id for person in found.items])
    return Page(tuple(Known(person, _ordered(roles[person.id])) for person in found.items), found.next_cursor)


def _wanted(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.role is not None:
        found.append(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == query.role)))
    if query.text is not None:
        texts = (Person.name, Person.department, Person.login)
        found.append(or_(*(text.icontains(query.text, autoescape=True) for text in texts)))
    if query.erased is not None:
        found.append(Person.name_salt.is_(None) if query.erased else Person.name_salt.is_not(None))
    return found


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
