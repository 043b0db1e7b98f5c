"""Who is asking: whose key is shown, or whom a token speaks of."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.actions.memory import remembered
from service.actions.people.keeping import end_of, scopes_of
from service.actions.people.reading import roles_of
from service.actions.people.secret import PREFIX, digest, is_key_id
from service.core.errors import UnauthenticatedError
from service.core.people import Actor, Credential, Role, person_ref
from service.core.tokens import Token
from service.db.people import ApiKey, Person, PersonIdentity, PersonRole

NOBODY: Final[Callable[[str, datetime | None], None]] = lambda _key, _at: None  # noqa: E731 - nothing is to be told

# A key with its person, once for each of their roles.
_SHOWN = (
    select(ApiKey, Person, PersonRole.role)
    .join(Person, Person.id == ApiKey.person_id)
    .outerjoin(PersonRole, PersonRole.person_id == ApiKey.person_id)
    .where(ApiKey.id == bindparam("key"))
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose a key is, until when it counts, and when it was last used as far as is known."""

    actor: Actor
    until: datetime
    last_used_at: datetime | None


def who(session: Session, key: str, now: datetime, used: Callable[[str, datetime | None], None] = NOBODY) -> Actor:
    """Say who shows a key. Raises ``UnauthenticatedError`` for any that does not count now, without saying why.

    Work that reads asks the database only after something in it has changed; the end of a key is looked at every time.
    ``used`` is told the key's identifier, and when it was last used as far as is known.
    """
    known = remembered(session, ("who", digest(key)), lambda: _known(session, key))
    if known.until <= now:
        raise UnauthenticatedError
    if known.actor.credential is not None and known.actor.credential.id is not None:
        used(known.actor.credential.id, known.last_used_at)
    return known.actor


def bearer(session: Session, token: Token) -> Actor:
    """Say whom a token that counts speaks of. Raises ``UnauthenticatedError`` for one whom nobody linked to a person.

    What they may do is what their roles here are granted; roles that the token names can only be fewer.
    """
    actor = remembered(session, ("bearer", token.issuer, token.subject), lambda: _linked(session, token))
    roles = actor.roles if token.roles is None else actor.roles & token.roles
    return replace(actor, roles=roles, credential=Credential(None, None, token.expires_at))


def _known(session: Session, key: str) -> _Known:
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    rows = session.execute(_SHOWN, {"key": key_id}).all() if prefix == PREFIX and is_key_id(key_id) else ()
    row = rows[0][0] if rows else None
    expected = bytes(32) if row is None else row.secret_sha256
    if not hmac.compare_digest(digest(secret), expected) or row is None:
        raise UnauthenticatedError
    scopes, until = scopes_of(row), end_of(row)
    shown = Credential(row.id, None if scopes is None else frozenset(scopes), until)
    roles = frozenset(Role(role) for _, _, role in rows if role is not None)
    return _Known(_actor(rows[0][1], roles, shown), until, row.last_used_at)


def _linked(session: Session, token: Token) -> Actor:
    named = select(PersonIdentity).where(PersonIdentity.issuer == token.issuer, PersonIdentity.subject == token.subject)
    identity = session.scalars(named).one_or_none()
    if identity is None:
        raise UnauthenticatedError
    person = session.get_one(Person, identity.person_id)
    return _actor(person, roles_of(session, person.id), None)


def _actor(person: Person, roles: frozenset[Role], shown: Credential | None) -> Actor:
    return Actor(person_ref(person.id), person.name, roles, person.id, shown)
