"""Mutants of what decides: the outcomes of gates and categories, the marks, completeness, and the plan's mark."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from service.core.rules.clauses import Way, with_entry
from service.core.rules.model import Decision, Outcome, Rulebook
from service.core.rules.mutation.figures import MOST_DECIMALS
from service.core.rules.mutation.kinds import Kind, Mutant
from service.core.rules.mutation.steps import neighbours
from service.core.values import number_text

_LEAST, _MOST = Decimal(0), Decimal(100)
_MARKS = ("approve", "conditional", "defer")
# What was changed, where in the section, how it reads before and after, and the decision then.
_Change: TypeAlias = tuple[Kind, Way, str, str, Decision]


def decisions(rulebook: Rulebook) -> Iterator[Mutant]:
    """Give the mutants of outcomes and marks."""
    for gate in rulebook.gates:
        yield from _of_outcome(rulebook, ("gates", gate.id, "on_fail"), gate.on_fail, list(Outcome)[1:])
    for category in rulebook.categories:
        way = ("categories", category.id, "best_outcome")
        yield from _of_outcome(rulebook, way, category.best_outcome, list(Outcome))
    for kind, inside, before, after, decision in _of_decision(rulebook.decision):
        yield Mutant(kind, ("decision", *inside), 0, before, after, replace(rulebook, decision=decision))
    below = rulebook.action_plan.below
    for number in neighbours(below, _LEAST, _MOST):
        plan = replace(rulebook.action_plan, below=number)
        before, after = (f"below: {number_text(found)}" for found in (below, number))
        mutated = replace(rulebook, action_plan=plan)
        yield Mutant(Kind.THRESHOLD, ("action_plan", "below"), 0, before, after, mutated)


def _of_outcome(rulebook: Rulebook, way: Way, given: Outcome, possible: Sequence[Outcome]) -> Iterator[Mutant]:
    section, word, key = map(str, way)
    for outcome in possible:
        if outcome is not given:
            mutated = with_entry(rulebook, section, word, **{key: outcome})
            yield Mutant(Kind.OUTCOME, way, 0, f"{key}: {given}", f"{key}: {outcome}", mutated)


def _of_decision(decision: Decision) -> Iterator[_Change]:
    for key in _MARKS:
        yield from _of_mark(decision, key)
    least = decision.complete_at_least
    for number in neighbours(least, _LEAST, _MOST):
        before, after = (f"at_least: {number_text(found)}" for found in (least, number))
        changed = replace(decision, complete_at_least=number)
        yield Kind.THRESHOLD, ("completeness", "at_least"), before, after, changed
    for outcome in Outcome:
        if outcome is not decision.incomplete:
            before, after = f"otherwise: {decision.incomplete}", f"otherwise: {outcome}"
            yield Kind.OUTCOME, ("completeness", "otherwise"), before, after, replace(decision, incomplete=outcome)
    for number in neighbours(Decimal(decision.decimals), _LEAST, Decimal(MOST_DECIMALS)):
        before, after = f"decimals: {decision.decimals}", f"decimals: {number}"
        yield Kind.PRECISION, ("decimals",), before, after, replace(decision, decimals=int(number))


def _of_mark(decision: Decision, key: str) -> Iterator[_Change]:
    mark = getattr(decision, key)
    for part in ("total", "each_dimension"):
        value: Decimal = getattr(mark, part)
        for number in neighbours(value, _LEAST, _MOST):
            before, after = (f"{part}: {number_text(found)}" for found in (value, number))
            changed = replace(decision, **{key: replace(mark, **{part: number})})
            yield Kind.THRESHOLD, (key, part), before, after, changed
