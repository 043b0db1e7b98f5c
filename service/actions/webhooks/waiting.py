"""What waits to be sent: how much of it is due, and for how long."""

from dataclasses import dataclass

from sqlalchemy import func, select

from service.db.webhooks import OutboxRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that are due and that nobody has in hand, how long the oldest has been, and those given up."""

    due: int
    oldest_seconds: int
    dead: int


def waiting(work: Work) -> Waiting:
    """Say what waits. A message that is tried again later is not due until then; one in hand is being sent."""
    is_free = OutboxRow.taken_until.is_(None) | (OutboxRow.taken_until < work.now)
    due, oldest = work.session.execute(
        select(func.count(), func.min(OutboxRow.due_at)).where(
            OutboxRow.state == "pending", OutboxRow.due_at <= work.now, is_free
        )
    ).one()
    dead = work.session.execute(select(func.count()).where(OutboxRow.state == "dead")).scalar_one()
    return Waiting(due, 0 if oldest is None else int((work.now - oldest).total_seconds()), dead)
