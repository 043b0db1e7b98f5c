"""Erasing people."""

from uuid import UUID

from sqlalchemy import delete

from service.actions import sign_in
from service.actions.ledger import record
from service.actions.meetings.loading import require_version
from service.actions.people.keys import find_keys, revoke_key
from service.actions.people.reading import ERASED, present
from service.core.people import Permission
from service.db.people import InterestRow, Person, PersonIdentity
from service.work import Work


def erase(work: Work, person_id: UUID) -> Person:
    """Erase what is personal of a person: all that names them, and what the ledger's commitments hang on.

    That is their name, how they sign in, the firms they are bound to, who they are to an identity server, and what
    their keys were called. The keys are revoked; what they did stays, done by whoever had this identifier. Raises
    ``NotFoundError``, ``AlreadyErasedError``, and ``StaleError`` where a version was read.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    person = present(work, person_id)
    if work.expects is not None:
        require_version(work, person.version)
    for key in find_keys(work, person_id):
        revoke_key(work, key.id)
    for key in find_keys(work, person_id, ended=True):
        key.label = None
    fields = 1 + sum(_removed(work, table, person_id) for table in (InterestRow, PersonIdentity))
    fields += sign_in.forget(work, person)
    person.name, person.name_salt, person.version = ERASED, None, person.version + 1
    data = {"fields": fields, "version": person.version}
    person.event_id = record(work, "person.erased", "person", str(person_id), data)
    work.session.flush()
    return person


def _removed(work: Work, table: type[InterestRow] | type[PersonIdentity], person_id: UUID) -> int:
    removed: int = work.session.execute(delete(table).where(table.person_id == person_id)).rowcount  # type: ignore[attr-defined]  # a DELETE has one
    return removed
