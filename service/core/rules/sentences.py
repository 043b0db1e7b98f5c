"""One sentence for each gate, criterion and reason: what it says and why, from the figures of the assessment alone.

A sentence is a head and some clauses. Everything in it but the figures is constant text of the rulebook.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from service.core.rules.assessment import (
    Assessment,
    CategoryResult,
    CriterionResult,
    CriterionState,
    GateResult,
    GateState,
    Improvement,
    Reason,
    ReasonCode,
    Score,
)
from service.core.rules.expressions.types import Value
from service.core.rules.model import Decision, Mark, Outcome
from service.core.rules.wording import Wording, limits
from service.core.values import CONTEXT, number_text


class Sentences:
    """The sentences of one assessment in one language."""

    def __init__(self, wording: Wording, assessment: Assessment) -> None:
        """Take an assessment by the wording's rulebook."""
        self._wording = wording
        self._assessment = assessment
        self._unknown = frozenset(item.fact for item in assessment.unknown)
        improvements = (item for item in assessment.action_plan if isinstance(item, Improvement))
        self._improvements = {item.id: item for item in improvements}

    def gate(self, gate: GateResult) -> str:
        """Say what a gate says, what it rests on, what is missing, and the cure where it failed."""
        return self._wording.sentence(self.gate_head(gate, "gate"), self._gate_clauses(gate))

    def gate_head(self, gate: GateResult, tone: str) -> str:
        """Say what a gate says and what that means for the outcome, in the words ``<tone>_<state>``.

        One that is waived means nothing for it, in the words ``<tone>_<state>_waived``.
        """
        wording, rule = self._wording, gate.rule
        outcome = Outcome.DEFER if gate.state is GateState.UNKNOWN else rule.on_fail
        code = f"{tone}_{gate.state}_waived" if gate.waived else f"{tone}_{gate.state}"
        return wording.say(code, label=wording.label(rule.label), outcome=wording.outcome(outcome))

    def criterion(self, criterion: CriterionResult) -> str:
        """Say what a criterion scores, from what value, and where it must get to."""
        return self._wording.sentence(self.criterion_head(criterion), self._criterion_clauses(criterion))

    def criterion_head(self, criterion: CriterionResult) -> str:
        """Say what a criterion scores, and from what value."""
        wording, rule = self._wording, criterion.rule
        scored = criterion.state is CriterionState.KNOWN and criterion.value is None
        return wording.say(
            "criterion_scored" if scored else f"criterion_{criterion.state}",
            label=wording.label(rule.label),
            value=wording.criterion_value(rule, criterion.value),
            score=_figure(criterion.score),
            weight=number_text(rule.weight),
            contribution=_figure(criterion.contribution),
        )

    def reason(self, reason: Reason) -> str:
        """Say what makes the outcome worse than approve; of a gate the same as the gate itself says."""
        if reason.gate is None:
            return ReasonSentences(self._wording, self._assessment.category, self._assessment.score).reason(reason)
        return next(self.gate(gate) for gate in self._assessment.gates if gate.rule.id == reason.gate)

    def _gate_clauses(self, gate: GateResult) -> Iterator[str]:
        if gate.state is GateState.NOT_APPLICABLE:
            return
        if gate.state is GateState.UNKNOWN:
            yield from self.why_unknown(gate.reads, gate.problems)
        yield self._basis(gate)
        if gate.state is GateState.FAIL and not gate.waived and gate.rule.cure is not None:
            code = "cure_possible" if gate.rule.curable else "cure_impossible"
            yield self._wording.say(code, cure=self._wording.label(gate.rule.cure))

    def _basis(self, gate: GateResult) -> str:
        """Say the known values of the names standing in the gate's condition, with the limits they are held against."""
        wording, condition = self._wording, gate.rule.fails_when
        values = {**gate.reads, **self._assessment.derived}
        held = limits(wording.rulebook, condition.root)
        known = (name for name in condition.names if values.get(name) is not None)
        return wording.words["comma"].join(wording.named(name, values[name], held.get(name)) for name in known)

    def _criterion_clauses(self, criterion: CriterionResult) -> Iterator[str]:
        if criterion.state is CriterionState.UNKNOWN:
            yield from self.why_unknown(criterion.reads, criterion.problems)
        improvement = self._improvements.get(criterion.rule.id)
        if improvement is None or criterion.score is None:
            return
        wording, below = self._wording, self._wording.rulebook.action_plan.below
        if criterion.state is CriterionState.KNOWN:
            gap = CONTEXT.subtract(below, criterion.score)
            yield wording.say("below", below=number_text(below), gap=number_text(gap))
        if improvement.target is not None:
            yield wording.say("target", target=wording.criterion_value(criterion.rule, improvement.target))

    def why_unknown(self, reads: Mapping[str, Value], problems: Iterable[str]) -> list[str]:
        """Name the facts that are missing and the problems met; where there is neither, say that it is not settled."""
        wording = self._wording
        missing = [wording.label(wording.rulebook.facts[name].label) for name in reads if name in self._unknown]
        said = [wording.say("missing", facts=wording.words["enumeration"].join(missing))] if missing else []
        said += [wording.words[f"problem_{problem}"] for problem in problems]
        return said or [wording.words["unsettled"]]


