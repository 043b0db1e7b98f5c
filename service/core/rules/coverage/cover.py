"""What the cases of a rulebook have seen of it: conditions come out each way, stretches of scales, gates, outcomes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from service.core.errors import InvalidError
from service.core.rules import facts
from service.core.rules.assess import assess
from service.core.rules.assessment import Assessment, GateState
from service.core.rules.cases import Examples, facts_of
from service.core.rules.clauses import Clause, Way, clauses
from service.core.rules.coverage.parts import Part, conditions_in, outcomes
from service.core.rules.coverage.possible import Possible
from service.core.rules.coverage.stretches import Stretch, stretches
from service.core.rules.derive import settle
from service.core.rules.expressions.nodes import start
from service.core.rules.expressions.types import Value
from service.core.rules.expressions.write import write
from service.core.rules.faults import Place
from service.core.rules.judge import judge_categories
from service.core.rules.model import Gate, Outcome, Rulebook
from service.core.rules.plan import CATEGORY
from service.core.rules.reading.atlas import Atlas

SEEN = "seen"
UNSEEN = "unseen"
INCOMPLETE = "incomplete"

_STATES = {True: "true", False: "false", None: "unknown"}


class Kind(StrEnum):
    """What sort of thing is watched."""

    CONDITION = "condition"
    GATE = "gate"
    CATEGORY = "category"
    SCALE = "scale"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Watched:
    """Something of a rulebook that cases should see.

    ``seen`` gives, for each state it can be in, the names of the cases that saw it there; ``needed`` are the states
    that are possible; ``excused`` says why one of them need not be seen, as a comment of the file does.
    """

    kind: Kind
    place: Place
    way: Way
    text: str
    seen: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    excused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def missing(self) -> tuple[str, ...]:
        """Give the states that no case sees and no comment excuses."""
        return tuple(state for state in self.needed if not self.seen[state] and state not in self.excused)


@dataclass(frozen=True, slots=True)
class _Run:
    """A case, what every name stands for in it, and the place of the last category it looks at."""

    name: str
    values: Mapping[str, Value]
    assessment: Assessment
    last_category: int


def cover(rulebook: Rulebook, examples: Examples) -> tuple[Watched, ...]:
    """Run the cases of a rulebook and tell what they see of it, in the order of the file.

    Cases whose facts are refused see nothing. The rulebook must be as it was loaded.
    """
    covering = _Covering(rulebook, tuple(_runs(rulebook, examples)))
    watched = (*covering.conditions(), *covering.gates(), *covering.choices(), *covering.scales())
    return tuple(sorted(watched, key=lambda one: one.place))


def _runs(rulebook: Rulebook, examples: Examples) -> Iterator[_Run]:
    for case in rulebook.cases:
        try:
            given = facts.read(rulebook, facts_of(case, examples))
        except InvalidError:
            continue
        names, assessment = settle(rulebook, given), assess(rulebook, given)
        last = judge_categories(rulebook.categories, names).possible[-1]
        values = {**names.values, CATEGORY: assessment.category.id}
        yield _Run(case.name, values, assessment, rulebook.categories.index(last))


class _Covering:
    """One rulebook and what its cases made of it."""

    def __init__(self, rulebook: Rulebook, runs: Sequence[_Run]) -> None:
        self._rulebook = rulebook
        self._runs = runs
        self._atlas = Atlas(rulebook.source)
        self._possible = Possible(rulebook)

    def conditions(self) -> Iterator[Watched]:
        for clause in clauses(self._rulebook):
            runs = self._looking(clause.way)
            for part in conditions_in(clause.expression.root, is_condition=clause.is_condition):
                yield self._condition(clause, part, runs)

    def gates(self) -> Iterator[Watched]:
        for index, gate in enumerate(self._rulebook.gates):
            seen = {state.value: self._named(states) for state, states in self._of_gate(index).items()}
            way = ("gates", gate.id)
            yield self._watched(Kind.GATE, (way, self._atlas.place(way)), gate.id, seen, tuple(self._states(gate)))

    def choices(self) -> Iterator[Watched]:
        """Watch each category being taken, and each outcome of the score."""
        for category in self._rulebook.categories:
            took = [run for run in self._runs if run.assessment.category.id == category.id]
            yield self._stretch(Kind.CATEGORY, ("categories", category.id), category.id, took)
        for outcome in Outcome:
            way: Way = ("decision",) if outcome is Outcome.REJECT else ("decision", outcome.value)
            gave = [run for run in self._runs if run.assessment.score.outcome is outcome]
            yield self._stretch(Kind.DECISION, way, outcome.value, gave)
        least = self._rulebook.decision.complete_at_least
        lacking = [run for run in self._runs if run.assessment.score.completeness < least]
        yield self._stretch(Kind.DECISION, ("decision", "completeness"), INCOMPLETE, lacking)

    def scales(self) -> Iterator[Watched]:
        for index, criterion in enumerate(self._rulebook.criteria):
            values = [(run, run.assessment.criteria[index].value) for run in self._runs]
            for stretch in stretches(self._rulebook, criterion):
                used = [run for run, value in values if value is not None and stretch.holds(value)]
                yield self._stretch(Kind.SCALE, stretch.way, stretch.text, used, stretch)

    def _condition(self, clause: Clause, part: Part, runs: Sequence[_Run]) -> Watched:
        came_out = [(run, outcomes(part, run.values)) for run in runs]
        seen = {
            state: self._named([run for run, found in came_out if outcome in found])
            for outcome, state in _STATES.items()
        }
        needed = tuple(_STATES[outcome] for outcome in self._possible.outcomes(part))
        place = self._atlas.place_in(clause.way, start(part.node))
        return self._watched(Kind.CONDITION, (clause.way, place), write(part.node), seen, needed)

    def _stretch(
        self, kind: Kind, way: Way, text: str, runs: Sequence[_Run], stretch: Stretch | None = None
    ) -> Watched:
        needed = (SEEN,) if stretch is None or stretch.is_possible else ()
        return self._watched(kind, (way, self._atlas.place(way)), text, {SEEN: self._named(runs)}, needed)

    def _watched(
        self,
        kind: Kind,
        at: tuple[Way, Place],
        text: str,
        seen: Mapping[str, tuple[str, ...]],
        needed: tuple[str, ...],
    ) -> Watched:
        way, place = at
        found = {
            state: self._atlas.explanation(UNSEEN, (state, text), way, place) for state in needed if not seen[state]
        }
        excused = {state: why for state, why in found.items() if why is not None}
        return Watched(kind, place, way, text, seen, needed, excused)

    def _looking(self, way: Way) -> Sequence[_Run]:
        """Give the runs that look at an expression: a category only where none before it certainly applies."""
        if way[0] != "categories":
            return self._runs
        index = next(at for at, category in enumerate(self._rulebook.categories) if category.id == way[1])
        return [run for run in self._runs if run.last_category >= index]

    def _of_gate(self, index: int) -> Mapping[GateState, list[_Run]]:
        return {state: [run for run in self._runs if run.assessment.gates[index].state is state] for state in GateState}

    def _states(self, gate: Gate) -> Iterator[str]:
        """Give the states a gate can be in; without ``applies_when`` it need not be seen not applicable."""
        yield from (GateState.FAIL.value, GateState.PASS.value)
        roots = [one.root for one in (gate.applies_when, gate.fails_when) if one is not None]
        if any(self._possible.may_be_unknown(root) for root in roots):
            yield GateState.UNKNOWN.value
        if gate.applies_when is not None:
            yield GateState.NOT_APPLICABLE.value

    def _named(self, runs: Sequence[_Run]) -> tuple[str, ...]:
        return tuple(run.name for run in runs)
