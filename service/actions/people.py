"""People, and the keys other systems show for them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.memory import remembered
from service.core.cases.headers import name_flaws
from service.core.cases.opinions import department_flaws
from service.core.errors import ConflictError, Flaw, InvalidError, NotFoundError, UnauthenticatedError
from service.core.ledger.canonical import Plain
from service.core.ledger.commitments import SALT_BYTES, commitment
from service.core.people import Actor, Permission, Role, person_ref
from service.db.people import ApiKey, InterestRow, Person, PersonRole
from service.work import Work

KEY_LIFETIME = timedelta(days=365)
LIVE_KEYS = 2

# What stands where the name of an erased person stood.
ERASED: Final = "—"

_PREFIX = "slc"
_ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose a key is, and until when it counts."""

    actor: Actor
    until: datetime


class AlreadyErasedError(ConflictError):
    """The person was erased before."""

    code = "already_erased"


class TooManyKeysError(ConflictError):
    """A person has as many live keys as a rotation needs. Figures: ``most``."""

    code = "too_many_keys"


def add(work: Work, name: str, roles: Iterable[Role], department: str | None = None) -> Person:
    """Add a person with at least one role, of a department if they speak for one.

    The ledger has no more of the name than a commitment.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    held, of = sorted(set(roles)), None if department is None else department.strip()
    flaws = name_flaws(name.strip()) + (() if held else (Flaw("/roles", "roles_missing"),))
    flaws += () if of is None else department_flaws("/department", of)
    if flaws:
        raise InvalidError(flaws)
    person_id, salt = new_id(work), secrets.token_bytes(SALT_BYTES)
    data: dict[str, Plain] = {
        "roles": tuple(role.value for role in held),
        "name_commitment": commitment(salt, name.strip()),
    }
    data |= {} if of is None else {"department": of}
    event_id = record(work, "person.added", "person", str(person_id), data)
    person = Person(
        id=person_id, name=name.strip(), name_salt=salt, department=of, created_at=work.now, event_id=event_id
    )
    work.session.add(person)
    work.session.flush()
    work.session.add_all(PersonRole(person_id=person_id, role=role.value) for role in held)
    work.session.flush()
    return person


def get(work: Work, person_id: UUID) -> Person:
    """Read a person. Raises ``NotFoundError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    person = work.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFoundError(kind="person")
    return person


def erase(work: Work, person_id: UUID) -> Person:
    """Erase what is personal of a person: the name, the firms they are bound to, what the ledger's commitments hang on.

    Their keys are revoked; what they did stays, done by whoever had this identifier. Raises ``NotFoundError``,
    ``AlreadyErasedError``.
    """
    person = get(work, person_id)
    if person.name_salt is None:
        raise AlreadyErasedError
    for key in find_keys(work, person_id):
        revoke_key(work, key.id)
    interests = work.session.execute(delete(InterestRow).where(InterestRow.person_id == person_id)).rowcount  # type: ignore[attr-defined]  # a DELETE has one
    person.name, person.name_salt = ERASED, None
    person.event_id = record(work, "person.erased", "person", str(person_id), {"fields": 1 + interests})
    work.session.flush()
    return person


def find(work: Work, name: str | None = None) -> list[tuple[Person, frozenset[Role]]]:
    """List people with their roles in the order they were added, all or those of one exact name."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    query = select(Person).order_by(Person.created_at, Person.id)
    people = work.session.scalars(query if name is None else query.where(Person.name == name)).all()
    return [(person, _roles(work.session, person.id)) for person in people]


def issue_key(work: Work, person_id: UUID, *, secret: str | None = None, lifetime: timedelta = KEY_LIFETIME) -> str:
    """Issue a key and give it in full, for the only time. At most ``LIVE_KEYS`` live keys a person.

    ``secret`` is for demonstration people, whose keys are printed again; otherwise it is random (256 bits).
    """
    person = get(work, person_id)
    if len(find_keys(work, person_id)) >= LIVE_KEYS:
        raise TooManyKeysError(most=LIVE_KEYS)
    key_id = "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))
    chosen = secret or secrets.token_urlsafe(32)
    expires_at = work.now + lifetime
    data = {"person": person_ref(person.id), "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    work.session.add(
        ApiKey(
            id=key_id,
            person_id=person.id,
            secret_sha256=_digest(chosen),
            created_at=work.now,
            expires_at=expires_at,
            event_id=record(work, "key.issued", "key", key_id, data),
        )
    )
    work.session.flush()
    return key_text(key_id, chosen)


def key_text(key_id: str, secret: str) -> str:
    """Write a key the way it is shown."""
    return f"{_PREFIX}_{key_id}_{secret}"


def find_keys(work: Work, person_id: UUID) -> list[ApiKey]:
    """List a person's live keys in the order they were issued."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    query = (
        select(ApiKey)
        .where(ApiKey.person_id == person_id, ApiKey.expires_at > work.now)
        .where(or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > work.now))
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return list(work.session.scalars(query))


def revoke_key(work: Work, key_id: str) -> None:
    """End a key's life now. Raises ``NotFoundError``, also for a key that is revoked already."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    key = work.session.get(ApiKey, key_id, with_for_update=True)
    if key is None or key.revoked_at is not None:
        raise NotFoundError(kind="key")
    key.revoked_at = work.now
    key.event_id = record(work, "key.revoked", "key", key_id, {"person": person_ref(key.person_id)})
    work.session.flush()


def who(session: Session, key: str, now: datetime) -> Actor:
    """Say who shows a key. Raises ``UnauthenticatedError`` for any that does not count now, without saying why.

    Work that reads asks the database only after something in it has changed; the end of a key is looked at every time.
    """
    known = remembered(session, ("who", _digest(key)), lambda: _known(session, key))
    if known.until <= now:
        raise UnauthenticatedError
    return known.actor


def _known(session: Session, key: str) -> _Known:
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    row = session.get(ApiKey, key_id) if prefix == _PREFIX and _is_id(key_id) else None
    digest = bytes(32) if row is None else row.secret_sha256
    if not hmac.compare_digest(_digest(secret), digest) or row is None:
        raise UnauthenticatedError
    person = session.get_one(Person, row.person_id)
    actor = Actor(person_ref(person.id), person.name, _roles(session, person.id), person.id)
    return _Known(actor, row.expires_at if row.revoked_at is None else min(row.expires_at, row.revoked_at))


def _roles(session: Session, person_id: UUID) -> frozenset[Role]:
    return frozenset(Role(role) for role in session.scalars(select(PersonRole.role).filter_by(person_id=person_id)))


def _is_id(text: str) -> bool:
    return len(text) == _ID_LENGTH and set(text) <= set(_ID_ALPHABET)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
