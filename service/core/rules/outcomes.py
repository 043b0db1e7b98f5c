"""From scores, gates, category and completeness to an outcome, its reasons, and the best and worst it could become."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from service.core.rules.assessment import GateResult, GateState, Reason, ReasonCode, Score
from service.core.rules.model import Category, Decision, Mark, Outcome
from service.core.rules.totals import Part, greatest_average, least_average, published

COMPLETE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Extremes:
    """The best and the worst outcome of one thing."""

    best: Outcome
    worst: Outcome


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Give the worst of some outcomes; approve for none."""
    return max(outcomes, key=_severity, default=Outcome.APPROVE)


def best(outcomes: Iterable[Outcome]) -> Outcome:
    """Give the best of some outcomes; reject for none."""
    return min(outcomes, key=_severity, default=Outcome.REJECT)


def score_outcome(decision: Decision, total: Decimal | None, dimensions: Sequence[Decimal]) -> Outcome:
    """Give what published scores alone say; defer where there is no total."""
    if total is None:
        return Outcome.DEFER
    reached = (
        outcome
        for outcome, mark in _marks(decision)
        if total >= mark.total and all(score >= mark.each_dimension for score in dimensions)
    )
    return next(reached, Outcome.REJECT)


def reasons(gates: Iterable[GateResult], decision: Decision, category: Category, score: Score) -> tuple[Reason, ...]:
    """Give everything that is worse than approve, worst first and among equals in the order of ``ReasonCode``.

    While the data is incomplete, the score alone cannot do worse than defer.
    """
    incomplete = score.completeness < decision.complete_at_least
    found = [
        *(_gate_reason(gate) for gate in gates if gate.holds_back),
        Reason(ReasonCode.INCOMPLETE, decision.incomplete if incomplete else Outcome.APPROVE),
        Reason(ReasonCode.CATEGORY_CAP, category.best_outcome),
        Reason(ReasonCode.SCORE, best([score.outcome, Outcome.DEFER]) if incomplete else score.outcome),
    ]
    order = list(ReasonCode)
    counted = [reason for reason in found if reason.outcome is not Outcome.APPROVE]
    return tuple(sorted(counted, key=lambda reason: (-reason.outcome.severity, order.index(reason.code))))


def together(extremes: Iterable[Extremes]) -> Extremes:
    """Join things that become what they become each on its own: the outcome is the worst of them."""
    every = list(extremes)
    return Extremes(worst(each.best for each in every), worst(each.worst for each in every))


def gate_extremes(gate: GateResult) -> Extremes:
    """Say what may become of a gate: a failed one stays, an unknown one passes or fails, a waived one is nothing."""
    failed = gate.rule.on_fail if gate.holds_back else Outcome.APPROVE
    return Extremes(failed if gate.state is GateState.FAIL else Outcome.APPROVE, failed)


def category_extremes(possible: Sequence[Category]) -> Extremes:
    """Say what may become of the categories that are still possible."""
    return Extremes(
        best(category.best_outcome for category in possible), worst(category.best_outcome for category in possible)
    )


def completeness_extremes(decision: Decision) -> Extremes:
    """Say what the completeness rule gives once everything is known."""
    outcome = decision.incomplete if decision.complete_at_least > COMPLETE else Outcome.APPROVE
    return Extremes(outcome, outcome)


def score_extremes(decision: Decision, dimensions: Sequence[Part]) -> Extremes:
    """Say what the score may become; ``dimensions`` are those with a criterion that applies or may.

    Where every dimension that counts may be left out, there may be no total, which defers. Otherwise the best is the
    best mark that the dimensions can reach together, those that miss its floor left out where they may be. The worst
    is met where any single figure is lowest, as one figure below a mark is enough.
    """
    no_total = [Outcome.DEFER] if all(part.optional for part in dimensions if part.weight) else []
    reachable = (outcome for outcome, mark in _marks(decision) if _can_reach(decision, mark, dimensions))
    lowest = _published(decision, least_average(dimensions))
    floors = [published(part.lowest, decision.decimals) for part in dimensions]
    return Extremes(
        best([next(reachable, Outcome.REJECT), *no_total]),
        worst([score_outcome(decision, lowest, floors), *no_total]),
    )


def _can_reach(decision: Decision, mark: Mark, dimensions: Sequence[Part]) -> bool:
    reaching = [part for part in dimensions if published(part.highest, decision.decimals) >= mark.each_dimension]
    if not all(part.optional or part in reaching for part in dimensions):
        return False
    total = _published(decision, greatest_average(reaching))
    return total is not None and total >= mark.total


def _published(decision: Decision, exact: Fraction | None) -> Decimal | None:
    return None if exact is None else published(exact, decision.decimals)


def _gate_reason(gate: GateResult) -> Reason:
    if gate.state is GateState.FAIL:
        return Reason(ReasonCode.GATE_FAILED, gate.rule.on_fail, gate.rule.id)
    return Reason(ReasonCode.GATE_UNKNOWN, Outcome.DEFER, gate.rule.id)


def _marks(decision: Decision) -> tuple[tuple[Outcome, Mark], ...]:
    return (
        (Outcome.APPROVE, decision.approve),
        (Outcome.CONDITIONAL, decision.conditional),
        (Outcome.DEFER, decision.defer),
    )


def _severity(outcome: Outcome) -> int:
    return outcome.severity
