"""People, the roles they hold, the keys other systems show for them, and who they are to an identity server."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base
from service.db.ledger import EventId
from service.db.types import UtcDateTime


class Person(Base):
    """Somebody with a name, of a department if they speak for one. ``event_id`` is the entry of the latest change.

    ``version`` counts changes of the person and of the roles they hold.

    ``name_salt`` (32 bytes) belongs to the commitments to name and log-in in the ledger; None for somebody who was
    erased. ``login`` is what they call themselves when they sign in to the pages, in lower case.
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    department: Mapped[str | None] = mapped_column(String(60))
    login: Mapped[str | None] = mapped_column(String(60), unique=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class PersonRole(Base):
    """One role of a person; the person's entry in the ledger names them all."""

    __tablename__ = "person_role"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class InterestRow(Base):
    """A firm (credit code) that a person is bound to, and whose cases they therefore have no part in judging.

    ``salt`` (32 bytes) belongs to the commitment to the code in the ledger.
    """

    __tablename__ = "interest"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class ApiKey(Base):
    """A key: its public part and SHA-256 (32 bytes) of its secret part, which is shown once and not kept.

    ``scopes`` is a JSON list of what it may be used for, None for all that its person may do. ``last_used_at`` may be
    an hour behind, and belongs to no entry. ``revoked_at`` may lie ahead: a key that was rotated ends then.
    """

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    label: Mapped[str | None] = mapped_column(String(60))
    scopes: Mapped[str | None] = mapped_column(Text)
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)


class PersonIdentity(Base):
    """Who a person is to an identity server: the issuer of tokens, and what it calls them.

    ``salt`` (32 bytes) belongs to the commitment to the subject in the ledger.
    """

    __tablename__ = "person_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int] = mapped_column(EventId, ForeignKey("ledger_event.id"), unique=True)
