"""Released editions of the rules, byte for byte."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class RulebookRow(Base):
    """One released edition: the file's bytes under their SHA-256 (hex). Never changed, never removed."""

    __tablename__ = "rulebook"
    __table_args__ = (Index(None, "in_force_from"), {"sqlite_with_rowid": False})

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Date)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
