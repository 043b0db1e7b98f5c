"""Review meetings: who sits, what is on the table, who votes how, and what was decided."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import ExactDecimal, UtcDateTime


class MeetingRow(Base):
    """A review meeting. ``state`` is ``called``, ``open`` or ``closed``.

    ``rulebook_sha256`` is the edition whose bylaws hold, pinned when the meeting is opened. ``version`` is the ETag;
    ``event_id`` is the entry of the latest change.
    """

    __tablename__ = "meeting"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    rulebook_sha256: Mapped[str | None] = mapped_column(String(64), ForeignKey("rulebook.sha256"))
    called_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class SeatRow(Base):
    """A seat of a person at a meeting. ``held_by`` is whoever sits on it: the person, or a deputy.

    ``place`` is its place in the order the seats were called in, from 1. ``present`` is None until the meeting is
    opened. Changes of seats are entries of the meeting.
    """

    __tablename__ = "seat"
    __table_args__ = (Index(None, "person_id"), UniqueConstraint("meeting_id", "held_by"), Index(None, "held_by"))

    meeting_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    held_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    chair: Mapped[bool] = mapped_column(Boolean)
    voting: Mapped[bool] = mapped_column(Boolean)
    present: Mapped[bool | None] = mapped_column(Boolean)


class MeetingItemRow(Base):
    """Item ``n`` (from 1) of a meeting: a case with its version and assessments pinned when it was tabled.

    ``state`` is ``tabled``, ``decided``, ``carried_over`` or ``withdrawn``. ``waived`` is a JSON list of gates.
    ``version`` is the ETag; ``event_id`` is the entry of the latest change.
    """

    __tablename__ = "meeting_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["application_id", "of_version"], ["application_version.application_id", "application_version.n"]
        ),
        Index(None, "application_id"),
    )

    meeting_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("meeting.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"))
    of_version: Mapped[int] = mapped_column(Integer)
    rulebook_sha256: Mapped[str] = mapped_column(String(64), ForeignKey("rulebook.sha256"))
    waived: Mapped[str] = mapped_column(Text)
    declared_outcome: Mapped[str] = mapped_column(String(20))
    declared_total: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    declared_zh: Mapped[str] = mapped_column(Text)
    declared_en: Mapped[str] = mapped_column(Text)
    verified_outcome: Mapped[str] = mapped_column(String(20))
    verified_total: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    verified_zh: Mapped[str] = mapped_column(Text)
    verified_en: Mapped[str] = mapped_column(Text)
    tabled_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    tabled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class RecusalRow(Base):
    """A seat that has no part in an item. ``kind`` is ``declared``, ``ordered`` or ``found``. Never changed."""

    __tablename__ = "recusal"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id", "n"], ["meeting_item.meeting_id", "meeting_item.n"]),
        Index(None, "application_id", "person_id"),
        {"sqlite_with_rowid": False},
    )

    meeting_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"))
    held_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class VoteRow(Base):
    """The vote of a seat on an item as it stands; each change is an entry. ``reason`` is printed as dissent."""

    __tablename__ = "vote"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id", "n"], ["meeting_item.meeting_id", "meeting_item.n"]),
        ForeignKeyConstraint(["meeting_id", "person_id"], ["seat.meeting_id", "seat.person_id"]),
    )

    meeting_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    choice: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    cast_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class DecisionRow(Base):
    """What a meeting decided about one submitted version of a case: one decision each, never changed.

    ``assessed`` is the outcome of the verified assessment; ``tally``, ``conditions`` and ``dissent`` are JSON.
    """

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id", "item"], ["meeting_item.meeting_id", "meeting_item.n"]),
        ForeignKeyConstraint(["application_id", "n"], ["application_version.application_id", "application_version.n"]),
        UniqueConstraint("meeting_id", "item"),
        {"sqlite_with_rowid": False},
    )

    application_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    meeting_id: Mapped[UUID] = mapped_column(Uuid)
    item: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(20))
    assessed: Mapped[str] = mapped_column(String(20))
    override: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    tally: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    dissent: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class DeputyRow(Base):
    """A person sits for another from one day to another, at one meeting (``meeting_id``) or at any in that time."""

    __tablename__ = "deputy"
    __table_args__ = (Index(None, "person_id"), Index(None, "deputy_id"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    deputy_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    meeting_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("meeting.id"))
    reason: Mapped[str] = mapped_column(Text)
    appointed_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
