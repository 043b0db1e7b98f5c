"""Every expression of a rulebook with the way to it in the file, and rulebooks with one thing changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Kind
from service.core.rules.model import Criterion, Formula, Gate, Rulebook

# The keys, ids and places in lists that lead to something in a rules file: ``("gates", "too_thirsty", "fails_when")``.
Way: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True, slots=True)
class Clause:
    """An expression of a rulebook; ``is_condition`` says whether its own value is true or false."""

    way: Way
    expression: Expression
    is_condition: bool = True


def clauses(rulebook: Rulebook) -> Iterator[Clause]:
    """Give every expression, in the usual order of the sections."""
    yield from _of_names(rulebook)
    for gate in rulebook.gates:
        yield from _of_gate(gate)
    for category in rulebook.categories:
        yield from _clause(("categories", category.id, "when"), category.when)
    for criterion in rulebook.criteria:
        yield from _of_criterion(criterion)
    for condition in rulebook.action_plan.always:
        yield from _clause(("action_plan", "always", condition.id, "when"), condition.when)


def with_entry(rulebook: Rulebook, section: str, word: str, **changes: object) -> Rulebook:
    """Give the rulebook with some fields of one entry of a section changed."""
    entries: Mapping[str, Any] | tuple[Any, ...] = getattr(rulebook, section)
    if isinstance(entries, Mapping):
        found: Any = {**entries, word: replace(entries[word], **changes)}
    else:
        found = _with_item(entries, word, changes)
    return replace(rulebook, **{section: found})


def with_expression(rulebook: Rulebook, way: Way, expression: Expression | None) -> Rulebook:
    """Give the rulebook with another expression at the end of a way; None leaves it out."""
    section, *_, word, key = map(str, way)
    if section == "action_plan":
        always = _with_item(rulebook.action_plan.always, word, {key: expression})
        return replace(rulebook, action_plan=replace(rulebook.action_plan, always=always))
    if key == "score" and expression is not None:
        return with_entry(rulebook, section, word, scale=Formula(expression))
    return with_entry(rulebook, section, word, **{key: expression})


def _clause(way: Way, expression: Expression | None, *, is_condition: bool = True) -> Iterator[Clause]:
    if expression is not None:
        yield Clause(way, expression, is_condition)


def _of_names(rulebook: Rulebook) -> Iterator[Clause]:
    for fact in rulebook.facts.values():
        yield from _clause(("facts", fact.id, "asked_when"), fact.asked_when)
    for figure in rulebook.derived.values():
        yield Clause(("derived", figure.id, "value"), figure.value, figure.type.kind is Kind.BOOLEAN)


def _of_gate(gate: Gate) -> Iterator[Clause]:
    yield from _clause(("gates", gate.id, "applies_when"), gate.applies_when)
    yield from _clause(("gates", gate.id, "fails_when"), gate.fails_when)


def _of_criterion(criterion: Criterion) -> Iterator[Clause]:
    way = ("criteria", criterion.id)
    yield from _clause((*way, "applies_when"), criterion.applies_when)
    yield from _clause((*way, "value"), criterion.value, is_condition=False)
    if isinstance(criterion.scale, Formula):
        yield Clause((*way, "score"), criterion.scale.score, is_condition=False)


def _with_item(entries: tuple[Any, ...], word: str, changes: Mapping[str, object]) -> tuple[Any, ...]:
    return tuple(replace(one, **changes) if one.id == word else one for one in entries)
