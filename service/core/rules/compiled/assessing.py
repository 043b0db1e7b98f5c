"""From an account to an ``Assessment``, equal to the oracle's."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from service.core.rules.assessment import (
    Assessment,
    CategoryResult,
    CriterionResult,
    CriterionState,
    DimensionScore,
    GateResult,
    PlanItem,
    Score,
)
from service.core.rules.compiled.accounts import Account
from service.core.rules.compiled.exact import exactly
from service.core.rules.compiled.judging import share_of_total, unit
from service.core.rules.compiled.names import figures
from service.core.rules.compiled.standing import Scoring
from service.core.rules.dependencies import reach
from service.core.rules.expressions.types import Value
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.model import Rulebook
from service.core.rules.plan import improvements
from service.core.values import EXACT


class Assessments:
    """Makes the assessments of one rulebook."""

    def __init__(self, rulebook: Rulebook, scoring: Scoring) -> None:
        """Find out what every rule reads."""
        self._rulebook = rulebook
        self._scoring = scoring
        self._figures = tuple(figures(rulebook))
        self._gate_reads = reads(rulebook, [gate_names(gate) for gate in rulebook.gates])
        self._criterion_reads = reads(rulebook, [criterion_names(criterion) for criterion in rulebook.criteria])

    @exactly
    def assessment(self, account: Account, facts_sha256: str) -> Assessment:
        """Make an assessment of an account."""
        rulebook, judged = self._rulebook, account.judged
        values = {name: _counted(value) for name, value in zip(self._figures, judged.names, strict=True)}
        criteria = tuple(self._criteria(account, values))
        return Assessment(
            rulebook_id=rulebook.id,
            edition=rulebook.edition,
            rulebook_sha256=rulebook.sha256,
            facts_sha256=facts_sha256,
            outcome=account.outcome,
            best_possible=account.extremes.best,
            worst_possible=account.extremes.worst,
            category=self.category(account),
            reasons=tuple(account.reasons),
            score=self.score(account),
            gates=tuple(self._gates(account, values)),
            criteria=criteria,
            unknown=tuple(account.unknown),
            derived={name: values[name] for name in rulebook.derived},
            action_plan=tuple(self._plan(account, criteria)),
        )

    def category(self, account: Account) -> CategoryResult:
        """Give the category that holds; it is provisional while others are possible."""
        possible = account.judged.categories
        return CategoryResult(self._rulebook.categories[possible[0]].id, provisional=len(possible) > 1)

    def score(self, account: Account) -> Score:
        """Give the published totals."""
        standing, found = account.standing, account.range
        dimensions = zip(self._rulebook.dimensions.values(), standing.dimensions, strict=True)
        return Score(
            total=standing.total,
            lowest=found.lowest,
            highest=found.highest,
            known_only=found.known_only,
            completeness=standing.completeness,
            outcome=standing.outcome,
            dimensions={one.id: DimensionScore(score, one.weight) for one, score in dimensions},
        )

    def _gates(self, account: Account, values: Mapping[str, Value]) -> Iterator[GateResult]:
        for rule, state, names, problems in zip(
            self._rulebook.gates, account.judged.gates, self._gate_reads, account.gate_problems, strict=True
        ):
            yield GateResult(rule, state, {name: values[name] for name in names}, problems)

    def _criteria(self, account: Account, values: Mapping[str, Value]) -> Iterator[CriterionResult]:
        judged, published = account.judged, self._scoring.rounding.published
        totals = self._scoring.totals(judged)
        for index, rule in enumerate(self._rulebook.criteria):
            score = contribution = None
            if judged.criteria[index] is not CriterionState.NOT_APPLICABLE:
                score = published(judged.scores[index], EXACT.multiply(unit(rule), self._scoring.common))
                share = judged.scores[index] * share_of_total(self._rulebook, rule)
                contribution = published(share, totals[self._scoring.places[index]])
            yield CriterionResult(
                rule,
                judged.criteria[index],
                judged.values[index] if judged.criteria[index] is CriterionState.KNOWN else None,
                score,
                contribution,
                {name: values[name] for name in self._criterion_reads[index]},
                account.criterion_problems[index],
            )

    def _plan(self, account: Account, criteria: Sequence[CriterionResult]) -> Iterator[PlanItem]:
        plan = self._rulebook.action_plan
        yield from improvements(plan, criteria)
        yield from (condition for condition, needed in zip(plan.always, account.judged.needed, strict=True) if needed)


def reads(rulebook: Rulebook, rules: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Name the facts that each rule rests on, in the order of the file; a rule is given as the names standing in it."""
    known = reach(rulebook)
    below = [known.reads(names) for names in rules]
    return [tuple(name for name in rulebook.facts if name in facts) for facts in below]


def _counted(value: Value) -> Value:
    return Decimal(len(value)) if isinstance(value, tuple) else value
