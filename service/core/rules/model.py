"""A loaded rulebook: plain frozen values, in the order of the file.

Shapes follow ``docs/rules.md``; mappings keep the order of the file; the checked unit of a name is in its ``type``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Type, Value


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str


class Outcome(StrEnum):
    """What the gate says of a case, best first."""

    APPROVE = "approve"
    CONDITIONAL = "conditional"
    DEFER = "defer"
    REJECT = "reject"

    @property
    def severity(self) -> int:
        """0 for approve up to 3 for reject."""
        return _BEST_FIRST.index(self)


_BEST_FIRST = tuple(Outcome)


class Level(StrEnum):
    """The standing of a source, highest first."""

    LAW = "law"
    REGULATION = "regulation"
    MINISTRY = "ministry"
    PROVINCE = "province"
    ZONE_POLICY = "zone_policy"


class Grade(StrEnum):
    """How good evidence for a fact is, weakest first."""

    DECLARED = "declared"
    DOCUMENT = "document"
    THIRD_PARTY = "third_party"
    AUTHORITY = "authority"


class FactType(StrEnum):
    """The types a fact may have."""

    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"
    DATE = "date"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Source:
    """A law, regulation, notice or policy that rules rest on. Unconfirmed ones warn wherever they are shown."""

    id: str
    title: Words
    level: Level
    in_force_from: date | None
    in_force_until: date | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A source and, where known, its article."""

    source: str
    article: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named constant. ``value`` already holds the chosen profile's override. Lists are tuples."""

    id: str
    value: Value
    unit: str
    label: Words
    cite: tuple[Citation, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number may be; each end may be open, and each may be missing."""

    min: Decimal | None = None
    max: Decimal | None = None
    min_exclusive: Decimal | None = None
    max_exclusive: Decimal | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an application states; also used for the fields of a list fact (``of``)."""

    id: str
    kind: FactType
    unit: str
    limits: Limits
    group: str
    label: Words
    help: Words | None
    required: bool
    asked_when: Expression | None
    evidence: Grade
    choices: Mapping[str, Words]
    of: tuple["Fact", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Derived:
    """A number, boolean or text computed from facts, parameters and others, rounded half-up once to ``decimals``."""

    id: str
    value: Expression
    unit: str
    decimals: int | None
    label: Words
    type: Type


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard rule. ``level`` is the highest level among the sources it cites."""

    id: str
    label: Words
    applies_when: Expression | None
    fails_when: Expression
    on_fail: Outcome
    curable: bool
    cure: Words | None
    cite: tuple[Citation, ...]
    level: Level


@dataclass(frozen=True, slots=True)
class Category:
    """A depth of review. ``when`` is None for the last one, which takes everything left (``otherwise: true``)."""

    id: str
    label: Words
    when: Expression | None
    best_outcome: Outcome


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the sides a case is scored on."""

    id: str
    weight: Decimal
    label: Words


@dataclass(frozen=True, slots=True)
class Points:
    """Piecewise linear through ``(value, score)`` with rising values; flat outside."""

    points: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Bands:
    """From the highest mark down, the first reached counts; ``otherwise`` is the score below all of them."""

    bands: tuple[tuple[Decimal, Decimal], ...]
    otherwise: Decimal


@dataclass(frozen=True, slots=True)
class Choices:
    """A score for every choice of a choice fact."""

    scores: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression whose value is the score, clamped to 0..100."""

    score: Expression


Scale: TypeAlias = Points | Bands | Choices | Formula


@dataclass(frozen=True, slots=True)
class Criterion:
    """A scored rule. ``value`` is None only with a ``Formula``. ``unit`` is the checked unit of ``value``, as text."""

    id: str
    dimension: str
    weight: Decimal
    label: Words
    applies_when: Expression | None
    value: Expression | None
    scale: Scale
    unit: str
    cite: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the total and each dimension must reach for an outcome."""

    total: Decimal
    each_dimension: Decimal


@dataclass(frozen=True, slots=True)
class Decision:
    """How scores become an outcome. Below ``defer`` it is reject."""

    decimals: int
    approve: Mark
    conditional: Mark
    defer: Mark
    complete_at_least: Decimal
    incomplete: Outcome


@dataclass(frozen=True, slots=True)
class PlannedCondition:
    """A condition added to the plan whenever its ``when`` is not false."""

    id: str
    when: Expression | None
    text: Words
    due: str


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What becomes a condition: criteria scoring under ``below``, and the ``always`` ones."""

    below: Decimal
    always: tuple[PlannedCondition, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A test case of the rulebook: facts (raw, as read), overrides, and what is expected of the assessment."""

    name: str
    facts: Mapping[str, object]
    like: str | None
    overrides: Mapping[str, object]
    expect: Mapping[str, object]
    line: int


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole rulebook without a fault of form or meaning; an assessment is pinned to the hash of its bytes."""

    id: str
    edition: str
    title: Words
    in_force_from: date
    profile: str | None
    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    gates: tuple[Gate, ...]
    categories: tuple[Category, ...]
    dimensions: Mapping[str, Dimension]
    criteria: tuple[Criterion, ...]
    decision: Decision
    action_plan: ActionPlan
    bylaws: Mapping[str, object]
    cases: tuple[Case, ...]
    source: bytes
    sha256: str
