"""Applications, their versions and what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ApplicationSummary:
    """An application as a list shows it. ``version`` is the one that was read; ``moves`` are yours to make now."""

    id: UUID
    number: str
    state: str
    moves: tuple[str, ...]
    applicant_name: str
    credit_code: str
    project_name: str
    project_code: str | None
    industry: str | None
    outcome: str | None
    category: str | None
    total: Decimal | None
    version: int
    versions: int
    rulebook_sha256: str
    submitted_by: UUID
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Application(ApplicationSummary):
    """An application with its facts."""

    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of the term for review is used."""

    state: str
    term: int
    used: int
    started_on: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened, as far as it is for your eyes."""

    rev: int
    type: str
    label: str
    at: datetime
    actor: Mapping[str, str]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, by reference and by the name known today."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class FollowedDecision:
    """The decision after which a version was submitted anew."""

    of_version: int
    outcome: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A submission: when, by whom, with which result."""

    n: int
    submitted_at: datetime
    by: Who
    follows: int | None
    follows_decision: FollowedDecision | None
    outcome: str
    category: str | None
    total: Decimal | None
    rulebook_sha256: str
    facts_sha256: str


@dataclass(frozen=True, slots=True)
class VersionWithFacts(Version):
    """A submission with its facts as they were submitted."""

    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: at which place, ``added``, ``removed`` or ``changed``, and both values."""

    at: str
    change: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different between two versions."""

    from_: int
    to: int
    facts: tuple[Change, ...]
    results: tuple[Change, ...]
    gates: tuple[Change, ...]
    criteria: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a department says, or was asked to say."""

    n: int
    of_version: int
    department: str
    state: str
    asked_by: UUID | None
    asked_at: datetime | None
    due_on: date | None
    late: bool
    stance: str | None
    reason: str | None
    conditions: tuple[str, ...]
    given_by: UUID | None
    given_at: datetime | None
