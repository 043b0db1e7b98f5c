"""Review meetings: seats, items, votes, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat, whose it is and who sits on it; whether they are there is known once the meeting is open."""

    person: UUID
    held_by: UUID
    chair: bool
    voting: bool
    present: bool | None


@dataclass(frozen=True, slots=True)
class MeetingSummary:
    """A meeting as a list shows it. ``version`` is the one that was read."""

    id: UUID
    title: str
    held_at: datetime
    place: str | None
    state: str
    called_by: UUID
    called_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    rulebook_sha256: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Meeting(MeetingSummary):
    """A meeting with its seats."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting decided of an item, how the votes were counted, and the conditions."""

    application_id: UUID
    n: int
    meeting_id: UUID
    item: int
    outcome: str
    assessed: str
    override: bool
    reason: str | None
    tally: Mapping[str, Any]
    conditions: tuple[Mapping[str, Any], ...]
    dissent: tuple[Mapping[str, Any], ...]
    decided_by: UUID
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An application on the agenda, as it was pinned. ``version`` is the one that was read."""

    meeting_id: UUID
    n: int
    state: str
    application_id: UUID
    number: str
    applicant_name: str
    project_name: str
    of_version: int
    rulebook_sha256: str
    waived: tuple[str, ...]
    declared_outcome: str
    declared_total: Decimal | None
    verified_outcome: str
    verified_total: Decimal | None
    tabled_by: UUID
    tabled_at: datetime
    version: int
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Recusal:
    """Who stepped aside, and how it came about: ``declared``, ``ordered`` or ``found``."""

    person: UUID
    held_by: UUID
    kind: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it was taken down."""

    person: UUID
    choice: str
    reason: str | None
    cast_by: UUID
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class Ballot:
    """A seat's part in a vote; before the decision only your own choice is told."""

    person: UUID
    held_by: UUID
    recused: bool
    voted: bool
    choice: str | None
    reason: str | None
    cast_at: datetime | None
