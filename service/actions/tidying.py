"""Removing what is kept for a while only: answers to repetitions, messages that arrived. Entries stay for ever."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, Delete, delete, select

from service.db.replies import ReplyRow
from service.db.webhooks import OutboxRow
from service.work import Work

# How many of a kind one work removes, so that nobody waits long for it.
MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was removed."""

    replies: int
    messages: int

    @property
    def may_be_more(self) -> bool:
        """Whether there may be more of what can be removed."""
        return MOST in (self.replies, self.messages)


def tidy(work: Work) -> Tidied:
    """Remove answers and delivered messages that are older than the settings say, the oldest first, some at a time.

    Messages that wait or were given up stay. Whatever others are at removing is left to them.
    """
    return Tidied(_removed(work, _replies(work)), _removed(work, _messages(work)))


def _replies(work: Work) -> Delete:
    before = work.now - timedelta(days=work.settings.replies_days)
    old = select(ReplyRow.scope).where(ReplyRow.replied_at < before).order_by(ReplyRow.replied_at)
    return delete(ReplyRow).where(ReplyRow.scope.in_(old.limit(MOST).with_for_update(skip_locked=True)))


def _messages(work: Work) -> Delete:
    """Find them by when they were due, which is no later than when they arrived and has an index."""
    before = work.now - timedelta(days=work.settings.delivered_days)
    arrived = (OutboxRow.state == "delivered", OutboxRow.due_at < before, OutboxRow.delivered_at < before)
    old = select(OutboxRow.id).where(*arrived).order_by(OutboxRow.due_at)
    return delete(OutboxRow).where(OutboxRow.id.in_(old.limit(MOST).with_for_update(skip_locked=True)))


def _removed(work: Work, removing: Delete) -> int:
    done = work.session.execute(removing, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)  # noqa: S101 - a deletion has a count
    return done.rowcount
