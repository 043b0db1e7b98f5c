"""Editions of the rules, and what is proposed as one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Edition:
    """A released edition; ``in_force`` says so of the day it was asked about. None where the machine released it."""

    sha256: str
    id: str
    edition: str
    in_force_from: date
    in_force: bool
    released_at: datetime
    released_by: UUID | None
    proposed_by: UUID | None
    proposal: UUID | None


@dataclass(frozen=True, slots=True)
class EditionWithSource(Edition):
    """A released edition with the text of its file."""

    source: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rules file proposed as an edition. ``version`` is the one that was read."""

    id: UUID
    state: str
    sha256: str
    rulebook_id: str
    edition: str
    in_force_from: date
    note: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ProposalWithSource(Proposal):
    """A proposal with the text of its file."""

    source: str
