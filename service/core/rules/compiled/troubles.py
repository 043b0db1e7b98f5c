"""What unknown gates and criteria met: the same as ``derive.problems``, looked for only where there may be some."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from service.core.rules.assessment import CriterionState, GateState
from service.core.rules.compiled.judging import Judged
from service.core.rules.compiled.names import divisors, figures, may_meet
from service.core.rules.dependencies import in_dependency_order
from service.core.rules.derive import Names, has_unknown_field, problems
from service.core.rules.expressions.evaluate import MOST_STEPS, evaluate
from service.core.rules.expressions.nodes import Expression, Name, Node
from service.core.rules.expressions.shape import most_steps
from service.core.rules.expressions.types import Kind, Value
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.model import Criterion, Formula, Gate, Rulebook

Problems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Risk:
    """An expression that may meet a problem; one that divides by names alone only where one of these is 0."""

    expression: Expression
    divisors: frozenset[str] | None

    def is_run(self, values: Mapping[str, Value]) -> bool:
        return self.divisors is None or any(values[name] is not None and not values[name] for name in self.divisors)


class Troubles:
    """The problems of one rulebook's rules."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Find the expressions that may meet a problem."""
        derived = [rulebook.derived[name] for name in in_dependency_order(rulebook) if name in rulebook.derived]
        self._parameters = {name: parameter.value for name, parameter in rulebook.parameters.items()}
        self._figures = tuple(figures(rulebook))
        known = {*self._parameters, *self._figures}
        telling = _telling(rulebook)
        self._derived = [(one.id, _kept(one.value.names, telling), _risks([one.value], known)) for one in derived]
        self._gates = [
            _rule(gate_names(gate), telling, _risks(_gate_expressions(gate), known)) for gate in rulebook.gates
        ]
        self._criteria = [
            _rule(criterion_names(one), telling, _risks(_criterion_expressions(one), known))
            for one in rulebook.criteria
        ]

    def met(self, judged: Judged, absent: frozenset[str]) -> tuple[list[Problems], list[Problems]]:
        """Give the problems of each gate and of each criterion, in the order of the file; none where not unknown."""
        names = self._names(judged, absent)
        gates, criteria = zip(self._gates, judged.gates, strict=True), zip(self._criteria, judged.criteria, strict=True)
        return (
            [_met(names, *rule) if state is GateState.UNKNOWN else () for rule, state in gates],
            [_met(names, *rule) if state is CriterionState.UNKNOWN else () for rule, state in criteria],
        )

    def _names(self, judged: Judged, absent: frozenset[str]) -> Names:
        """Tell the problems of the unknown derived figures, each after those below it."""
        found: dict[str, frozenset[str]] = {}
        values: Mapping[str, Value] = {**self._parameters, **dict(zip(self._figures, judged.names, strict=True))}
        names = Names(values, absent, found)
        for name, standing_names, risks in self._derived:
            if names.is_unknown(name):
                met = _met(names, standing_names, risks)
                if met:
                    found[name] = frozenset(met)
        return names


def _telling(rulebook: Rulebook) -> frozenset[str]:
    """Name what may bring a problem of its own: derived figures, and lists, whose records may have unknown fields."""
    lists = {name for name, found in figures(rulebook).items() if found.kind is Kind.LIST}
    constants = {name for name, parameter in rulebook.parameters.items() if has_unknown_field(parameter.value)}
    return frozenset({*rulebook.derived, *lists, *constants})


def _kept(names: Iterable[str], telling: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in telling)


def _rule(
    names: tuple[str, ...], telling: AbstractSet[str], risks: tuple[_Risk, ...]
) -> tuple[tuple[str, ...], tuple[_Risk, ...]]:
    """Keep every name where a problem may be met that an expression is known in spite of."""
    return (names if risks else _kept(names, telling)), risks


def _met(names: Names, standing_names: Sequence[str], risks: Iterable[_Risk]) -> Problems:
    results = [evaluate(risk.expression, names.values) for risk in risks if risk.is_run(names.values)]
    return tuple(sorted(problems(names, standing_names, results)))


def _risks(expressions: Iterable[Expression | None], known: AbstractSet[str]) -> tuple[_Risk, ...]:
    return tuple(
        _Risk(one, _divisors(one.root, known)) for one in expressions if one is not None and may_meet(one.root)
    )


def _divisors(root: Node, known: AbstractSet[str]) -> frozenset[str] | None:
    """Name what an expression divides by; None where that is more than names, or where steps may run out."""
    found = list(divisors(root))
    names = [node.name for node in found if isinstance(node, Name) and node.name in known]
    return frozenset(names) if len(names) == len(found) and most_steps(root) <= MOST_STEPS else None


def _gate_expressions(gate: Gate) -> tuple[Expression | None, ...]:
    return gate.applies_when, gate.fails_when


def _criterion_expressions(criterion: Criterion) -> tuple[Expression | None, ...]:
    formula = criterion.scale.score if isinstance(criterion.scale, Formula) else None
    return criterion.applies_when, criterion.value, formula
