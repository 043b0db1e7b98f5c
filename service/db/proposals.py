"""Editions of the rules that somebody proposed, and what became of each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime

_OPEN = text("state = 'proposed'")


class RulebookProposalRow(Base):
    """One proposal: the file's bytes and who proposed them, kept for ever; whoever decided it, when and why.

    The same bytes stand open once. ``event_id`` is the entry of the latest change.
    """

    __tablename__ = "rulebook_proposal"
    __table_args__ = (
        CheckConstraint(
            "state <> 'released' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name="ck_rulebook_proposal_another_releases",
        ),
        Index(None, "sha256", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    rulebook_id: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Date)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
