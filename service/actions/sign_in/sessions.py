"""Sessions in a browser: a random token there, its SHA-256 here. A single sign-in is no entry of the ledger."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from service.actions.sign_in.attempts import forgive
from service.actions.sign_in.logins import strengthen
from service.actions.sign_in.verifying import Verified
from service.config import Settings
from service.core.errors import UnauthenticatedError
from service.core.people import Actor, Role, person_ref
from service.core.sign_in import LAG, Limits, OneTimeError, is_over
from service.db.people import Person, PersonRole
from service.db.sign_in import SessionRow
from service.work import Work

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A session that counts now: whose it is, in which language, and when it was last seen."""

    actor: Actor
    language: str | None
    seen_at: datetime


def new_token() -> str:
    """Make a token of 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def enter(work: Work, known: Verified, address: str, language: str | None) -> str:
    """Begin a session of somebody whose password was verified, and give its token, for the only time.

    Raises ``OneTimeError`` for a password that is to be changed first.
    """
    if known.one_time_until is not None:
        raise OneTimeError
    work.session.execute(delete(SessionRow).where(SessionRow.expires_at <= work.now))
    forgive(work, known.login, address)
    if not known.is_current:
        strengthen(work, known.person_id, known.password)
    return _begin(work, known.person_id, language)


def renew(work: Work, language: str | None) -> str:
    """Begin another session of whoever acts, under a new token. Raises ``UnauthenticatedError`` for the machine."""
    if work.actor.person_id is None:
        raise UnauthenticatedError
    return _begin(work, work.actor.person_id, language)


def _begin(work: Work, person_id: UUID, language: str | None) -> str:
    token = new_token()
    row = SessionRow(
        token_sha256=_digest(token),
        person_id=person_id,
        roles=_spelt(_roles(work.session, person_id)),
        language=language,
        created_at=work.now,
        seen_at=work.now,
        expires_at=work.now + limits(work.settings).most,
        revoked_at=None,
    )
    work.session.add(row)
    work.session.flush()
    return token


def find(session: Database, settings: Settings, token: str, now: datetime) -> Session | None:
    """Give the session of a token, or None if there is none that counts now.

    It counts until it is ended, has lain idle or lasted too long, or its person's roles are not what they were.
    """
    row = session.get(SessionRow, _digest(token))
    if row is None or row.revoked_at is not None or is_over(limits(settings), row.created_at, row.seen_at, now):
        return None
    actor = actor_of(session, row.person_id)
    return Session(actor, row.language, row.seen_at) if _spelt(actor.roles) == row.roles else None


def actor_of(session: Database, person_id: UUID) -> Actor:
    """Give somebody as the one who acts."""
    person = session.get_one(Person, person_id)
    return Actor(person_ref(person_id), person.name, _roles(session, person_id), person_id)


def count_open(work: Work, person_id: UUID) -> int:
    """Count the sessions of somebody that count now."""
    lives = select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.revoked_at.is_(None))
    last, roles = limits(work.settings), _spelt(_roles(work.session, person_id))
    found = work.session.scalars(lives)
    return sum(row.roles == roles and not is_over(last, row.created_at, row.seen_at, work.now) for row in found)


def is_stale(found: Session, now: datetime) -> bool:
    """Whether it is time to write down that a session was seen."""
    return now - found.seen_at >= LAG


def touch(work: Work, token: str) -> None:
    """Write down that a session is seen now."""
    row = work.session.get(SessionRow, _digest(token))
    if row is not None:
        row.seen_at = work.now
        work.session.flush()


def choose_language(work: Work, token: str, language: str) -> None:
    """Let a session be in a language from now on."""
    row = work.session.get(SessionRow, _digest(token))
    if row is not None:
        row.language = language
        work.session.flush()


def end(work: Work, token: str) -> None:
    """End a session now."""
    row = work.session.get(SessionRow, _digest(token))
    if row is not None and row.revoked_at is None:
        row.revoked_at = work.now
        work.session.flush()


def limits(settings: Settings) -> Limits:
    """Say how long sessions last by the settings."""
    return Limits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))


def _roles(session: Database, person_id: UUID) -> frozenset[Role]:
    return frozenset(Role(role) for role in session.scalars(select(PersonRole.role).filter_by(person_id=person_id)))


def _spelt(roles: frozenset[Role]) -> str:
    return " ".join(role.value for role in Role if role in roles)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
