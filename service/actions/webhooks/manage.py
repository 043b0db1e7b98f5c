"""Adding webhooks, rotating their secrets, and deactivating them."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from service.actions.applications import Page
from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.meetings.loading import require_version
from service.actions.paging import latest_first
from service.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.webhooks import BOTH_FOR, SECRET_BYTES, flaws, host_of, write_secret
from service.db.webhooks import OutboxRow, WebhookRow
from service.work import Work


class WebhookInactiveError(ConflictError):
    """The webhook is deactivated, and stays so."""

    code = "webhook_inactive"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Where to send, and which types of entries (``*`` for all)."""

    url: str
    events: Sequence[str]


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of the webhooks."""

    cursor: str | None = None
    limit: int = 50


def add(work: Work, new: NewWebhook) -> WebhookRow:
    """Add a webhook with a new secret. The ledger has hashes of its address and secret, and the name of its host.

    Raises ``InvalidError`` with every flaw.
    """
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.MANAGE_WEBHOOKS.value)
    url, events = new.url.strip(), list(dict.fromkeys(new.events))
    wrong = flaws(url, new.events)
    if wrong:
        raise InvalidError(wrong)
    webhook_id, secret = new_id(work), _new_secret()
    data: dict[str, Plain] = {
        "host": host_of(url),
        "url_sha256": _sha256(url),
        "secret_sha256": _sha256(secret),
        "events": list(events),
        "version": 1,
    }
    row = WebhookRow(
        id=webhook_id,
        url=url,
        events=json.dumps(events),
        secret=secret,
        active=True,
        created_by=work.actor.person_id,
        created_at=work.now,
        version=1,
        event_id=record(work, "webhook.added", "webhook", str(webhook_id), data),
    )
    work.session.add(row)
    work.session.flush()
    return row


def find(work: Work, query: Query) -> Page[WebhookRow]:
    """List webhooks, the latest first, a page at a time."""
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    return latest_first(work, select(WebhookRow), WebhookRow.id, query.cursor, query.limit)


def get(work: Work, webhook_id: UUID) -> WebhookRow:
    """Read a webhook. Raises ``NotFoundError``."""
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    row = work.session.get(WebhookRow, webhook_id)
    if row is None:
        raise NotFoundError(kind="webhook")
    return row


def rotate(work: Work, webhook_id: UUID) -> WebhookRow:
    """Give a webhook a new secret; for a while messages are signed with the one before too.

    Raises ``NotFoundError``, ``WebhookInactiveError``, ``StaleError``.
    """
    row = held(work, webhook_id)
    require_active(row)
    require_version(work, row.version)
    row.previous_secret, row.previous_until = row.secret, work.now + BOTH_FOR
    row.secret, row.version = _new_secret(), row.version + 1
    data: dict[str, Plain] = {
        "secret_sha256": _sha256(row.secret),
        "previous_secret_sha256": _sha256(row.previous_secret),
        "previous_until": _moment(row.previous_until),
        "version": row.version,
    }
    row.event_id = record(work, "webhook.rotated", "webhook", str(row.id), data)
    work.session.flush()
    return row


def deactivate(work: Work, webhook_id: UUID) -> WebhookRow:
    """End a webhook for good; what it was still to be told is told no more.

    Raises ``NotFoundError``, ``WebhookInactiveError``, ``StaleError``.
    """
    row = held(work, webhook_id)
    require_active(row)
    require_version(work, row.version)
    retire(work, row, "asked_for")
    return row


def retire(work: Work, row: WebhookRow, because: str) -> None:
    """Deactivate a webhook whose row is held: ``asked_for``, or ``gone`` by its own word."""
    row.active, row.version = False, row.version + 1
    data: dict[str, Plain] = {"because": because, "version": row.version}
    row.event_id = record(work, "webhook.deactivated", "webhook", str(row.id), data)
    waiting = update(OutboxRow).where(
        OutboxRow.webhook_id == row.id, OutboxRow.state == "pending", OutboxRow.taken_until.is_(None)
    )
    work.session.execute(waiting.values(state="dead", last_error="deactivated"))
    work.session.flush()


def held(work: Work, webhook_id: UUID) -> WebhookRow:
    """Read a webhook and hold its row until the work ends; others may still write messages for it."""
    work.actor.require(Permission.MANAGE_WEBHOOKS)
    wanted = select(WebhookRow).where(WebhookRow.id == webhook_id).with_for_update(key_share=True)
    row = work.session.scalars(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError(kind="webhook")
    return row


def require_active(row: WebhookRow) -> None:
    """Raise ``WebhookInactiveError`` for a webhook that is deactivated."""
    if not row.active:
        raise WebhookInactiveError


def _new_secret() -> str:
    return write_secret(secrets.token_bytes(SECRET_BYTES))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
