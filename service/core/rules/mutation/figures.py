"""Mutants of what has a name: the values of parameters, and the decimals of derived figures."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from service.core.rules.clauses import Way, with_entry
from service.core.rules.expressions.types import Value
from service.core.rules.model import Rulebook
from service.core.rules.mutation.kinds import Kind, Mutant
from service.core.rules.mutation.steps import neighbours
from service.core.values import number_text

MOST_DECIMALS = 20


def figures(rulebook: Rulebook) -> Iterator[Mutant]:
    """Give the mutants of parameters, where the chosen profile sets them if it does, and of decimals."""
    for name in rulebook.parameters:
        yield from _of_parameter(rulebook, name)
    for name, figure in rulebook.derived.items():
        if figure.decimals is not None:
            yield from _of_decimals(rulebook, name, figure.decimals)


def _of_parameter(rulebook: Rulebook, name: str) -> Iterator[Mutant]:
    value = rulebook.parameters[name].value
    for kind, inside, texts, changed in _values(value):
        before, after = (f"{name}: {text}" for text in texts)
        mutated = with_entry(rulebook, "parameters", name, value=changed)
        yield Mutant(kind, ("parameters", name, "value", *inside), 0, before, after, mutated)


def _values(value: Value) -> Iterator[tuple[Kind, Way, tuple[str, str], Value]]:
    if isinstance(value, bool):
        yield Kind.LOGIC, (), (_written(value), _written(not value)), not value
    elif isinstance(value, Decimal):
        for number in neighbours(value):
            yield Kind.THRESHOLD, (), (number_text(value), number_text(number)), number
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            shorter = (*value[:index], *value[index + 1 :])
            yield Kind.LIST, (index,), (f"[…, {_written(item)}, …]", "[…]"), shorter


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, Decimal) else f'"{value}"'


def _of_decimals(rulebook: Rulebook, name: str, decimals: int) -> Iterator[Mutant]:
    way: Way = ("derived", name, "decimals")
    for number in neighbours(Decimal(decimals), Decimal(0), Decimal(MOST_DECIMALS)):
        figure = replace(rulebook.derived[name], decimals=int(number))
        mutated = replace(rulebook, derived={**rulebook.derived, name: figure})
        yield Mutant(Kind.PRECISION, way, 0, f"decimals: {decimals}", f"decimals: {number}", mutated)
