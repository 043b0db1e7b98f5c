"""Who one is to the service."""

from dataclasses import dataclass

from service.core.errors import ForbiddenError
from service.core.people import Credential, Permission, Role
from service.db.people import Person
from service.work import Work


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever asks, what they may do here and now, and what they showed."""

    person: Person
    roles: tuple[Role, ...]
    permissions: tuple[Permission, ...]
    credential: Credential | None


def me(work: Work) -> Me:
    """Say who asks. Raises ``ForbiddenError`` for one who is no person."""
    actor = work.actor
    actor.require(Permission.READ_ONESELF)
    if actor.person_id is None:
        raise ForbiddenError(permission=Permission.READ_ONESELF.value)
    return Me(
        work.session.get_one(Person, actor.person_id),
        tuple(role for role in Role if role in actor.roles),
        tuple(permission for permission in Permission if actor.may(permission)),
        actor.credential,
    )
