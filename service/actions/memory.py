"""Asking the database once, as long as nothing in it changes. Only for work that reads: a change asks every time."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.db.engine import is_reading
from service.db.memory import memory

Found = TypeVar("Found")

_KEPT: Final = "sluice_kept"


def remembered(session: Session, name: Hashable, ask: Callable[[], Found]) -> Found:
    """Give what ``ask`` gives, or gave since the last change in the database. An error of ``ask`` is not remembered."""
    kept = _kept(session)
    if kept is None:
        return ask()
    if name not in kept:
        kept[name] = ask()
    found: Found = kept[name]
    return found


def _kept(session: Session) -> dict[Hashable, Any] | None:
    """Give the memory of the database, but none to work that writes, or that has had a view of its own before."""
    known: dict[Hashable, Any] | None = session.info.get(_KEPT)
    bind = session.get_bind()
    if known is not None or session.in_transaction() or not isinstance(bind, Engine) or not is_reading(bind):
        return known
    kept = session.info[_KEPT] = memory(bind)
    return kept
