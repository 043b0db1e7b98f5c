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


class LedgerLeaf(Base):
    """An entry in the tree, under the number it has for good. Numbers run from 0 without a gap."""

    __tablename__ = "ledger_leaf"

    seq: Mapped[int] = mapped_column(EventId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerNode(Base):
    """A complete node of the tree at level 8, 16, …; it never changes."""

    __tablename__ = "ledger_node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(EventId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerHead(Base):
    """Where the tree stands: one row, or none before the first leaf. ``frontier`` holds the peaks, largest first."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(EventId)
    frontier: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerCheckpoint(Base):
    """A root that was signed, and the note that was given out."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(EventId, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerCosignature(Base):
    """A witness's line under a checkpoint. A witness may have written several, each with its own time."""

    __tablename__ = "ledger_cosignature"
    __table_args__ = ({"sqlite_with_rowid": False},)

    size: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[str] = mapped_column(String(500), primary_key=True)
