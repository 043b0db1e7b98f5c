"""Attempts to sign in, counted in the database, so that the count holds for all workers together.

An attempt is counted before its password is looked at: guesses sent side by side are as slow as one after another.
What succeeds takes back what was counted for its log-in, and its own from the count of its address.
"""

import hashlib
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.core.sign_in import FREE_FROM_ADDRESS, FREE_WITH_LOGIN, REMEMBERED, ThrottledError, plain_login, wait
from service.db.sign_in import AttemptsRow
from service.work import Work

_SECOND: Final = timedelta(seconds=1)
_NEW: Final = {
    "sqlite": sqlite.insert(AttemptsRow).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(AttemptsRow).on_conflict_do_nothing(),
}


def attempt(work: Work, login: str, address: str) -> None:
    """Count an attempt with a log-in, known or not, from an address. Raises ``ThrottledError``, and counts nothing."""
    work.session.execute(delete(AttemptsRow).where(AttemptsRow.last_at <= work.now - REMEMBERED))
    counted = [_row(work, scope) for scope in (_of_login(login), _of_address(address))]
    for row, free in zip(counted, (FREE_WITH_LOGIN, FREE_FROM_ADDRESS), strict=True):
        _require_patience(work, row, free)
    for row in counted:
        row.count += 1
        row.last_at = work.now
    work.session.flush()


def forgive(work: Work, login: str, address: str) -> None:
    """Take back what was counted of an attempt that succeeded."""
    work.session.execute(delete(AttemptsRow).where(AttemptsRow.scope_sha256 == _of_login(login)))
    row = work.session.scalars(_wanted(_of_address(address))).one_or_none()
    if row is not None and row.count > 0:
        row.count -= 1
    work.session.flush()


def _require_patience(work: Work, row: AttemptsRow, free: int) -> None:
    left = row.last_at + wait(row.count, free) - work.now
    if left > timedelta():
        raise ThrottledError(retry_after=-(-left // _SECOND))


def _row(work: Work, scope: str) -> AttemptsRow:
    """Give the count of a scope, locked; of two that begin one at the same moment, one waits for the other."""
    new = {"scope_sha256": scope, "count": 0, "last_at": work.now}
    work.session.execute(_NEW[work.session.get_bind().dialect.name], new)
    return work.session.scalars(_wanted(scope)).one()


def _wanted(scope: str) -> Select[AttemptsRow]:
    return select(AttemptsRow).where(AttemptsRow.scope_sha256 == scope).with_for_update()


def _of_login(login: str) -> str:
    return _scope("login", plain_login(login))


def _of_address(address: str) -> str:
    return _scope("address", address)


def _scope(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