class ReasonSentences:
    """The sentences of the reasons that are no gates."""

    def __init__(self, wording: Wording, category: CategoryResult, score: Score) -> None:
        """Take what an assessment by the wording's rulebook says."""
        self._wording = wording
        self._assessed_category = category
        self._assessed_score = score

    def reason(self, reason: Reason) -> str:
        """Say what makes the outcome worse than approve."""
        if reason.code is ReasonCode.SCORE:
            return self._score(reason)
        return self._category(reason) if reason.code is ReasonCode.CATEGORY_CAP else self._incomplete(reason)

    def _incomplete(self, reason: Reason) -> str:
        wording = self._wording
        head = wording.say(
            "reason_incomplete",
            completeness=number_text(self._assessed_score.completeness),
            mark=number_text(wording.rulebook.decision.complete_at_least),
            outcome=wording.outcome(reason.outcome),
        )
        return wording.sentence(head, ())

    def _category(self, reason: Reason) -> str:
        wording, said = self._wording, self._assessed_category
        category = next(one for one in wording.rulebook.categories if one.id == said.id)
        code = "reason_category_cap_provisional" if said.provisional else "reason_category_cap"
        outcome = wording.outcome(reason.outcome)
        return wording.sentence(wording.say(code, label=wording.label(category.label), outcome=outcome), ())

    def _score(self, reason: Reason) -> str:
        wording, score = self._wording, self._assessed_score
        outcome = wording.outcome(score.outcome)
        if score.total is None:
            return wording.sentence(wording.say("reason_score_none", outcome=outcome), ())
        dimensions = wording.words["comma"].join(self._dimensions())
        total = number_text(score.total)
        head = wording.say("reason_score", total=total, dimensions=dimensions, outcome=outcome)
        return wording.sentence(head, self._score_clauses(reason))

    def _score_clauses(self, reason: Reason) -> Iterator[str]:
        """Say the marks of the next better outcome, and whether the outcome was softened."""
        wording, outcome = self._wording, self._assessed_score.outcome
        better, mark = better_mark(wording.rulebook.decision, outcome)
        yield wording.say(
            "reason_score_marks",
            outcome=wording.outcome(better),
            total=number_text(mark.total),
            dimension=number_text(mark.each_dimension),
        )
        if reason.outcome is not outcome:
            yield wording.say("reason_score_softened", outcome=wording.outcome(reason.outcome))

    def _dimensions(self) -> Iterator[str]:
        wording = self._wording
        for name, dimension in self._assessed_score.dimensions.items():
            if dimension.score is not None:
                label = wording.label(wording.rulebook.dimensions[name].label)
                yield wording.say("dimension", label=label, score=number_text(dimension.score))


def better_mark(decision: Decision, outcome: Outcome) -> tuple[Outcome, Mark]:
    """Give the next better outcome than one that is not approve, and its mark."""
    marks = {
        Outcome.CONDITIONAL: (Outcome.APPROVE, decision.approve),
        Outcome.DEFER: (Outcome.CONDITIONAL, decision.conditional),
        Outcome.REJECT: (Outcome.DEFER, decision.defer),
    }
    return marks[outcome]


def _figure(number: Decimal | None) -> str:
    return "" if number is None else number_text(number)
