"""Whether a password is somebody's, with the same work for a log-in that is nobody's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from service.actions.sign_in.reasons import is_one_time
from service.core.sign_in import MOST, ONE_TIME_LASTS, login_flaws, plain_login, plain_password
from service.db.people import Person
from service.db.sign_in import PasswordRow
from service.work import Work

# Argon2id with 19 MiB, two passes, one lane: a password costs its guesser what it costs us, and a worker little memory.
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Of a password nobody knows.
_NOBODYS: Final = HASHER.hash("Z1q!" * 16)


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody who knows their password, the password, and whether it is hashed as it would be today.

    ``one_time_until`` is there for a password that opens nothing but the choice of another, until then; ``event_id`` is
    the entry that set it.
    """

    person_id: UUID
    login: str
    password: str
    is_current: bool
    event_id: int
    one_time_until: datetime | None


def verify(work: Work, login: str, password: str) -> Verified | None:
    """Say whose log-in and password these are, or None. It takes its time and no lock: work that reads will do."""
    plain = plain_login(login)
    row = None if login_flaws("", plain) else _row(work, plain)
    if not matches(_NOBODYS if row is None else row.hash, password) or row is None:
        return None
    return Verified(
        row.person_id,
        plain,
        password,
        is_current=not HASHER.check_needs_rehash(row.hash),
        event_id=row.event_id,
        one_time_until=row.set_at + ONE_TIME_LASTS if is_one_time(work, row) else None,
    )


def _row(work: Work, login: str) -> PasswordRow | None:
    known = select(PasswordRow).join(Person, Person.id == PasswordRow.person_id).where(Person.login == login)
    return work.session.scalars(known).one_or_none()


def matches(hash_: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return HASHER.verify(hash_, plain_password(password[: 4 * MOST]).encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def hashed(password: str) -> str:
    """Hash a password, written plainly, as it is done today."""
    return HASHER.hash(password.encode("utf-8", "surrogatepass"))
