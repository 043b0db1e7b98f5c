"""What the service says of facts: outcome, gates, figures, and what is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class RulesUsed:
    """Which rules were used."""

    id: str
    edition: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Category:
    """How deep the review goes; provisional while facts that decide it are unknown."""

    id: str | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """One hard condition: how it stands, what it read, and the clauses it rests on."""

    id: str
    state: str
    on_fail: str
    curable: bool
    level: str
    reads: Mapping[str, Any]
    because: str
    cite: tuple[Mapping[str, Any], ...]
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """A fact that does not count as verified, and why."""

    fact: str
    needs: str
    state: str
    paper: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What an assessment of verified facts is of."""

    n: int
    on: date
    waived: tuple[str, ...]
    masked: tuple[Masked, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules make of facts. ``docs/rules.md`` explains every member; figures are exact ``Decimal``."""

    rulebook: RulesUsed
    facts_sha256: str
    outcome: str
    best_possible: str
    worst_possible: str
    category: Category
    reasons: tuple[Mapping[str, Any], ...]
    score: Mapping[str, Any]
    gates: tuple[Gate, ...]
    criteria: tuple[Mapping[str, Any], ...]
    unknown: tuple[Mapping[str, Any], ...]
    derived: Mapping[str, Any]
    action_plan: tuple[Mapping[str, Any], ...]
    verified: Verified | None = None


@dataclass(frozen=True, slots=True)
class VersionAssessment:
    """How a submitted version was assessed then."""

    n: int
    assessed_at: datetime
    outcome: str
    category: str | None
    total: Decimal | None
    completeness: Decimal
    rulebook_sha256: str
    facts_sha256: str
    report: Assessment


@dataclass(frozen=True, slots=True)
class PinnedAssessment:
    """What a meeting decides on: the version as it was tabled, ``declared`` or ``verified``."""

    kind: str
    outcome: str
    total: Decimal | None
    report: Assessment
