"""Gates, categories and criteria, each on its own: what its expressions say of the names."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.core.rules.assessment import CriterionState, GateState
from service.core.rules.derive import Names, does_not_apply, evaluated, problems, standing
from service.core.rules.expressions.evaluate import Result
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Value
from service.core.rules.model import Category, Criterion, Formula, Gate
from service.core.rules.scales import score

# Met by an expression that is not looked at, and by a rule that did not come out unknown.
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JudgedGate:
    """What a gate says; ``problems`` where that is unknown."""

    rule: Gate
    state: GateState
    problems: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """What a criterion says: its exact score where it is known, and whether it may yet be left out."""

    rule: Criterion
    state: CriterionState
    value: Value = None
    score: Fraction | None = None
    optional: bool = False
    problems: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class JudgedCategory:
    """The category that holds, whether it is provisional, and every one still possible."""

    category: Category
    provisional: bool
    possible: tuple[Category, ...]


def gate_names(gate: Gate) -> tuple[str, ...]:
    """Give the names standing in the expressions of a gate."""
    return standing(gate.applies_when, gate.fails_when)


def criterion_names(criterion: Criterion) -> tuple[str, ...]:
    """Give the names standing in the expressions of a criterion."""
    return standing(criterion.applies_when, criterion.value, _formula(criterion))


def judge_gate(gate: Gate, names: Names) -> JudgedGate:
    """Judge a gate: it fails only where it certainly applies, and passes wherever it certainly does not fail."""
    applies, fails = evaluated(gate.applies_when, names), evaluated(gate.fails_when, names)
    if applies.value is False:
        return JudgedGate(gate, GateState.NOT_APPLICABLE)
    if fails.value is False:
        return JudgedGate(gate, GateState.PASS)
    if applies.value and fails.value:
        return JudgedGate(gate, GateState.FAIL)
    met = problems(names, gate_names(gate), (applies, fails))
    if does_not_apply(names, gate_names(gate), met):
        return JudgedGate(gate, GateState.NOT_APPLICABLE)
    return JudgedGate(gate, GateState.UNKNOWN, met)


def judge_categories(categories: Sequence[Category], names: Names) -> JudgedCategory:
    """Take the first category that applies or may; still possible are those that may, up to the first that does."""
    possible: list[Category] = []
    provisional = False
    for category in categories:
        applies = evaluated(category.when, names).value
        if applies is False:
            continue
        provisional = provisional or applies is None
        possible.append(category)
        if applies:
            break
    return JudgedCategory(possible[0], provisional, tuple(possible))


def judge_criterion(criterion: Criterion, names: Names) -> JudgedCriterion:
    """Judge a criterion: known only where it certainly applies and its value (or formula) is known."""
    applies = evaluated(criterion.applies_when, names)
    if applies.value is False:
        return JudgedCriterion(criterion, CriterionState.NOT_APPLICABLE)
    value, scored = _value(criterion.value, names), evaluated(_scored(criterion), names)
    if applies.value and scored.value is not None:
        exact = score(criterion.scale, scored.value)
        return JudgedCriterion(criterion, CriterionState.KNOWN, value.value, exact)
    met = problems(names, criterion_names(criterion), (applies, value, scored))
    if does_not_apply(names, criterion_names(criterion), met):
        return JudgedCriterion(criterion, CriterionState.NOT_APPLICABLE)
    return JudgedCriterion(criterion, CriterionState.UNKNOWN, optional=applies.value is None, problems=met)


def _value(expression: Expression | None, names: Names) -> Result:
    return Result(None) if expression is None else evaluated(expression, names)


def _formula(criterion: Criterion) -> Expression | None:
    return criterion.scale.score if isinstance(criterion.scale, Formula) else None


def _scored(criterion: Criterion) -> Expression | None:
    return _formula(criterion) or criterion.value
