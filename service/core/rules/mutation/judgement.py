"""What a rulebook makes of one case, and again of the same case where something in the rulebook has changed.

A rule is judged again where it is another one, or where a name standing in it has changed; what comes out the same is
taken over. Only what cases can look at is found out.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from operator import is_
from typing import TypeAlias

from service.core.rules.assessment import (
    CategoryResult,
    CriterionResult,
    CriterionState,
    GateResult,
    PlanItem,
    Score,
)
from service.core.rules.derive import Names, standing
from service.core.rules.expressions.types import Value
from service.core.rules.judge import (
    JudgedCategory,
    JudgedCriterion,
    criterion_names,
    gate_names,
    judge_categories,
    judge_criterion,
    judge_gate,
)
from service.core.rules.model import Gate, Outcome, Rulebook
from service.core.rules.outcomes import reasons, worst
from service.core.rules.plan import action_plan
from service.core.rules.score import score_criteria
from service.core.rules.totals import published

# The names standing in the rules of a section, for each rule in its order.
Standing: TypeAlias = Mapping[str, tuple[frozenset[str], ...]]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that is asked, or may be, and not known."""

    fact: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a case, as far as cases can look at it, and what that rests on."""

    rulebook: Rulebook
    names: Names
    possible: JudgedCategory
    judged: tuple[JudgedCriterion, ...]
    outcome: Outcome
    category: CategoryResult
    score: Score
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionResult, ...]
    derived: Mapping[str, Value]
    unknown: tuple[Unknown, ...]
    action_plan: tuple[PlanItem, ...]


def names_standing(rulebook: Rulebook) -> Standing:
    """Give the names standing in the rules of a rulebook."""
    always = rulebook.action_plan.always
    return {
        "gates": tuple(frozenset(gate_names(gate)) for gate in rulebook.gates),
        "categories": (frozenset(standing(*(category.when for category in rulebook.categories))),),
        "criteria": tuple(frozenset(criterion_names(criterion)) for criterion in rulebook.criteria),
        "action_plan": (frozenset(standing(*(condition.when for condition in always))),),
    }


def judgement(rulebook: Rulebook, names: Names) -> Judgement:
    """Judge a case for the first time."""
    gates = tuple(_result(gate, names) for gate in rulebook.gates)
    possible = judge_categories(rulebook.categories, names)
    judged = tuple(judge_criterion(criterion, names) for criterion in rulebook.criteria)
    return _told(_Judged(rulebook, names, gates, possible, judged))


def again(
    rulebook: Rulebook, names: Names, before: Judgement, changed: AbstractSet[str], rests_on: Standing
) -> Judgement:
    """Judge a case again after names or rules have changed; ``before`` itself where nothing comes out otherwise."""
    old = _Old(before, changed, rests_on)
    judged = _Judged(
        rulebook, names, tuple(old.gates(rulebook, names)), old.possible(rulebook, names), old.judged(rulebook, names)
    )
    return before if not changed and old.is_kept(judged) else _told(judged, old)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Everything judged, to be added up and told."""

    rulebook: Rulebook
    names: Names
    gates: tuple[GateResult, ...]
    possible: JudgedCategory
    judged: tuple[JudgedCriterion, ...]


