"""What departments were asked about a case, and what they said."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class OpinionRow(Base):
    """Opinion ``n`` (from 1) on a case: asked for, given, or both.

    ``of_version`` is the submitted version it is about; ``stance`` is ``support``, ``support_with_conditions`` or
    ``oppose``, None while it is only asked for; ``conditions`` is a JSON list of texts. ``event_id`` is the entry of
    the latest change.
    """

    __tablename__ = "opinion"

    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    of_version: Mapped[int] = mapped_column(Integer)
    department: Mapped[str] = mapped_column(String(60))
    asked_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    stance: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[str | None] = mapped_column(Text)
    given_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("person.id"))
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
