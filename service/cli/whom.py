"""Whom a command is about: somebody named by identifier or by name."""

from uuid import UUID

from service.actions import people
from service.cli import console
from service.core.errors import NotFoundError
from service.core.people import Actor, person_ref
from service.work import Work


def acting(work: Work, person: str) -> Actor:
    """Give the one person of that identifier or name as somebody who acts, with the roles they hold."""
    found = person_id(work, person)
    row, roles = next((one, roles) for one, roles in people.find(work) if one.id == found)
    return Actor(person_ref(row.id), row.name, roles, row.id)


def person_id(work: Work, person: str) -> UUID:
    """Give the one person of that identifier or name; where several have the name, say so, and leave."""
    found = [one.id for one, _ in people.find(work) if person in {str(one.id), one.name}]
    if len(found) > 1:
        console.fail("keys.ambiguous", console.IMPOSSIBLE, name=person, ids=found)
    if not found:
        raise NotFoundError(kind="person")
    return found[0]
