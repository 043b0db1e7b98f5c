"""Signing in to the pages: passwords, sessions, and attempts that are counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class PasswordRow(Base):
    """The password of a person as argon2id keeps it, with its salt and parameters: the encoded hash."""

    __tablename__ = "password"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class SessionRow(Base):
    """One session in a browser: SHA-256 (hex) of its token, which nobody but the browser has.

    ``roles`` are those the person had when it began, in order and separated by spaces; ``language`` is the one chosen,
    or None. ``seen_at`` lags behind by up to a minute.
    """

    __tablename__ = "web_session"
    __table_args__ = (Index(None, "person_id"), Index(None, "expires_at"))

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    roles: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptsRow(Base):
    """Attempts to sign in since the last that succeeded: with one log-in, or from one address (SHA-256, hex)."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "last_at"),)

    scope_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
