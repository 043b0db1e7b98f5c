"""Sending what is due: take one message, send it, note what came of it. Nothing is sent inside a transaction.

A message is taken for a while; whoever is killed with it in hand gives it up when that while is over, and it is sent
again. So every message arrives at least once, and a receiver knows a repetition by its identifier.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from service.actions.webhooks.manage import held, retire
from service.actions.webhooks.messages import tellings
from service.core.addresses import Allowed, NotSendableError, chosen
from service.core.people import SYSTEM
from service.core.webhooks import MOST_ATTEMPTS, due_after, host_of, is_encrypted, message, sign
from service.db.webhooks import OutboxRow, WebhookRow
from service.outbound import Answer, Letter, Reply, Unanswered
from service.work import Runtime, Work

# Gives every address a host has, none for one that is not known.
Resolve: TypeAlias = Callable[[str], Sequence[str]]
Post: TypeAlias = Callable[[Letter], Reply]

# How long whoever takes a message may have it; longer than anybody is waited for.
LEASE: Final = timedelta(minutes=2)

_GOOD: Final = range(200, 300)
_GONE: Final = 410


class Outcome(StrEnum):
    """What came of a message: it arrived, is tried again later, is given up, or was settled by somebody else."""

    DELIVERED = "delivered"
    LATER = "later"
    DEAD = "dead"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Outside:
    """The world: how a host's addresses are found, and how a letter is sent to one of them."""

    resolve: Resolve
    post: Post


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A message that was taken: until when, from which row, and what is sent to where."""

    n: int
    webhook: UUID
    until: datetime
    url: str
    headers: dict[str, str]
    body: bytes


def deliver_next(runtime: Runtime, outside: Outside) -> Outcome | None:
    """Send the message that has been due longest; None when none is.

    Messages to one webhook are sent one after the other, so that a slow receiver keeps only itself waiting.
    """
    parcel = _take(runtime)
    if parcel is None:
        return None
    return _settle(runtime, parcel, _send(runtime.settings.webhook_allowed_hosts, parcel, outside))


def _take(runtime: Runtime) -> _Parcel | None:
    with runtime.work(SYSTEM) as work:
        while (row := _due(work)) is not None:
            webhook = work.session.get_one(WebhookRow, row.webhook_id)
            if webhook.active and row.attempts < MOST_ATTEMPTS:
                return _taken(work, row, webhook)
            row.state, row.taken_until = "dead", None
            row.last_error = "deactivated" if not webhook.active else "never_settled"
            work.session.flush()
        return None


def _due(work: Work) -> OutboxRow | None:
    other = aliased(OutboxRow)
    busy = select(other.id).where(
        other.webhook_id == OutboxRow.webhook_id,
        other.id != OutboxRow.id,
        other.state == "pending",
        other.taken_until > work.now,
    )
    free = or_(OutboxRow.taken_until.is_(None), OutboxRow.taken_until <= work.now)
    due = select(OutboxRow).where(OutboxRow.state == "pending", OutboxRow.due_at <= work.now, free, ~busy.exists())
    first = due.order_by(OutboxRow.due_at, OutboxRow.id).limit(1).with_for_update(skip_locked=True, of=OutboxRow)
    return work.session.scalars(first).first()


def _taken(work: Work, row: OutboxRow, webhook: WebhookRow) -> _Parcel:
    until = row.taken_until = work.now + LEASE
    row.attempts += 1
    work.session.flush()
    told = tellings(work, [row.event_id])[row.event_id]
    body, at = message(told), int(work.now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": str(told.id),
        "webhook-timestamp": str(at),
        "webhook-signature": sign(_secrets(webhook, work.now), str(told.id), at, body),
    }
    return _Parcel(row.id, webhook.id, until, webhook.url, headers, body)


def _secrets(webhook: WebhookRow, now: datetime) -> tuple[str, ...]:
    before, until = webhook.previous_secret, webhook.previous_until
    if before is None or until is None or until <= now:
        return (webhook.secret,)
    return (webhook.secret, before)


def _send(allowed: Allowed, parcel: _Parcel, outside: Outside) -> Reply:
    """Find the host's addresses once, and send to one that was looked at."""
    host = host_of(parcel.url)
    try:
        address = chosen(host, outside.resolve(host), allowed, encrypted=is_encrypted(parcel.url))
    except NotSendableError as error:
        return Unanswered(error.because)
    return outside.post(Letter(parcel.url, parcel.body, parcel.headers, address))


def _settle(runtime: Runtime, parcel: _Parcel, reply: Reply) -> Outcome:
    with runtime.work(SYSTEM) as work:
        gone = held(work, parcel.webhook) if isinstance(reply, Answer) and reply.status == _GONE else None
        wanted = select(OutboxRow).where(
            OutboxRow.id == parcel.n, OutboxRow.state == "pending", OutboxRow.taken_until == parcel.until
        )
        row = work.session.scalars(wanted.with_for_update()).first()
        if row is None:
            return Outcome.LOST
        row.taken_until = None
        row.last_status = reply.status if isinstance(reply, Answer) else None
        row.last_error = None if _is_good(reply) else _why(reply)
        outcome = _outcome(work, row, reply, gone)
        work.session.flush()
        return outcome


def _outcome(work: Work, row: OutboxRow, reply: Reply, gone: WebhookRow | None) -> Outcome:
    if _is_good(reply):
        row.state, row.delivered_at = "delivered", work.now
        return Outcome.DELIVERED
    later = due_after(row.attempts)
    if later is not None and gone is None:
        row.due_at = work.now + later
        return Outcome.LATER
    row.state = "dead"
    if gone is not None and gone.active:
        retire(work, gone, "gone")
    return Outcome.DEAD


def _is_good(reply: Reply) -> bool:
    return isinstance(reply, Answer) and reply.status in _GOOD


def _why(reply: Reply) -> str:
    return f"status_{reply.status}" if isinstance(reply, Answer) else reply.because
