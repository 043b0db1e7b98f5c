"""What is handed in. A member that is None is left out, and the service puts what it does otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewApplication:
    """A project to assess; a draft is kept without being submitted."""

    applicant_name: str
    credit_code: str
    project_name: str
    facts: Mapping[str, object]
    project_code: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Who applies for what."""

    applicant_name: str
    credit_code: str
    project_name: str
    project_code: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which applications are wanted; everything given must hold. ``sort`` is ``-number`` unless given."""

    state: str | None = None
    outcome: str | None = None
    category: str | None = None
    industry: str | None = None
    submitted_after: datetime | None = None
    submitted_before: datetime | None = None
    text: str | None = None
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A file on the disk, its media type, and what it backs. It is sent under its own name unless one is given."""

    path: Path
    media_type: str
    grade: str
    facts: Sequence[str]
    issued_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    expires_on: date | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """A gate to set aside: for which application, answered for by whom, why, and up to and with which day."""

    application_id: UUID
    gate: str
    owner: UUID
    reason: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat at a meeting."""

    person: UUID
    voting: bool = True
    chair: bool = False


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to call; ``held_at`` has a time zone."""

    title: str
    held_at: datetime
    seats: Sequence[NewSeat]
    place: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody, and the roles they are to hold."""

    name: str
    roles: Sequence[str]
    department: str | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to issue: what it is called, when it ends, and its scopes; without any it is for all its person may do."""

    label: str | None = None
    scopes: Sequence[str] | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a decision asks for: an entry of the action plan (``plan``), or a free text with metric and day."""

    owner: str
    evidence: str
    text: str | None = None
    metric: str | None = None
    due: str | None = None
    due_on: date | None = None
    plan: str | None = None


class Form(StrEnum):
    """The forms a paper of a meeting comes in: data, a page to print, a sheet (scores), a document (minutes), csv."""

    JSON = "application/json"
    PAGE = "text/html"
    TABLE = "text/csv"
    SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
