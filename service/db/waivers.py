"""Waivers: a gate of one case is set aside for a time, and somebody answers for it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class WaiverRow(Base):
    """One waiver. ``expires_on`` is its last day. ``event_id`` is the entry of the latest change."""

    __tablename__ = "waiver"
    __table_args__ = (Index(None, "application_id", "gate"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"))
    gate: Mapped[str] = mapped_column(String(100))
    owner_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[date] = mapped_column(Date)
    granted_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_because: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
