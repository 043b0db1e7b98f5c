"""What was sent to a webhook and what came of it; sending a test, and sending something again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from service.actions.applications import LARGEST_PAGE, Page, cursors
from service.actions.ledger import record
from service.actions.webhooks.manage import get, held, require_active
from service.core.errors import ConflictError, Flaw, InvalidError, NotFoundError
from service.core.webhooks import TESTED
from service.db.ledger import LedgerEvent
from service.db.webhooks import OutboxRow
from service.work import Work


class StillPendingError(ConflictError):
    """The message is still to be sent anyway."""

    code = "still_pending"


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Which page of the deliveries."""

    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a webhook: its number, the type and number of its entry, and what came of it so far.

    ``due_at`` is when it is sent next, None when it is not any more; ``status`` and ``error`` are those of the last
    attempt.
    """

    n: int
    type: str
    entry: int
    state: str
    attempts: int
    due_at: datetime | None
    status: int | None
    error: str | None
    delivered_at: datetime | None


def deliveries(work: Work, webhook_id: UUID, query: DeliveryQuery) -> Page[Delivery]:
    """List what was and is to be sent to a webhook, the latest first, a page at a time.

    Raises ``NotFoundError``, ``InvalidError``, ``MalformedError``.
    """
    row = get(work, webhook_id)
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    bound_to = ("deliveries", str(row.id))
    wanted = _deliveries().where(OutboxRow.webhook_id == row.id)
    if query.cursor is not None:
        wanted = wanted.where(OutboxRow.id < cursors.read(query.cursor, bound_to).serial)
    found = work.session.execute(wanted.order_by(OutboxRow.id.desc()).limit(query.limit + 1)).all()
    items = tuple(_delivery(row, type_) for row, type_ in found[: query.limit])
    if len(found) == len(items):
        return Page(items, None)
    return Page(items, cursors.write(cursors.Position(None, items[-1].n), bound_to))


def test(work: Work, webhook_id: UUID) -> Delivery:
    """Let a webhook be sent a message that tells nothing but that it is a test. Raises ``WebhookInactiveError``."""
    row = held(work, webhook_id)
    require_active(row)
    event_id = record(work, TESTED, "webhook", str(row.id), {})
    message = OutboxRow(event_id=event_id, webhook_id=row.id, due_at=work.now, attempts=0, state="pending")
    work.session.add(message)
    work.session.flush()
    return _delivery(message, TESTED)


def replay(work: Work, webhook_id: UUID, n: int) -> Delivery:
    """Send a message again, under its identifier, from the first attempt on.

    Raises ``NotFoundError``, ``WebhookInactiveError``, ``StillPendingError``.
    """
    webhook = held(work, webhook_id)
    wanted = _deliveries().where(OutboxRow.id == n, OutboxRow.webhook_id == webhook.id)
    found = work.session.execute(wanted.with_for_update(of=OutboxRow)).first()
    if found is None:
        raise NotFoundError(kind="delivery")
    row, type_ = found
    require_active(webhook)
    if row.state == "pending":
        raise StillPendingError
    record(work, "webhook.replayed", "webhook", str(webhook.id), {"delivery": row.id, "entry": row.event_id})
    row.state, row.due_at, row.attempts, row.delivered_at = "pending", work.now, 0, None
    work.session.flush()
    return _delivery(row, type_)


def _deliveries() -> Select[OutboxRow, str]:
    return select(OutboxRow, LedgerEvent.type).join(LedgerEvent, LedgerEvent.id == OutboxRow.event_id)


def _delivery(row: OutboxRow, type_: str) -> Delivery:
    return Delivery(
        n=row.id,
        type=type_,
        entry=row.event_id,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at if row.state == "pending" else None,
        status=row.last_status,
        error=row.last_error,
        delivered_at=row.delivered_at,
    )
