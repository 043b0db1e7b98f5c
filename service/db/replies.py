"""Answers given to requests that carried an idempotency key, so that the same request gets the same answer."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.types import UtcDateTime


class ReplyRow(Base):
    """One answer, byte for byte, and SHA-256 (hex) of the body it answered. ``headers`` is a JSON object of texts."""

    __tablename__ = "reply"
    __table_args__ = (Index(None, "replied_at"), {"sqlite_with_rowid": False})

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    caller: Mapped[str] = mapped_column(String(80))
    body_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)
