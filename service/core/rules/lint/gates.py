"""Gates that stop nobody or everybody, and categories that no case comes into."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.core.rules.faults import Fault, Severity
from service.core.rules.lint.findings import Desk
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thought
from service.core.rules.model import Category, Gate


def of_gates(desk: Desk) -> Iterator[Fault]:
    """Tell of every gate that is without force."""
    for gate in desk.rulebook.gates:
        yield from _of_gate(gate, desk)


def of_categories(desk: Desk) -> Iterator[Fault]:
    """Tell of every category that is never reached."""
    walk = _Walk(desk, desk.names.free)
    for category in desk.rulebook.categories:
        yield from walk.step(category)


def _of_gate(gate: Gate, desk: Desk) -> Iterator[Fault]:
    way = ("gates", gate.id)
    around = desk.names.free
    always = True
    if gate.applies_when is not None:
        applies = desk.condition(gate.applies_when)
        yield from _of_applying(gate, applies, desk)
        if applies.true is None:
            return
        around, always = applies.true, applies.never_false
    fails = desk.condition(gate.fails_when, around)
    code = _code(fails, always=always)
    if code is None:
        yield from desk.inside((*way, "fails_when"), fails)
        yield from _switched_off(gate, desk)
        return
    severity = Severity.WARNING if code == "gate_fails_wherever_it_applies" else Severity.POLICY
    yield Fault(desk.at((*way, "fails_when"), fails), severity, code, {"found": gate.id})
    yield from desk.inside((*way, "fails_when"), fails, whole=False)


def _of_applying(gate: Gate, applies: Thought, desk: Desk) -> Iterator[Fault]:
    way = ("gates", gate.id, "applies_when")
    if applies.true is None:
        code = "gate_never_settled" if applies.never_known else "gate_never_applies"
        yield Fault(desk.at(way, applies), Severity.POLICY, code, {"found": gate.id})
    yield from desk.inside(way, applies, whole=applies.true is not None)


def _code(fails: Thought, *, always: bool) -> str | None:
    """Name what is wrong with a gate, by what its ``fails_when`` can be while it applies."""
    if fails.never_known:
        return "gate_never_settled"
    if fails.never_true:
        return "gate_never_fails"
    if fails.never_false:
        return "gate_always_fails" if always else "gate_fails_wherever_it_applies"
    return None


def _switched_off(gate: Gate, desk: Desk) -> Iterator[Fault]:
    """Warn of a gate that only parameters which are 0, false or an empty list keep from ever failing."""
    if not desk.is_switched(gate.applies_when, gate.fails_when):
        return
    applies = None if gate.applies_when is None else desk.exactly(gate.applies_when)
    around = desk.names.exact if applies is None else applies.true
    fails = None if around is None else desk.exactly(gate.fails_when, around)
    if fails is None or fails.true is None:
        way = ("gates", gate.id, "fails_when")
        place = desk.places.of_part(way, gate.fails_when.root)
        yield Fault(place, Severity.WARNING, "gate_switched_off", {"found": gate.id})
    elif fails.never_false and gate.applies_when is None:
        place = desk.at(("gates", gate.id, "fails_when"), fails)
        yield Fault(place, Severity.POLICY, "gate_always_fails", {"found": gate.id})


@dataclass(slots=True)
class _Walk:
    """Goes from category to category; ``left`` is where a case comes to the next one, None once one takes all."""

    desk: Desk
    left: Surroundings | None
    last: str = ""

    def step(self, category: Category) -> Iterator[Fault]:
        way = ("categories", category.id)
        if self.left is None:
            # The last one must be there even where those before it leave nothing.
            severity = Severity.WARNING if category.when is None else Severity.POLICY
            figures = {"found": category.id, "before": self.last}
            yield Fault(self.desk.places.of(way), severity, "category_after_all", figures)
        elif category.when is not None:
            thought = self.desk.condition(category.when, self.left)
            yield from self._of(category, thought)
            self.left = thought.false
            self.last = category.id

    def _of(self, category: Category, thought: Thought) -> Iterator[Fault]:
        way = ("categories", category.id, "when")
        if thought.true is None:
            yield Fault(self.desk.at(way, thought), Severity.POLICY, "category_never_reached", {"found": category.id})
        elif self.desk.is_switched(category.when) and self.desk.exactly(thought.expression).never_true:
            yield Fault(self.desk.at(way, thought), Severity.WARNING, "category_switched_off", {"found": category.id})
        yield from self.desk.inside(way, thought, whole=thought.true is not None)
