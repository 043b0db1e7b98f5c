"""Cases, their submitted versions and the assessments of those.

Facts and reports are texts, not JSON columns: their bytes must come back exactly as they went in.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import ExactDecimal, UtcDateTime


class ApplicationRow(Base):
    """A case as it stands now.

    ``number`` is ``2026-0042``, ``serial`` the same as one integer, which sorts. ``version`` counts changes of the row
    (the ETag); ``versions`` counts submissions. ``outcome``, ``category`` and
    ``total`` repeat the latest assessment for search. ``event_id`` is the entry of the latest change.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index(None, "submitted_by"),
        Index(None, "submitted_at", "serial"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    serial: Mapped[int] = mapped_column(EventId, unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    applicant_name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18))
    project_name: Mapped[str] = mapped_column(String(200))
    project_code: Mapped[str | None] = mapped_column(String(100))
    industry: Mapped[str | None] = mapped_column(String(100))
    submitted_by: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    rulebook_sha256: Mapped[str] = mapped_column(String(64), ForeignKey("rulebook.sha256"))
    facts: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    versions: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(Text)
    total: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class ApplicationVersion(Base):
    """What was submitted as version ``n`` (from 1). ``follows`` is the version it follows. Never changed."""

    __tablename__ = "application_version"
    __table_args__ = ({"sqlite_with_rowid": False},)

    application_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("application.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    follows: Mapped[int | None] = mapped_column(Integer)
    facts: Mapped[str] = mapped_column(Text)
    rulebook_sha256: Mapped[str] = mapped_column(String(64), ForeignKey("rulebook.sha256"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class AssessmentRow(Base):
    """The assessment of one version, in both languages, with the hashes (hex) of what went in and came out."""

    __tablename__ = "assessment"
    __table_args__ = (
        ForeignKeyConstraint(["application_id", "n"], ["application_version.application_id", "application_version.n"]),
        {"sqlite_with_rowid": False},
    )

    application_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    rulebook_sha256: Mapped[str] = mapped_column(String(64), ForeignKey("rulebook.sha256"))
    facts_sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(Text)
    total: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    completeness: Mapped[Decimal] = mapped_column(ExactDecimal)
    report_zh: Mapped[str] = mapped_column(Text)
    report_en: Mapped[str] = mapped_column(Text)
    report_zh_sha256: Mapped[str] = mapped_column(String(64))
    report_en_sha256: Mapped[str] = mapped_column(String(64))
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class CaseCounter(Base):
    """The last case number of a year; its row lock keeps the numbers without gaps."""

    __tablename__ = "case_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)
