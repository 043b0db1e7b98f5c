"""Adding people."""

import secrets
from collections.abc import Iterable

from service.actions import sign_in
from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.core.cases.headers import name_flaws
from service.core.cases.opinions import department_flaws
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.ledger.commitments import SALT_BYTES, commitment
from service.core.people import Permission, Role, role_flaws
from service.db.people import Person, PersonRole
from service.work import Work


def add(
    work: Work, name: str, roles: Iterable[Role], department: str | None = None, *, login: str | None = None
) -> Person:
    """Add a person with at least one role, of a department if they speak for one, with a log-in if they have one.

    The ledger has no more of the name than a commitment. Raises ``InvalidError`` with every flaw.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    held, of = sorted(set(roles)), None if department is None else department.strip()
    flaws = name_flaws(name.strip()) + role_flaws(held)
    flaws += () if of is None else department_flaws("/department", of)
    flaws += () if login is None else sign_in.faults_of_login(work, login, None)
    if flaws:
        raise InvalidError(flaws)
    person_id, salt = new_id(work), secrets.token_bytes(SALT_BYTES)
    data: dict[str, Plain] = {
        "roles": tuple(role.value for role in held),
        "name_commitment": commitment(salt, name.strip()),
    }
    data |= {} if of is None else {"department": of}
    event_id = record(work, "person.added", "person", str(person_id), data)
    person = Person(id=person_id, name=name.strip(), name_salt=salt, department=of)
    person.created_at, person.version, person.event_id = work.now, 1, event_id
    work.session.add(person)
    work.session.flush()
    work.session.add_all(PersonRole(person_id=person_id, role=role.value) for role in held)
    work.session.flush()
    return person if login is None else sign_in.set_login(work, person_id, login)