@dataclass(frozen=True, slots=True)
class _Old:
    """What came of the case before, and the names that have changed since."""

    judgement: Judgement
    changed: AbstractSet[str]
    rests_on: Standing

    def gates(self, rulebook: Rulebook, names: Names) -> Iterator[GateResult]:
        """Judge the gates, or keep what came of them."""
        old, rests_on = self.judgement.gates, self.rests_on["gates"]
        for gate, result, standing_names in zip(rulebook.gates, old, rests_on, strict=True):
            if gate is result.rule and self.changed.isdisjoint(standing_names):
                yield result
                continue
            new = _result(gate, names)
            yield result if new.state is result.state and gate.on_fail is result.rule.on_fail else new

    def possible(self, rulebook: Rulebook, names: Names) -> JudgedCategory:
        """Judge the categories, or keep what came of them."""
        (standing_names,) = self.rests_on["categories"]
        if rulebook.categories is self.judgement.rulebook.categories and self.changed.isdisjoint(standing_names):
            return self.judgement.possible
        return judge_categories(rulebook.categories, names)

    def judged(self, rulebook: Rulebook, names: Names) -> tuple[JudgedCriterion, ...]:
        """Judge the criteria, or keep what came of them; the same tuple where all are kept."""
        old, rests_on = self.judgement.judged, self.rests_on["criteria"]
        found = tuple(
            result
            if criterion is result.rule and self.changed.isdisjoint(standing_names)
            else _kept(result, judge_criterion(criterion, names))
            for criterion, result, standing_names in zip(rulebook.criteria, old, rests_on, strict=True)
        )
        return old if all(map(is_, found, old)) else found

    def keeps_scores(self, judged: _Judged) -> bool:
        """Say whether scores add up as before."""
        before, now = self.judgement.rulebook, judged.rulebook
        is_same_rule = now.dimensions is before.dimensions and now.decision is before.decision
        return judged.judged is self.judgement.judged and is_same_rule

    def keeps_plan(self, judged: _Judged) -> bool:
        """Say whether the action plan is the same, if the scores are."""
        (standing_names,) = self.rests_on["action_plan"]
        is_same_category = judged.possible.category.id == self.judgement.category.id
        is_same_plan = judged.rulebook.action_plan is self.judgement.rulebook.action_plan
        return is_same_plan and is_same_category and self.changed.isdisjoint(standing_names)

    def is_kept(self, judged: _Judged) -> bool:
        """Say whether nothing at all comes out otherwise."""
        return (
            judged.possible is self.judgement.possible
            and self.keeps_scores(judged)
            and self.keeps_plan(judged)
            and all(map(is_, judged.gates, self.judgement.gates))
        )


def _told(judged: _Judged, old: _Old | None = None) -> Judgement:
    rulebook, names = judged.rulebook, judged.names
    category = CategoryResult(judged.possible.category.id, judged.possible.provisional)
    if old is not None and old.keeps_scores(judged):
        score, criteria, keeps_plan = old.judgement.score, old.judgement.criteria, old.keeps_plan(judged)
    else:
        score, keeps_plan = score_criteria(rulebook, judged.judged).score, False
        criteria = tuple(_published(one, rulebook.decision.decimals) for one in judged.judged)
    plan = (
        old.judgement.action_plan
        if old is not None and keeps_plan
        else tuple(action_plan(rulebook.action_plan, names, category.id, criteria))
    )
    said = reasons(judged.gates, rulebook.decision, judged.possible.category, score)
    return Judgement(
        rulebook=rulebook,
        names=names,
        possible=judged.possible,
        judged=judged.judged,
        outcome=worst(reason.outcome for reason in said),
        category=category,
        score=score,
        gates=judged.gates,
        criteria=criteria,
        derived={name: names.values[name] for name in rulebook.derived},
        unknown=tuple(Unknown(fact) for fact in rulebook.facts if names.is_unknown(fact)),
        action_plan=plan,
    )


def _result(gate: Gate, names: Names) -> GateResult:
    return GateResult(gate, judge_gate(gate, names).state, {})


def _kept(old: JudgedCriterion, new: JudgedCriterion) -> JudgedCriterion:
    """Give the old one where the new one adds the same to every figure."""
    return old if _adds(old) == _adds(new) else new


def _adds(one: JudgedCriterion) -> tuple[object, ...]:
    return one.state, one.value, one.score, one.optional, one.rule.weight, one.rule.scale


def _published(judged: JudgedCriterion, decimals: int) -> CriterionResult:
    is_scored = judged.state is not CriterionState.NOT_APPLICABLE
    score = published(judged.score or Fraction(0), decimals) if is_scored else None
    return CriterionResult(judged.rule, judged.state, judged.value, score, None, {})
