"""An assessment: everything the rules say of one set of facts, as frozen values.

Published figures (criterion, dimension, total, completeness, contribution) are already rounded. Rules are pointed to,
not copied. Sentences are not kept: ``report`` makes them from what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from service.core.rules.expressions.types import Value
from service.core.rules.model import Criterion, Gate, Outcome, PlannedCondition


class GateState(StrEnum):
    """What a gate says."""

    PASS = "pass"  # noqa: S105 - a state, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class CriterionState(StrEnum):
    """Whether a criterion could be scored."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class ReasonCode(StrEnum):
    """The five things that can make an outcome worse than approve, in the order they are told among equals."""

    GATE_FAILED = "gate_failed"
    GATE_UNKNOWN = "gate_unknown"
    INCOMPLETE = "incomplete"
    CATEGORY_CAP = "category_cap"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class GateResult:
    """What came of a gate.

    ``reads`` are the facts it rests on, directly or through derived figures: None for unknown and not applicable, the
    count of its records for a list. ``problems`` says, for a gate that is unknown, what its expressions and the
    unknown derived figures below them met: ``division_by_zero``, ``step_limit``, ``unknown_field`` (of a record in a
    list), in alphabetical order. A gate that is ``waived`` is judged like any other, and counts for nothing.
    """

    rule: Gate
    state: GateState
    reads: Mapping[str, Value]
    problems: tuple[str, ...] = ()
    waived: bool = False

    @property
    def holds_back(self) -> bool:
        """Whether it holds the outcome back."""
        return not self.waived and self.state in {GateState.FAIL, GateState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What came of a criterion.

    ``value`` is None unless the state is known (and for a formula without a value). ``score`` and ``contribution`` (to
    the total, in points) are 0 where it is unknown and None where it is not applicable. ``reads`` and ``problems`` are
    as for a gate.
    """

    rule: Criterion
    state: CriterionState
    value: Value
    score: Decimal | None
    contribution: Decimal | None
    reads: Mapping[str, Value]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """The depth of review; provisional while its condition is unknown."""

    id: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """The published score of a dimension; None where no criterion applies."""

    score: Decimal | None
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """The totals, all None where no criterion applies (``known_only`` also where none is known).

    ``outcome`` is what the score alone would give, before anything is softened for missing data. ``dimensions`` holds
    every dimension in the order of the file.
    """

    total: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    known_only: Decimal | None
    completeness: Decimal
    outcome: Outcome
    dimensions: Mapping[str, DimensionScore]


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that makes the outcome worse than approve. ``gate`` is given with the two codes about gates."""

    code: ReasonCode
    outcome: Outcome
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that is asked, or may be, and not known; with the weight and the gates that hang on it."""

    fact: str
    weight_at_stake: Decimal
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Improvement:
    """A criterion that must get better: what is measured, where it stands now (or None) and where it must get to."""

    id: str
    metric: str
    now: Value
    target: Decimal | str | None
    due: str


PlanItem: TypeAlias = Improvement | PlannedCondition


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of one set of facts.

    Gates, criteria and derived figures are all there, in the order of the file; a derived figure that is unknown or not
    applicable is None.
    """

    rulebook_id: str
    edition: str
    rulebook_sha256: str
    facts_sha256: str
    outcome: Outcome
    best_possible: Outcome
    worst_possible: Outcome
    category: CategoryResult
    reasons: tuple[Reason, ...]
    score: Score
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionResult, ...]
    unknown: tuple[UnknownFact, ...]
    derived: Mapping[str, Value]
    action_plan: tuple[PlanItem, ...]
