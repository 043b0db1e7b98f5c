"""Which names rest on which: the order to settle them in, and the facts below and behind a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from service.core.rules.expressions.nodes import Expression
from service.core.rules.model import Rulebook


@dataclass(frozen=True, slots=True)
class Reach:
    """For each fact and derived figure: the facts below it, and those behind it.

    Below are the facts its expressions rest on, directly or through derived figures. Behind are also those that
    decide, by ``asked_when``, whether such a fact is asked.
    """

    below: Mapping[str, frozenset[str]]
    behind: Mapping[str, frozenset[str]]

    def reads(self, names: Iterable[str]) -> frozenset[str]:
        """Give the facts below any of these names."""
        return _united(self.below, names)

    def hangs_on(self, names: Iterable[str]) -> frozenset[str]:
        """Give the facts behind any of these names."""
        return _united(self.behind, names)


def in_dependency_order(rulebook: Rulebook) -> tuple[str, ...]:
    """Order all facts and derived figures so that each comes after every name its expression reads."""
    asked = {name: _named(fact.asked_when, rulebook) for name, fact in rulebook.facts.items()}
    derived = {name: _named(figure.value, rulebook) for name, figure in rulebook.derived.items()}
    return tuple(TopologicalSorter(asked | derived).static_order())


def reach(rulebook: Rulebook) -> Reach:
    """Find the facts below and behind every name of a rulebook."""
    below: dict[str, frozenset[str]] = {}
    behind: dict[str, frozenset[str]] = {}
    for name in in_dependency_order(rulebook):
        fact = rulebook.facts.get(name)
        if fact is None:
            names = rulebook.derived[name].value.names
            below[name], behind[name] = _united(below, names), _united(behind, names)
        else:
            below[name] = frozenset({name})
            behind[name] = below[name] | _united(behind, _named(fact.asked_when, rulebook))
    return Reach(below, behind)


def _named(expression: Expression | None, rulebook: Rulebook) -> list[str]:
    names = () if expression is None else expression.names
    return [name for name in names if name in rulebook.facts or name in rulebook.derived]


def _united(sets: Mapping[str, frozenset[str]], names: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(sets.get(name, ()) for name in names))
