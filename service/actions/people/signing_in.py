"""How somebody signs in to the pages, for whoever manages people: log-in, password, sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service.actions import sign_in
from service.actions.ledger import record
from service.actions.people.reading import get, present
from service.core.people import Permission
from service.core.sign_in import ONE_TIME_LASTS
from service.db.people import Person
from service.db.sign_in import PasswordRow
from service.work import Work


class PasswordKind(StrEnum):
    """What password somebody has: none, one to be changed first, one that lasts."""

    NONE = "none"
    ONE_TIME = "one_time"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Somebody's log-in, what password they have and since when, and how many sessions are open.

    ``until`` is when a one-time password ends, ``text`` the password itself right after it was made.
    """

    login: str | None
    password: PasswordKind
    set_at: datetime | None
    until: datetime | None
    sessions: int
    text: str | None = None


def signing_in(work: Work, person_id: UUID) -> SigningIn:
    """Say how somebody signs in. Raises ``NotFoundError``."""
    return _told(work, get(work, person_id).person)


def name_login(work: Work, person_id: UUID, login: str) -> SigningIn:
    """Let somebody sign in under a name of their own.

    Raises ``NotFoundError``, ``AlreadyErasedError``, ``InvalidError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    present(work, person_id)
    return _told(work, sign_in.set_login(work, person_id, login))


def give_password(work: Work, person_id: UUID) -> SigningIn:
    """Give somebody a password that they change when they first use it; it is told once. Their sessions end.

    Raises ``NotFoundError``, ``AlreadyErasedError``, ``NoLoginError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    person = present(work, person_id)
    text = sign_in.give_one_time(work, person_id)
    return _told(work, person, text)


def end_sessions(work: Work, person_id: UUID) -> SigningIn:
    """End every session of somebody. Raises ``NotFoundError``, ``AlreadyErasedError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    person = present(work, person_id)
    data = {"sessions": sign_in.count_open(work, person_id)}
    record(work, "person.sessions_ended", "person", str(person_id), data)
    sign_in.end_sessions(work, person_id)
    return _told(work, person)


def _told(work: Work, person: Person, text: str | None = None) -> SigningIn:
    row = work.session.get(PasswordRow, person.id)
    sessions = sign_in.count_open(work, person.id)
    if row is None:
        return SigningIn(person.login, PasswordKind.NONE, None, None, sessions)
    if not sign_in.is_one_time(work, row):
        return SigningIn(person.login, PasswordKind.LASTING, row.set_at, None, sessions)
    return SigningIn(person.login, PasswordKind.ONE_TIME, row.set_at, row.set_at + ONE_TIME_LASTS, sessions, text)
