"""Log-ins and passwords: who calls themselves what, and how they prove it."""

import hashlib
from uuid import UUID

from sqlalchemy import delete, select

from service.actions.ledger import record
from service.actions.sign_in.reasons import Why
from service.actions.sign_in.verifying import hashed, matches
from service.core.errors import ConflictError, Flaw, InvalidError, NotFoundError
from service.core.ledger.commitments import commitment
from service.core.people import Permission
from service.core.sign_in import login_flaws, password_flaws, plain_login, plain_password
from service.db.people import Person
from service.db.sign_in import PasswordRow, SessionRow
from service.work import Work


class NoLoginError(ConflictError):
    """Somebody without a log-in cannot have a password."""

    code = "no_login"


def set_login(work: Work, person_id: UUID, login: str) -> Person:
    """Let somebody sign in under a name of their own.

    Raises ``NotFoundError``, ``InvalidError`` for a log-in that is none, or is somebody else's.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    person, plain = _person(work, person_id), plain_login(login)
    flaws = faults_of_login(work, plain, person_id)
    if flaws or person.name_salt is None:
        raise InvalidError(flaws or (Flaw("/login", "login_form"),))
    data = {"login_commitment": commitment(person.name_salt, ("login", plain))}
    person.event_id = record(work, "person.login_set", "person", str(person_id), data)
    person.login = plain
    work.session.flush()
    return person


def faults_of_login(work: Work, login: str, person_id: UUID | None) -> tuple[Flaw, ...]:
    """Say what is wrong with a log-in for somebody, None for one who is not there yet: its form, or whose it is."""
    plain = plain_login(login)
    holder = find_by_login(work, plain)
    taken = () if holder is None or holder.id == person_id else (Flaw("/login", "login_taken"),)
    return login_flaws("/login", plain) + taken


def find_by_login(work: Work, login: str) -> Person | None:
    """Give whoever has a log-in, if anybody has."""
    return work.session.scalars(select(Person).where(Person.login == plain_login(login))).one_or_none()


def has_password(work: Work, person_id: UUID) -> bool:
    """Whether somebody has a password."""
    return work.session.get(PasswordRow, person_id) is not None


def set_password(work: Work, person_id: UUID, password: str) -> None:
    """Give somebody a password; their sessions end. Raises ``NotFoundError``, ``NoLoginError``, ``InvalidError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    replace_password(work, person_id, password, "/password", Why.GIVEN)


def login_of(work: Work) -> str:
    """Give the log-in of whoever acts. Raises ``NoLoginError``."""
    person = None if work.actor.person_id is None else work.session.get(Person, work.actor.person_id)
    if person is None or person.login is None:
        raise NoLoginError
    return person.login


def change_password(work: Work, current: str, password: str) -> None:
    """Let whoever acts, and knows their password, choose another; all their sessions end. Raises ``InvalidError``."""
    work.actor.require(Permission.KEEP_OWN_KEYS)
    person_id = work.actor.person_id
    row = None if person_id is None else work.session.get(PasswordRow, person_id)
    if person_id is None or row is None or not matches(row.hash, current):
        raise InvalidError((Flaw("/current", "password_wrong"),))
    replace_password(work, person_id, password, "/password", Why.CHOSEN)


def strengthen(work: Work, person_id: UUID, password: str) -> None:
    """Hash a password that was just verified anew, as it is done today."""
    _person(work, person_id)
    _store(work, person_id, hashed(plain_password(password)), Why.STRENGTHENED)


def forget(work: Work, person: Person) -> int:
    """Remove log-in, password and sessions of somebody who is erased; give how many things of them were personal."""
    was_named = person.login is not None
    person.login = None
    work.session.execute(delete(SessionRow).where(SessionRow.person_id == person.id))
    work.session.execute(delete(PasswordRow).where(PasswordRow.person_id == person.id))
    return int(was_named)


def end_sessions(work: Work, person_id: UUID) -> None:
    """End every session of somebody."""
    lives = select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.revoked_at.is_(None))
    for row in work.session.scalars(lives):
        row.revoked_at = work.now
    work.session.flush()


def replace_password(work: Work, person_id: UUID, password: str, pointer: str, why: Why) -> None:
    """Let somebody have this password from now on; their sessions end. Raises what ``set_password`` does."""
    person, plain = _person(work, person_id), plain_password(password)
    if person.login is None:
        raise NoLoginError
    flaws = password_flaws(pointer, plain, person.login)
    if flaws:
        raise InvalidError(flaws)
    _store(work, person_id, hashed(plain), why)
    end_sessions(work, person_id)


def _store(work: Work, person_id: UUID, hash_: str, why: Why) -> None:
    data = {"hash_sha256": hashlib.sha256(hash_.encode()).hexdigest(), "why": why.value}
    row = work.session.get(PasswordRow, person_id)
    event_id = record(work, "person.password_set", "person", str(person_id), data)
    if row is None:
        row = PasswordRow(person_id=person_id, hash=hash_, set_at=work.now, event_id=event_id)
        work.session.add(row)
    row.hash, row.set_at, row.event_id = hash_, work.now, event_id
    work.session.flush()


def _person(work: Work, person_id: UUID) -> Person:
    person = work.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFoundError(kind="person")
    return person
