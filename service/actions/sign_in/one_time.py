"""One-time passwords: made here, shown once, and good for nothing but choosing another."""

import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

from service.actions.sign_in.logins import replace_password
from service.actions.sign_in.reasons import Why
from service.actions.sign_in.sessions import actor_of
from service.actions.sign_in.verifying import Verified
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.sign_in import plain_password
from service.db.sign_in import PasswordRow
from service.work import Work

# Small letters and digits that nobody takes for one another: five bits each, a hundred in all.
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS: Final = 4
_GROUP: Final = 5


def give_one_time(work: Work, person_id: UUID) -> str:
    """Give somebody a password that is to be changed before anything else; their sessions end.

    Raises ``NotFoundError``, ``NoLoginError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    password = "-".join(groups)
    replace_password(work, person_id, password, "/password", Why.ONE_TIME)
    return password


def choose(work: Work, known: Verified, password: str) -> Verified:
    """Let somebody who was verified by a one-time password choose their own; it is they who act.

    Raises ``InvalidError``, also where the password that was verified is not theirs any more.
    """
    row = work.session.get(PasswordRow, known.person_id, with_for_update=True)
    if row is None or row.event_id != known.event_id:
        raise InvalidError((Flaw("/current", "password_wrong"),))
    if plain_password(password) == plain_password(known.password):
        raise InvalidError((Flaw("/password", "password_same"),))
    own = replace(work, actor=actor_of(work.session, known.person_id))
    replace_password(own, known.person_id, password, "/password", Why.CHOSEN)
    return replace(known, password=password, is_current=True, event_id=row.event_id, one_time_until=None)
