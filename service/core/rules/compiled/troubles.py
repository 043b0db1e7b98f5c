"""What unknown gates and criteria met: the same as ``derive.problems``, looked for only where there may be some."""

from collections.abc import Iterable, Mapping

from service.core.rules.assessment import CriterionState, GateState
from service.core.rules.compiled.judging import Judged
from service.core.rules.compiled.names import figures, may_meet
from service.core.rules.dependencies import in_dependency_order
from service.core.rules.derive import Names, problems
from service.core.rules.expressions.evaluate import evaluate
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Value
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.model import Criterion, Formula, Gate, Rulebook

Problems = tuple[str, ...]


class Troubles:
    """The problems of one rulebook's rules."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Find the expressions that may meet a problem."""
        derived = [rulebook.derived[name] for name in in_dependency_order(rulebook) if name in rulebook.derived]
        self._parameters = {name: parameter.value for name, parameter in rulebook.parameters.items()}
        self._figures = tuple(figures(rulebook))
        self._derived = [(one.id, one.value.names, _risky([one.value])) for one in derived]
        self._gates = [(gate_names(gate), _risky(_gate_expressions(gate))) for gate in rulebook.gates]
        self._criteria = [(criterion_names(one), _risky(_criterion_expressions(one))) for one in rulebook.criteria]

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
        for name, standing_names, risky in self._derived:
            if names.is_unknown(name):
                met = _met(names, standing_names, risky)
                if met:
                    found[name] = frozenset(met)
        return names


def _met(names: Names, standing_names: Iterable[str], risky: Iterable[Expression]) -> Problems:
    results = [evaluate(expression, names.values) for expression in risky]
    return tuple(sorted(problems(names, standing_names, results)))


def _risky(expressions: Iterable[Expression | None]) -> tuple[Expression, ...]:
    return tuple(one for one in expressions if one is not None and may_meet(one.root))


def _gate_expressions(gate: Gate) -> tuple[Expression | None, ...]:
    return gate.applies_when, gate.fails_when


def _criterion_expressions(criterion: Criterion) -> tuple[Expression | None, ...]:
    formula = criterion.scale.score if isinstance(criterion.scale, Formula) else None
    return criterion.applies_when, criterion.value, formula
