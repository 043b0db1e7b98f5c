"""Who is told of entries, and what they are still to be told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Identity, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class WebhookRow(Base):
    """An address that is told of some kinds of entries (``events``, a JSON list).

    Messages are signed with ``secret``, until ``previous_until`` with ``previous_secret`` too.
    """

    __tablename__ = "webhook"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(100))
    previous_secret: Mapped[str | None] = mapped_column(String(100))
    previous_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class OutboxRow(Base):
    """One message to one webhook: written with its entry, sent afterwards.

    ``state`` is ``pending``, ``delivered`` or ``dead``. Whoever sends it has it until ``taken_until``, and holds it by
    that moment; ``attempts`` counts those begun.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event_id", "webhook_id"),
        Index(None, "state", "due_at"),
        Index(None, "webhook_id"),
    )

    id: Mapped[int] = mapped_column(EventId, Identity(always=False), primary_key=True)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"))
    webhook_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("webhook.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(40))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
