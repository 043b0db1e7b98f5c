"""Everything there is to tell of one set of facts, in figures: what an assessment and a report are made of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from service.core.rules.assessment import Reason, UnknownFact
from service.core.rules.compiled.exact import exactly
from service.core.rules.compiled.judging import Judge, Judged
from service.core.rules.compiled.standing import Range, Scoring, Standing
from service.core.rules.compiled.troubles import Problems, Troubles
from service.core.rules.compiled.verdict import Verdicts
from service.core.rules.expressions.types import Value
from service.core.rules.model import Outcome, Rulebook
from service.core.rules.outcomes import Extremes

_Open: TypeAlias = tuple[Extremes, Range, Sequence[Problems], Sequence[Problems]]


class Account(NamedTuple):
    """What an assessment tells, in the order of the file."""

    judged: Judged
    standing: Standing
    outcome: Outcome
    reasons: Sequence[Reason]
    unknown: Sequence[UnknownFact]
    extremes: Extremes
    range: Range
    gate_problems: Sequence[Problems]
    criterion_problems: Sequence[Problems]


class Accounts:
    """The accounts of one rulebook."""

    def __init__(self, rulebook: Rulebook, scoring: Scoring, judge: Judge) -> None:
        """Take the compiled function; prepare what does not depend on facts."""
        self._judge = judge
        self._no_gate_problems: list[Problems] = [()] * len(rulebook.gates)
        self._no_criterion_problems: list[Problems] = [()] * len(rulebook.criteria)
        self._scoring = scoring
        self._verdicts = Verdicts(rulebook, scoring)
        self._troubles = Troubles(rulebook)

    @exactly
    def verdict(self, values: Mapping[str, Value]) -> tuple[Judged, Standing, Sequence[Reason]]:
        """Say how it stands and why it is no better."""
        return self._verdict(values)

    @exactly
    def account(self, values: Mapping[str, Value]) -> Account:
        """Say everything."""
        judged, standing, reasons = self._verdict(values)
        outcome = reasons[0].outcome if reasons else Outcome.APPROVE
        return Account(
            judged,
            standing,
            outcome,
            reasons,
            self._verdicts.unknown(judged) if judged.missing else (),
            *self._open(judged, standing, outcome),
        )

    def _verdict(self, values: Mapping[str, Value]) -> tuple[Judged, Standing, Sequence[Reason]]:
        judged = self._judge(values)
        standing = self._scoring.standing(judged)
        return judged, standing, self._verdicts.reasons(judged, standing)

    def _open(self, judged: Judged, standing: Standing, outcome: Outcome) -> _Open:
        """Say what is still open: the range of outcomes and totals, and what unknown rules met."""
        if self._verdicts.is_certain(judged):
            total, same = standing.total, Extremes(outcome, outcome)
            return same, Range(total, total, total, same), self._no_gate_problems, self._no_criterion_problems
        return *self._verdicts.extremes(judged), *self._troubles.met(judged, self._verdicts.absent(judged))
