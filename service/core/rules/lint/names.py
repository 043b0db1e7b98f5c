"""What the names of a rulebook can be: facts by their limits, parameters as they are, derived figures as they come out.

A parameter that is 0, false or an empty list switches a rule off on purpose. So names are settled twice: with such
parameters free to be anything, and exactly as the file has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.core.rules.dependencies import in_dependency_order
from service.core.rules.lint import intervals
from service.core.rules.lint.intervals import Interval, interval
from service.core.rules.lint.ranges import MOST_RECORDS, Anything, Many, Range, Record, any_of, exactly
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thinking, Thought
from service.core.rules.model import Derived, Fact, FactType, Parameter, Rulebook
from service.core.values import LARGEST

_NUMBERS = frozenset({FactType.NUMBER, FactType.INTEGER})


@dataclass(frozen=True, slots=True)
class Names:
    """``free`` holds with parameters that switch something off free, ``exact`` with all as they are.

    ``switches`` are the names that differ, ``constant`` those that rest on parameters alone, and
    ``thoughts`` tell of each derived figure.
    """

    free: Surroundings
    exact: Surroundings
    switches: frozenset[str]
    constant: frozenset[str]
    thoughts: Mapping[str, Thought]


def is_off(parameter: Parameter) -> bool:
    """Say whether a parameter is 0, false or an empty list."""
    return parameter.value in (0, False, ())


def settle(rulebook: Rulebook, thinking: Thinking) -> Names:
    """Settle what every name can be."""
    return _Settling(rulebook, thinking).names()


def of_fact(fact: Fact) -> Range:
    """Give what a fact, or a field of a list, can be."""
    if fact.kind in _NUMBERS:
        return _numbers(fact)
    if fact.kind is FactType.LIST:
        return Many(Record({one.id: of_fact(one) for one in fact.of}), 0, MOST_RECORDS)
    return any_of(fact.type)


def _numbers(fact: Fact) -> Interval:
    limits = fact.limits
    least = [(-LARGEST, False), (limits.min, False), (limits.min_exclusive, True)]
    most = [(LARGEST, False), (limits.max, False), (limits.max_exclusive, True)]
    found = interval((-LARGEST, False), (LARGEST, False), 0 if fact.kind is FactType.INTEGER else limits.decimals)
    for end, is_open in least:
        found = found if end is None else intervals.above(found, (end, is_open))
    for end, is_open in most:
        found = found if end is None else intervals.below(found, (end, is_open))
    return found


@dataclass(slots=True)
class _Settling:
    """One settling."""

    rulebook: Rulebook
    thinking: Thinking
    free: dict[str, Range] = field(default_factory=dict)
    exact: dict[str, Range] = field(default_factory=dict)
    switches: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)
    thoughts: dict[str, Thought] = field(default_factory=dict)

    def names(self) -> Names:
        for parameter in self.rulebook.parameters.values():
            self._take(parameter)
        for fact in self.rulebook.facts.values():
            self.free[fact.id] = self.exact[fact.id] = of_fact(fact)
        for name in in_dependency_order(self.rulebook):
            if name in self.rulebook.derived:
                self._derive(self.rulebook.derived[name])
        free, exact = Surroundings(self.free), Surroundings(self.exact)
        return Names(free, exact, frozenset(self.switches), frozenset(self.constant), self.thoughts)

    def _take(self, parameter: Parameter) -> None:
        self.exact[parameter.id] = exactly(parameter.value)
        self.free[parameter.id] = any_of(parameter.type) if is_off(parameter) else self.exact[parameter.id]
        self.constant.add(parameter.id)
        if is_off(parameter):
            self.switches.add(parameter.id)

    def _derive(self, figure: Derived) -> None:
        thought = self.thinking.value(figure.value, Surroundings(self.free))
        self.thoughts[figure.id] = thought
        self.free[figure.id] = self.exact[figure.id] = _rounded(figure, thought.value)
        if not self.switches.isdisjoint(figure.value.names):
            self.switches.add(figure.id)
            self.exact[figure.id] = _rounded(figure, self.thinking.value(figure.value, Surroundings(self.exact)).value)
        if self.constant.issuperset(figure.value.names):
            self.constant.add(figure.id)


def _rounded(figure: Derived, found: Range) -> Range:
    if isinstance(found, Interval) and figure.decimals is not None:
        return intervals.rounded(found, figure.decimals)
    return any_of(figure.type) if isinstance(found, Anything) else found
