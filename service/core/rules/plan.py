"""The action plan: criteria that score too low, with where they must get to, and what is asked for anyway."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.core.rules.assessment import CriterionResult, Improvement, PlanItem
from service.core.rules.derive import Names, does_not_apply, evaluated, problems
from service.core.rules.expressions.nodes import Expression
from service.core.rules.model import ActionPlan, Criterion, Formula
from service.core.rules.scales import target

CATEGORY = "category"
DUE = "24_months_after_production"


def action_plan(
    plan: ActionPlan, names: Names, category: str, criteria: Iterable[CriterionResult]
) -> Iterator[PlanItem]:
    """Give the criteria below the plan's mark, then every further condition that is not certain to be unneeded."""
    for criterion in criteria:
        if criterion.score is not None and criterion.score < plan.below:
            yield _improvement(plan, criterion)
    known = replace(names, values={**names.values, CATEGORY: category})
    yield from (condition for condition in plan.always if _is_needed(condition.when, known))


def _improvement(plan: ActionPlan, criterion: CriterionResult) -> Improvement:
    rule = criterion.rule
    return Improvement(rule.id, _metric(rule), criterion.value, target(rule.scale, plan.below, criterion.value), DUE)


def _metric(rule: Criterion) -> str:
    if rule.value is not None:
        return rule.value.text
    return rule.scale.score.text if isinstance(rule.scale, Formula) else ""


def _is_needed(when: Expression | None, names: Names) -> bool:
    result = evaluated(when, names)
    if when is None or result.value is not None:
        return result.value is True
    return not does_not_apply(names, when.names, problems(names, when.names, [result]))
