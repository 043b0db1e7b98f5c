"""Papers, what they back, and waivers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that backs facts. ``version`` is the one that was read."""

    n: int
    name: str
    media_type: str
    size: int
    sha256: str
    grade: str
    facts: tuple[str, ...]
    issued_on: date | None
    covers_from: date | None
    covers_to: date | None
    expires_on: date | None
    state: str
    reason: str | None
    uploaded_by: UUID
    uploaded_at: datetime
    ruled_by: UUID | None
    ruled_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Backing:
    """How a fact stands: the grade it needs, and the paper that decides."""

    fact: str
    needs: str
    state: str
    paper: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Every paper of an application, and how each fact stands on a day."""

    on: date
    items: tuple[Paper, ...]
    backing: tuple[Backing, ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A gate set aside for one application, up to and with a day. ``version`` is the one that was read."""

    id: UUID
    application_id: UUID
    gate: str
    owner: UUID
    reason: str
    expires_on: date
    in_force: bool
    granted_by: UUID
    granted_at: datetime
    revoked_by: UUID | None
    revoked_at: datetime | None
    revoked_because: str | None
    version: int
