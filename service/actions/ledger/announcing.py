"""Announcing an entry: a message for every webhook that wants it, in the transaction of the entry."""

import json
from typing import Final

from sqlalchemy import ColumnElement, insert, select

from service.core.webhooks import wants
from service.db.webhooks import OutboxRow, WebhookRow
from service.work import Work

# Whether there is any webhook at all; asked in the statement that writes an entry.
ANYBODY: Final[ColumnElement[bool]] = select(WebhookRow.id).where(WebhookRow.active).exists()

_ACTIVE = select(WebhookRow.id, WebhookRow.events).where(WebhookRow.active).order_by(WebhookRow.id)


def announce(work: Work, event_id: int, type_: str) -> None:
    """Put an entry into the outbox for every active webhook that is told of its type."""
    rows = [
        {"event_id": event_id, "webhook_id": row.id, "due_at": work.now, "attempts": 0, "state": "pending"}
        for row in work.session.execute(_ACTIVE)
        if wants(json.loads(row.events), type_)
    ]
    if rows:
        work.session.execute(insert(OutboxRow), rows)
