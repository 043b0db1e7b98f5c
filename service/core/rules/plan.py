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
    yield from improvements(plan, criteria)
    known = replace(names, values={**names.values, CATEGORY: category})
    yield from (condition for condition in plan.always if _is_needed(condition.when, known))


def improvements(plan: ActionPlan, criteria: Iterable[CriterionResult]) -> Iterator[Improvement]:
    """Give the criteria whose published score is below the plan's mark, with where they must get to."""
    for criterion in criteria:
        if criterion.score is not None and criterion.score < plan.below:
            rule, now = criterion.rule, criterion.value
            yield Improvement(rule.id, metric(rule), now, target(rule.scale, plan.below, now), DUE)


def metric(rule: Criterion) -> str:
    """Give the text of what a criterion measures."""
    if rule.value is not None:
        return rule.value.text
    return rule.scale.score.text if isinstance(rule.scale, Formula) else ""


def _is_needed(when: Expression | None, names: Names) -> bool:
    result = evaluated(when, names)
    if when is None or result.value is not None:
        return result.value is True
    return not does_not_apply(names, when.names, problems(names, when.names, [result]))
