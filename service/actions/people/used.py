"""When a key was last used: told to the hour, in work of its own that nobody waits for, and no part of the ledger."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, update

from service.db.people import ApiKey
from service.work import Work

# How far behind it may be.
EVERY: Final = timedelta(hours=1)


def is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Whether a use is to be written down."""
    return last_used_at is None or now - last_used_at >= EVERY


def note_use(work: Work, key_id: str) -> None:
    """Write down that a key is in use now, unless somebody did within the hour."""
    stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= work.now - EVERY)
    work.session.execute(
        update(ApiKey).where(ApiKey.id == key_id, stale).values(last_used_at=work.now),
        execution_options={"synchronize_session": False},
    )
