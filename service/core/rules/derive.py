"""What every name stands for: facts that are asked, derived figures rounded once, and what does not apply.

A name is known, unknown or not applicable; both of the latter hold None. A derived figure, gate or criterion that comes
out unknown is not applicable where, of the names standing in its expressions, at least one is not applicable and none
is unknown, no list has an unknown field and no expression met a division by zero, not even one whose value is known in
spite of it. A fact is not applicable where its ``asked_when`` is false; while that is unknown, for whatever reason, the
fact counts as asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.core.rules.dependencies import in_dependency_order
from service.core.rules.expressions.evaluate import Result, evaluate
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Value
from service.core.rules.facts import Facts
from service.core.rules.model import Derived, Fact, Rulebook
from service.core.values import round_half_up

UNKNOWN_FIELD = "unknown_field"


@dataclass(frozen=True, slots=True)
class Names:
    """The values of all parameters, facts and derived figures, None where unknown or not applicable.

    ``problems`` holds, for unknown derived figures, what they or the figures below them met.
    """

    values: Mapping[str, Value]
    not_applicable: frozenset[str]
    problems: Mapping[str, frozenset[str]]

    def is_unknown(self, name: str) -> bool:
        """Say whether a name is neither known nor not applicable."""
        return self.values[name] is None and name not in self.not_applicable


def settle(rulebook: Rulebook, facts: Facts) -> Names:
    """Settle every name, each after those it rests on."""
    return settle_again(rulebook, facts, Names({}, frozenset(), {}), in_dependency_order(rulebook))


def settle_again(rulebook: Rulebook, facts: Facts, before: Names, again: Sequence[str]) -> Names:
    """Settle some names again, given so that each comes after those it rests on; every other stays as it was."""
    settling = _Settling(rulebook, before, again)
    for name in again:
        fact = rulebook.facts.get(name)
        if fact is None:
            settling.derive(rulebook.derived[name])
        else:
            settling.take(fact, facts.values.get(name))
    return settling.names()


def evaluated(expression: Expression | None, names: Names) -> Result:
    """Evaluate an expression of a rule; one that is left out is true."""
    return Result(value=True) if expression is None else evaluate(expression, names.values)


def standing(*expressions: Expression | None) -> tuple[str, ...]:
    """Give the names standing in the expressions of one rule, needed or not."""
    return tuple(dict.fromkeys(name for expression in expressions if expression for name in expression.names))


def problems(names: Names, standing_names: Sequence[str], results: Sequence[Result]) -> frozenset[str]:
    """Tell what a rule that came out unknown met: in its expressions, in a list, or in a figure below it.

    What an expression met and is known in spite of is told only where nothing else keeps the rule from being settled.
    """
    found = {reason for result in results if result.value is None for reason in result.reasons}
    for name in standing_names:
        found |= names.problems.get(name, frozenset())
        if has_unknown_field(names.values[name]):
            found.add(UNKNOWN_FIELD)
    if results and not found and not any(map(names.is_unknown, standing_names)):
        found.update(*(result.reasons for result in results))
    return frozenset(found)


def does_not_apply(names: Names, standing_names: Iterable[str], met: frozenset[str]) -> bool:
    """Say whether a rule that came out unknown, and met these problems, is rather not applicable."""
    open_names = [name for name in standing_names if names.values[name] is None]
    return bool(open_names) and not met and names.not_applicable.issuperset(open_names)


class _Settling:
    """One settling: the names settled so far."""

    def __init__(self, rulebook: Rulebook, before: Names, again: Iterable[str]) -> None:
        self._values = {**before.values, **{name: one.value for name, one in rulebook.parameters.items()}}
        self._not_applicable = set(before.not_applicable.difference(again))
        self._problems = {name: met for name, met in before.problems.items() if name not in again}

    def names(self) -> Names:
        return Names(self._values, frozenset(self._not_applicable), self._problems)

    def take(self, fact: Fact, given: Value) -> None:
        asked = fact.asked_when is None or evaluate(fact.asked_when, self._values).value is not False
        self._values[fact.id] = given if asked else None
        if not asked:
            self._not_applicable.add(fact.id)

    def derive(self, derived: Derived) -> None:
        result = evaluate(derived.value, self._values)
        self._values[derived.id] = _rounded(result.value, derived.decimals)
        if result.value is None:
            met = problems(self.names(), derived.value.names, [result])
            if does_not_apply(self.names(), derived.value.names, met):
                self._not_applicable.add(derived.id)
            elif met:
                self._problems[derived.id] = met


def _rounded(value: Value, decimals: int | None) -> Value:
    return round_half_up(value, decimals) if isinstance(value, Decimal) and decimals is not None else value


def has_unknown_field(value: Value) -> bool:
    """Say whether a value is a list with a record that has an unknown field."""
    records = value if isinstance(value, tuple) else ()
    return any(isinstance(record, Mapping) and None in record.values() for record in records)
