"""Finding by reasoning over ranges what no single case shows: rules that can never hold, or always do.

Whatever this calls impossible is impossible for every application within the limits of its facts. What it cannot tell
it leaves alone.
"""

from collections.abc import Iterator

from service.core.rules.expressions.types import Kind
from service.core.rules.faults import Fault, Severity
from service.core.rules.lint import gates, scores
from service.core.rules.lint.findings import Desk
from service.core.rules.lint.names import settle
from service.core.rules.lint.places import Places
from service.core.rules.lint.ranges import Texts
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thinking
from service.core.rules.model import Rulebook
from service.core.rules.plan import CATEGORY
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.text import Source


def lint(rulebook: Rulebook, source: Source, root: Node) -> Iterator[Fault]:
    """Look through a rulebook without a fault of form or meaning; ``root`` is the tree of its file."""
    thinking = Thinking(frozenset(rulebook.parameters))
    desk = Desk(rulebook, Places(source, root), thinking, settle(rulebook, thinking))
    yield from _of_parameters(desk)
    yield from _of_facts(desk)
    yield from _of_derived(desk)
    yield from gates.of_gates(desk)
    yield from gates.of_categories(desk)
    yield from scores.of_criteria(desk)
    yield from _of_plan(desk)


def _of_parameters(desk: Desk) -> Iterator[Fault]:
    """Warn of lists that are empty under the chosen profile."""
    for parameter in desk.rulebook.parameters.values():
        if parameter.value == ():
            override = ("profiles", desk.rulebook.profile or "", parameter.id)
            written = override if desk.places.has(override) else ("parameters", parameter.id, "value")
            yield Fault(desk.places.of(written), Severity.WARNING, "list_empty", {"found": parameter.id})


def _of_facts(desk: Desk) -> Iterator[Fault]:
    for fact in desk.rulebook.facts.values():
        if fact.asked_when is not None and not desk.is_constant(fact.asked_when):
            way = ("facts", fact.id, "asked_when")
            thought = desk.condition(fact.asked_when)
            if thought.true is None:
                yield Fault(desk.at(way, thought), Severity.POLICY, "fact_never_asked", {"found": fact.id})
            yield from desk.inside(way, thought, whole=thought.true is not None)


def _of_derived(desk: Desk) -> Iterator[Fault]:
    for figure in desk.rulebook.derived.values():
        way = ("derived", figure.id, "value")
        thought = desk.names.thoughts[figure.id]
        yield from desk.inside(way, thought, is_condition=figure.type.kind is Kind.BOOLEAN)
        yield from scores.never_known(way, thought, desk)


def _of_plan(desk: Desk) -> Iterator[Fault]:
    categories = Texts(frozenset(category.id for category in desk.rulebook.categories))
    around = Surroundings({**desk.names.free.names, CATEGORY: categories})
    for planned in desk.rulebook.action_plan.always:
        if planned.when is not None and not desk.is_constant(planned.when):
            way = ("action_plan", "always", planned.id, "when")
            thought = desk.condition(planned.when, around)
            if thought.true is None:
                yield Fault(desk.at(way, thought), Severity.WARNING, "planned_never", {"found": planned.id})
            yield from desk.inside(way, thought, whole=thought.true is not None)
