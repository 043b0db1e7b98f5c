"""The ledger's tables: entries that are only ever added, and those that wait to be put into the tree.

``type``, ``subject_kind``, ``subject_id`` and ``rev`` repeat what the bytes say, for search; the database itself
compares them with the bytes. Triggers and checks that protect the rows stand in the migrations.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, LargeBinary, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.types import UtcDateTime

# What two who add to one subject's chain at the same moment run into.
CHAIN: Final = "uq_ledger_event_subject_kind_subject_id_rev"

# An entry's number. SQLite numbers rows only in a column called INTEGER.
EventId: Final = BigInteger().with_variant(Integer, "sqlite")


class LedgerEvent(Base):
    """One entry: its canonical bytes, and SHA-256 of a zero byte and those bytes (32 bytes)."""

    __tablename__ = "ledger_event"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "rev"),)

    id: Mapped[int] = mapped_column(EventId, Identity(always=False), primary_key=True)
    canon: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=func.current_timestamp())
    type: Mapped[str] = mapped_column(String(100))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    rev: Mapped[int] = mapped_column(Integer)


class LedgerPending(Base):
    """An entry that no tree holds yet; written with the entry, removed when it is sequenced."""

    __tablename__ = "ledger_pending"

    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), primary_key=True, autoincrement=False)
