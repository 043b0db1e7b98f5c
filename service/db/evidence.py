"""Papers that back the facts of a case. The bytes lie in a store outside the database, under their SHA-256."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class EvidenceRow(Base):
    """Paper ``n`` (from 1) of a case, and what a reviewer said of it.

    ``size`` is in bytes; ``facts`` is a JSON list of the names of the facts it backs; ``state`` is ``pending``,
    ``accepted`` or ``refused``. ``version`` is the ETag; ``event_id`` is the entry of the latest change.
    """

    __tablename__ = "evidence"

    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    grade: Mapped[str] = mapped_column(String(20))
    facts: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date | None] = mapped_column(Date)
    covers_from: Mapped[date | None] = mapped_column(Date)
    covers_to: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    uploaded_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    ruled_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
