"""From what was judged to an outcome: why it is no better, what it may become, and which facts are missing.

The same as ``outcomes`` and ``assess``, from tables prepared once.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from service.core.rules.assessment import CriterionState, GateState, Reason, ReasonCode, UnknownFact
from service.core.rules.compiled.exact import ZERO
from service.core.rules.compiled.judging import Judged
from service.core.rules.compiled.names import figures, optional_names
from service.core.rules.compiled.standing import HUNDRED, Range, Scoring, Standing
from service.core.rules.dependencies import reach
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.model import Gate, Outcome, Rulebook
from service.core.rules.outcomes import Extremes, category_extremes, completeness_extremes, together
from service.core.values import EXACT

# A reason with its place among all: the worse outcome first, then in the order of the codes.
_Placed: TypeAlias = "tuple[tuple[int, int], Reason] | None"
_CODES = tuple(ReasonCode)
_UNDECIDED = frozenset({GateState.FAIL, GateState.UNKNOWN})


class Verdicts:
    """The outcomes of one rulebook."""

    def __init__(self, rulebook: Rulebook, scoring: Scoring) -> None:
        """Prepare the reasons that there can be."""
        decision = rulebook.decision
        self._rulebook = rulebook
        self._scoring = scoring
        self._complete = decision.complete_at_least
        self._incomplete = _placed(ReasonCode.INCOMPLETE, decision.incomplete)
        self._category = [_placed(ReasonCode.CATEGORY_CAP, one.best_outcome) for one in rulebook.categories]
        self._score = {outcome: _placed(ReasonCode.SCORE, outcome) for outcome in Outcome}
        self._optional = optional_figures(rulebook)
        self._behind_gates, self._behind_criteria = _behind(rulebook)
        self._failed = [_placed(ReasonCode.GATE_FAILED, gate.on_fail, gate.id) for gate in rulebook.gates]
        self._unsettled = [_placed(ReasonCode.GATE_UNKNOWN, Outcome.DEFER, gate.id) for gate in rulebook.gates]

    def reasons(self, judged: Judged, standing: Standing) -> list[Reason]:
        """Give everything that is worse than approve, in the order it is told."""
        found = list(self._gate_reasons(judged.gates)) if _is_open(judged.gates) else []
        score = standing.outcome
        if standing.completeness < self._complete:
            found.append(self._incomplete)
            score = Outcome.DEFER if score is Outcome.REJECT else score
        found += self._category[judged.categories[0]], self._score[score]
        counted = [placed for placed in found if placed is not None]
        return [reason for _, reason in sorted(counted, key=_place)]

    def is_certain(self, judged: Judged) -> bool:
        """Say whether nothing that is unknown can change anything."""
        return (
            len(judged.categories) == 1
            and GateState.UNKNOWN not in judged.gates
            and CriterionState.UNKNOWN not in judged.criteria
            and self._complete <= HUNDRED
        )

    def extremes(self, judged: Judged) -> tuple[Extremes, Range]:
        """Give what the outcome and the totals may become once everything is known."""
        found = self._scoring.range(judged)
        categories = [self._rulebook.categories[place] for place in judged.categories]
        gates = zip(self._rulebook.gates, judged.gates, strict=True)
        failing = [_gate_extremes(gate, state) for gate, state in gates if state in _UNDECIDED]
        completeness = completeness_extremes(self._rulebook.decision)
        return together([*failing, category_extremes(categories), completeness, found.extremes]), found

    def absent(self, judged: Judged) -> frozenset[str]:
        """Name the facts and derived figures that do not apply."""
        return frozenset(name for name, out in zip(self._optional, judged.left_out, strict=True) if out)

    def unknown(self, judged: Judged) -> tuple[UnknownFact, ...]:
        """List the missing facts, those that most weight hangs on first."""
        weights, gates = self._weights(judged), self._unknown_gates(judged)
        found = [UnknownFact(name, weights[name], tuple(gates[name])) for name in judged.missing]
        return tuple(sorted(found, key=lambda fact: fact.weight_at_stake, reverse=True))

    def _gate_reasons(self, gates: Sequence[GateState]) -> Iterator[_Placed]:
        for place, state in enumerate(gates):
            if state is GateState.FAIL:
                yield self._failed[place]
            elif state is GateState.UNKNOWN:
                yield self._unsettled[place]

    def _weights(self, judged: Judged) -> dict[str, Decimal]:
        weights = dict.fromkeys(judged.missing, ZERO)
        rules = zip(self._rulebook.criteria, judged.criteria, self._behind_criteria, strict=True)
        for criterion, state, behind in rules:
            if state is CriterionState.UNKNOWN:
                for name in behind & weights.keys():
                    weights[name] = EXACT.add(weights[name], criterion.weight)
        return weights

    def _unknown_gates(self, judged: Judged) -> dict[str, list[str]]:
        gates: dict[str, list[str]] = {name: [] for name in judged.missing}
        for gate, state, behind in zip(self._rulebook.gates, judged.gates, self._behind_gates, strict=True):
            if state is GateState.UNKNOWN:
                for name in behind & gates.keys():
                    gates[name].append(gate.id)
        return gates


def optional_figures(rulebook: Rulebook) -> tuple[str, ...]:
    """Name the figures of ``Judged.left_out``, in its order."""
    optional = optional_names(rulebook)
    return tuple(name for name in figures(rulebook) if name in optional)


def _behind(rulebook: Rulebook) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Give the facts behind each gate and behind each criterion."""
    known = reach(rulebook)
    return (
        [known.hangs_on(gate_names(gate)) for gate in rulebook.gates],
        [known.hangs_on(criterion_names(criterion)) for criterion in rulebook.criteria],
    )


def _is_open(gates: Sequence[GateState]) -> bool:
    return GateState.FAIL in gates or GateState.UNKNOWN in gates


def _gate_extremes(gate: Gate, state: GateState) -> Extremes:
    return Extremes(gate.on_fail if state is GateState.FAIL else Outcome.APPROVE, gate.on_fail)


def _placed(code: ReasonCode, outcome: Outcome, gate: str | None = None) -> _Placed:
    """Prepare a reason; approve is none."""
    place = (-outcome.severity, _CODES.index(code))
    return None if outcome is Outcome.APPROVE else (place, Reason(code, outcome, gate))


def _place(placed: tuple[tuple[int, int], Reason]) -> tuple[int, int]:
    return placed[0]
