"""Changing what a person may do."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete

from service.actions.ledger import record
from service.actions.meetings.loading import require_version
from service.actions.people.reading import Known, known, present
from service.core.errors import ForbiddenError, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, Role, role_flaws
from service.db.people import PersonRole
from service.work import Work


class OwnRolesError(ForbiddenError):
    """Nobody changes the roles they hold themselves."""

    code = "own_roles"


def set_roles(work: Work, person_id: UUID, roles: Iterable[Role]) -> Known:
    """Let a person hold these roles and no others, from the next request on, whatever they show.

    Raises ``NotFoundError``, ``OwnRolesError``, ``AlreadyErasedError``, ``StaleError``, ``InvalidError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    wanted = sorted(set(roles))
    person = present(work, person_id)
    if person_id == work.actor.person_id:
        raise OwnRolesError
    require_version(work, person.version)
    flaws = role_flaws(wanted)
    if flaws:
        raise InvalidError(flaws)
    person.version += 1
    data: dict[str, Plain] = {"roles": tuple(role.value for role in wanted), "version": person.version}
    person.event_id = record(work, "person.roles_changed", "person", str(person_id), data)
    work.session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    work.session.add_all(PersonRole(person_id=person_id, role=role.value) for role in wanted)
    work.session.flush()
    return known(work, person)
