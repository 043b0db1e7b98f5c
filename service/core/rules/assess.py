"""The plain oracle: one set of facts, walked through the rules step by step. What it says is what the rules mean.

Every gate and criterion is always evaluated. Scores stay exact until they are published; the decision compares the
published figures. The compiled form of a rulebook is tested against this one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from service.core.rules.assessment import (
    Assessment,
    CategoryResult,
    CriterionResult,
    CriterionState,
    GateResult,
    GateState,
    UnknownFact,
)
from service.core.rules.dependencies import Reach, reach
from service.core.rules.derive import Names, settle
from service.core.rules.expressions.types import Value
from service.core.rules.facts import Facts
from service.core.rules.judge import (
    JudgedCategory,
    JudgedCriterion,
    JudgedGate,
    criterion_names,
    gate_names,
    judge_categories,
    judge_criterion,
    judge_gate,
)
from service.core.rules.model import Rulebook
from service.core.rules.outcomes import (
    Extremes,
    category_extremes,
    completeness_extremes,
    gate_extremes,
    reasons,
    score_extremes,
    together,
    worst,
)
from service.core.rules.plan import action_plan
from service.core.rules.score import Scored, score_criteria
from service.core.rules.totals import published
from service.core.rules.waiving import NOTHING, is_waived
from service.core.values import EXACT


def assess(rulebook: Rulebook, facts: Facts, waived: frozenset[str] = NOTHING) -> Assessment:
    """Assess facts that were read by the same rulebook; ``waived`` are ids of gates. Never raises.

    An id that is no gate's, or that of a gate of law, waives nothing.
    """
    names = settle(rulebook, facts)
    gates = tuple(judge_gate(gate, names) for gate in rulebook.gates)
    category = judge_categories(rulebook.categories, names)
    criteria = tuple(judge_criterion(criterion, names) for criterion in rulebook.criteria)
    spared = frozenset(gate.id for gate in rulebook.gates if is_waived(gate, waived))
    return _Telling(rulebook, names, gates, category, criteria, spared).assessment(facts)


def unanswered(rulebook: Rulebook, facts: Facts) -> tuple[str, ...]:
    """Name the required facts that are asked, or may be, and not known, in the order of the rulebook."""
    names = settle(rulebook, facts)
    return tuple(name for name, fact in rulebook.facts.items() if fact.required and names.is_unknown(name))


def asked(rulebook: Rulebook, facts: Facts) -> frozenset[str]:
    """Name the facts that are asked, or may be."""
    return frozenset(rulebook.facts) - settle(rulebook, facts).not_applicable


@dataclass(frozen=True, slots=True)
class _Telling:
    """Everything judged, to be told as an assessment."""

    rulebook: Rulebook
    names: Names
    gates: Sequence[JudgedGate]
    category: JudgedCategory
    criteria: Sequence[JudgedCriterion]
    waived: frozenset[str]

    def assessment(self, facts: Facts) -> Assessment:
        rulebook, known = self.rulebook, reach(self.rulebook)
        scored = score_criteria(rulebook, self.criteria)
        gates = tuple(self._gate(gate, known) for gate in self.gates)
        criteria = tuple(self._criterion(criterion, scored, known) for criterion in self.criteria)
        said = reasons(gates, rulebook.decision, self.category.category, scored.score)
        extremes = self._extremes(gates, scored)
        return Assessment(
            rulebook_id=rulebook.id,
            edition=rulebook.edition,
            rulebook_sha256=rulebook.sha256,
            facts_sha256=facts.sha256,
            outcome=worst(reason.outcome for reason in said),
            best_possible=extremes.best,
            worst_possible=extremes.worst,
            category=CategoryResult(self.category.category.id, self.category.provisional),
            reasons=said,
            score=scored.score,
            gates=gates,
            criteria=criteria,
            unknown=self._unknown(known),
            derived={name: self.names.values[name] for name in rulebook.derived},
            action_plan=tuple(action_plan(rulebook.action_plan, self.names, self.category.category.id, criteria)),
        )

    def _gate(self, gate: JudgedGate, known: Reach) -> GateResult:
        reads = self._reads(known.reads(gate_names(gate.rule)))
        return GateResult(gate.rule, gate.state, reads, tuple(sorted(gate.problems)), gate.rule.id in self.waived)

    def _criterion(self, criterion: JudgedCriterion, scored: Scored, known: Reach) -> CriterionResult:
        score = contribution = None
        if criterion.state is not CriterionState.NOT_APPLICABLE:
            exact, decimals = criterion.score or Fraction(0), self.rulebook.decision.decimals
            share = scored.shares.get(criterion.rule.id, Fraction(0))
            score, contribution = published(exact, decimals), published(exact * share, decimals)
        return CriterionResult(
            rule=criterion.rule,
            state=criterion.state,
            value=criterion.value,
            score=score,
            contribution=contribution,
            reads=self._reads(known.reads(criterion_names(criterion.rule))),
            problems=tuple(sorted(criterion.problems)),
        )

    def _reads(self, facts: frozenset[str]) -> Mapping[str, Value]:
        values = self.names.values
        return {name: _counted(values[name]) for name in self.rulebook.facts if name in facts}

    def _extremes(self, gates: Iterable[GateResult], scored: Scored) -> Extremes:
        decision = self.rulebook.decision
        return together(
            [
                *(gate_extremes(gate) for gate in gates),
                category_extremes(self.category.possible),
                completeness_extremes(decision),
                score_extremes(decision, scored.dimensions),
            ]
        )

    def _unknown(self, known: Reach) -> tuple[UnknownFact, ...]:
        """List the unknown facts, those that most weight hangs on first."""
        found = [self._at_stake(name, known) for name in self.rulebook.facts if self.names.is_unknown(name)]
        return tuple(sorted(found, key=lambda fact: fact.weight_at_stake, reverse=True))

    def _at_stake(self, fact: str, known: Reach) -> UnknownFact:
        weights = (
            criterion.rule.weight
            for criterion in self.criteria
            if criterion.state is CriterionState.UNKNOWN and fact in known.hangs_on(criterion_names(criterion.rule))
        )
        gates = tuple(
            gate.rule.id
            for gate in self.gates
            if gate.state is GateState.UNKNOWN
            and gate.rule.id not in self.waived
            and fact in known.hangs_on(gate_names(gate.rule))
        )
        return UnknownFact(fact, reduce(EXACT.add, weights, Decimal(0)), gates)


def _counted(value: Value) -> Value:
    return Decimal(len(value)) if isinstance(value, tuple) else value
