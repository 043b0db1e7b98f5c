"""The cases of a rulebook, assessed once, and what they notice of a change."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from service.core.errors import InvalidError
from service.core.rules.cases import Examples, differences, facts_of
from service.core.rules.dependencies import in_dependency_order
from service.core.rules.derive import Names, settle, settle_again
from service.core.rules.expressions.nodes import Expression
from service.core.rules.facts import Facts, read
from service.core.rules.model import Case, Rulebook
from service.core.rules.mutation.judgement import Judgement, again, judgement, names_standing


@dataclass(frozen=True, slots=True)
class Trial:
    """A case, its facts, and what the rulebook makes of it."""

    case: Case
    facts: Facts
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Change:
    """What a change touches: parameters with another value, and the names to settle again, in order."""

    parameters: frozenset[str]
    again: tuple[str, ...]


class Bench:
    """The cases that come out as expected; the one that noticed the last change is asked first about the next."""

    def __init__(self, rulebook: Rulebook, examples: Examples) -> None:
        """Assess every case. Those whose facts are refused, or that come out otherwise, are ``failing``."""
        self.failing: list[str] = []
        self._rulebook = rulebook
        self._rests_on = names_standing(rulebook)
        self._order = in_dependency_order(rulebook)
        self._trials: list[Trial] = []
        for case in rulebook.cases:
            self._take(case, examples)

    def notices(self, changed: Rulebook) -> bool:
        """Say whether a case no longer comes out as expected under the rulebook with a change in it."""
        change = self._change(changed)
        for index, trial in enumerate(self._trials):
            found = self._again(trial, changed, change)
            if found is not trial.judgement and next(differences(trial.case.expect, found), None) is not None:
                self._trials.insert(0, self._trials.pop(index))
                return True
        return False

    def judgements(self, changed: Rulebook) -> dict[str, Judgement]:
        """Give what the rulebook with a change makes of each case, by the case's name."""
        change = self._change(changed)
        return {trial.case.name: self._again(trial, changed, change) for trial in self._trials}

    def _take(self, case: Case, examples: Examples) -> None:
        try:
            facts = read(self._rulebook, facts_of(case, examples))
        except InvalidError:
            self.failing.append(case.name)
            return
        found = judgement(self._rulebook, settle(self._rulebook, facts))
        if next(differences(case.expect, found), None) is None:
            self._trials.append(Trial(case, facts, found))
        else:
            self.failing.append(case.name)

    def _again(self, trial: Trial, changed: Rulebook, change: _Change) -> Judgement:
        before = trial.judgement.names
        if not change.again and not change.parameters:
            return again(changed, before, trial.judgement, frozenset(), self._rests_on)
        names = settle_again(changed, trial.facts, before, change.again)
        others = frozenset(name for name in change.again if _came_out(before, name) != _came_out(names, name))
        return again(changed, names, trial.judgement, change.parameters | others, self._rests_on)

    def _change(self, changed: Rulebook) -> _Change:
        parameters = frozenset(
            name for name, one in changed.parameters.items() if one is not self._rulebook.parameters[name]
        )
        found: dict[str, None] = {}
        for name in self._order:
            if self._is_other(changed, name) or not _names(self._rulebook, name).isdisjoint(parameters | found.keys()):
                found[name] = None
        return _Change(parameters, tuple(found))

    def _is_other(self, changed: Rulebook, name: str) -> bool:
        old, new = self._rulebook, changed
        if name in old.facts:
            return new.facts[name] is not old.facts[name]
        return new.derived[name] is not old.derived[name]


def _names(rulebook: Rulebook, name: str) -> AbstractSet[str]:
    """Give the names that a fact or derived figure rests on by itself."""
    fact = rulebook.facts.get(name)
    expression: Expression | None = rulebook.derived[name].value if fact is None else fact.asked_when
    return frozenset() if expression is None else frozenset(expression.names)


def _came_out(names: Names, name: str) -> tuple[object, ...]:
    return names.values[name], name in names.not_applicable, names.problems.get(name)
