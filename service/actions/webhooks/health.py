"""How webhooks do: when something last arrived, since when nothing does, what waits and what was given up."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from service.core.people import Permission
from service.db.ledger import LedgerEvent
from service.db.webhooks import OutboxRow, WebhookRow
from service.work import Work

_DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Health:
    """How a webhook does.

    ``failing_since`` is when the oldest message was written that was tried in vain, and after which none arrived; None
    where there is none. ``waiting`` counts what is still to be sent, ``dead`` what was given up.
    """

    last_success_at: datetime | None = None
    failing_since: datetime | None = None
    waiting: int = 0
    dead: int = 0


def health(work: Work, webhook_ids: Collection[UUID]) -> Mapping[UUID, Health]:
    """Say how webhooks do."""
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    arrived, failing = _arrived(work, webhook_ids), _failing(work, webhook_ids)
    counted = _counted(work, webhook_ids)
    return {
        one: Health(arrived.get(one), failing.get(one), counted.get((one, "pending"), 0), counted.get((one, "dead"), 0))
        for one in webhook_ids
    }


def failing(work: Work) -> list[WebhookRow]:
    """List the active webhooks at which nothing arrives."""
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    rows = work.session.scalars(select(WebhookRow).where(WebhookRow.active).order_by(WebhookRow.id)).all()
    lacking = _failing(work, [row.id for row in rows])
    return [row for row in rows if row.id in lacking]


def _arrived(work: Work, webhook_ids: Collection[UUID]) -> dict[UUID, datetime]:
    wanted = (
        select(OutboxRow.webhook_id, func.max(OutboxRow.delivered_at))
        .where(OutboxRow.webhook_id.in_(webhook_ids), OutboxRow.delivered_at.is_not(None))
        .group_by(OutboxRow.webhook_id)
    )
    return {webhook_id: at for webhook_id, at in work.session.execute(wanted) if at is not None}


def _failing(work: Work, webhook_ids: Collection[UUID]) -> dict[UUID, datetime]:
    arrived = (
        select(OutboxRow.webhook_id, func.max(OutboxRow.id).label("last"))
        .where(OutboxRow.state == "delivered")
        .group_by(OutboxRow.webhook_id)
        .subquery()
    )
    first = (
        select(func.min(OutboxRow.id))
        .outerjoin(arrived, arrived.c.webhook_id == OutboxRow.webhook_id)
        .where(OutboxRow.webhook_id.in_(webhook_ids), _failed(), OutboxRow.id > func.coalesce(arrived.c.last, 0))
        .group_by(OutboxRow.webhook_id)
    )
    wanted = select(OutboxRow.webhook_id, LedgerEvent.canon).join(LedgerEvent, LedgerEvent.id == OutboxRow.event_id)
    rows = work.session.execute(wanted.where(OutboxRow.id.in_(first)))
    return {webhook_id: datetime.fromisoformat(json.loads(bytes(canon))["at"]) for webhook_id, canon in rows}


def _failed() -> ColumnElement[bool]:
    return OutboxRow.last_error.is_not(None) & (OutboxRow.last_error != _DEACTIVATED)


def _counted(work: Work, webhook_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    wanted = (
        select(OutboxRow.webhook_id, OutboxRow.state, func.count())
        .where(OutboxRow.webhook_id.in_(webhook_ids))
        .group_by(OutboxRow.webhook_id, OutboxRow.state)
    )
    return {(webhook_id, state): count for webhook_id, state, count in work.session.execute(wanted)}
