"""The words of a rulebook in one language: labels, values with their units, and what a value is held against."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from service.core.rules.expressions.nodes import Compare, Conditional, Literal, Logic, Macro, Name, Node, Unary, parts
from service.core.rules.expressions.types import Value
from service.core.rules.expressions.units import parse_unit, unit_text
from service.core.rules.model import Criterion, Outcome, Rulebook, Words
from service.core.values import CONTEXT, number_text

ATTACHED = frozenset({"%", "‰", "°"})
NO_UNIT = frozenset({"", "1"})
_ORDERED = frozenset({"<", "<=", ">", ">="})
# The macros that give a list.
_OF_LISTS = frozenset({"filter", "map"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Says values, labels and sentences; ``words`` are those of the section ``assessment`` in the language."""

    rulebook: Rulebook
    words: Mapping[str, str]
    language: str

    def say(self, code: str, **figures: str) -> str:
        """Fill the figures into the words of a code."""
        return self.words[code].format_map(figures)

    def sentence(self, head: str, clauses: Iterable[str]) -> str:
        """Join a head and its clauses; empty ones are left out."""
        return self.words["between"].join([head, *filter(None, clauses)]) + self.words["end"]

    def label(self, words: Words) -> str:
        """Say something that the rulebook has in both languages."""
        return words.zh if self.language == "zh" else words.en

    def outcome(self, outcome: Outcome) -> str:
        """Name an outcome."""
        return self.words[f"outcome_{outcome}"]

    def known(self, name: str, value: Value) -> str:
        """Say the known value of a fact or a derived figure; of a list the count of its records."""
        fact = self.rulebook.facts.get(name)
        if fact is None:
            return self.measured(value, self.rulebook.derived[name].unit)
        if isinstance(value, str) and value in fact.choices:
            return self.label(fact.choices[value])
        if fact.of and isinstance(value, Decimal):
            return self.say("value_records", count=number_text(value))
        return self.measured(value, fact.unit)

    def criterion_value(self, rule: Criterion, value: Value) -> str:
        """Say a value of a criterion; one that is a single name the way that name is said."""
        root = None if rule.value is None else rule.value.root
        if isinstance(root, Name) and is_figure(self.rulebook, root.name):
            return self.known(root.name, value)
        return self.measured(value, rule.unit)

    def measured(self, value: Value, unit: str) -> str:
        """Say a value; a number with its unit."""
        if isinstance(value, bool):
            return self.words["value_true" if value else "value_false"]
        if not isinstance(value, Decimal):
            return value.isoformat() if isinstance(value, date) else str(value)
        if unit in NO_UNIT:
            return number_text(value)
        code = "value_attached" if unit in ATTACHED else "value_unit"
        return self.say(code, number=number_text(value), unit=self.unit(unit))

    def unit(self, unit: str) -> str:
        """Say a unit; one without words the way it is written."""
        return self.words.get(f"unit.{_canonical(unit)}", unit)

    def named(self, name: str, value: Value, limit: "Limit | None") -> str:
        """Say a known value with its name, and how far it is from the limit it is held against."""
        holder = self.rulebook.facts.get(name) or self.rulebook.derived[name]
        said = {"name": self.label(holder.label), "value": self.known(name, value)}
        if limit is None or not isinstance(value, Decimal):
            return self.say("basis", **said)
        margin = CONTEXT.abs(CONTEXT.subtract(value, limit.value))
        return self.say("basis_limit", **said, limit=self.limit(limit, holder.unit), margin=number_text(margin))

    def limit(self, limit: "Limit", unit: str) -> str:
        """Say a limit; ``unit`` is that of what is held against it."""
        if limit.parameter is None:
            return self.say("limit_number", value=self.measured(limit.value, unit))
        parameter = self.rulebook.parameters[limit.parameter]
        value = self.measured(limit.value, parameter.unit)
        return self.say("limit_parameter", label=self.label(parameter.label), value=value)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a name is held against: a parameter, or (None) one written in the expression."""

    value: Decimal
    parameter: str | None


def limits(rulebook: Rulebook, root: Node) -> dict[str, Limit]:
    """Find the number that each fact or derived figure is first compared with by ``< <= > >=`` in a condition.

    What only settles a value that is then compared or reckoned with is no limit: in ``a + (a > 2 ? 1 : 0) > 3`` there
    is none.
    """
    found: dict[str, Limit] = {}
    for name, limit in _compared(rulebook, root):
        found.setdefault(name, limit)
    return found


def _compared(rulebook: Rulebook, node: Node) -> Iterator[tuple[str, Limit]]:
    if isinstance(node, Compare) and node.operator in _ORDERED:
        for subject, against in ((node.left, node.right), (node.right, node.left)):
            limit = _limit(rulebook, against)
            if limit is not None and isinstance(subject, Name) and is_figure(rulebook, subject.name):
                yield subject.name, limit
    for part in _conditions(node):
        yield from _compared(rulebook, part)


def _conditions(node: Node) -> tuple[Node, ...]:
    """Give the parts of a condition that are conditions themselves."""
    if isinstance(node, Compare):
        return tuple(part for part in parts(node) if _is_condition(part))
    if isinstance(node, Macro):
        return (node.body,)
    return parts(node) if isinstance(node, Logic | Unary | Conditional) else ()


def _is_condition(node: Node) -> bool:
    """Say whether a node is true or false by its form alone."""
    if isinstance(node, Conditional):
        return _is_condition(node.then) or _is_condition(node.otherwise)
    if isinstance(node, Macro):
        return node.macro not in _OF_LISTS
    return isinstance(node, Compare | Logic) or (isinstance(node, Unary) and node.operator == "!")


@lru_cache(1024)
def _canonical(unit: str) -> str:
    """Write a unit the one way that all spellings of it share."""
    return unit_text(parse_unit(unit))


def _limit(rulebook: Rulebook, node: Node) -> Limit | None:
    if isinstance(node, Literal):
        return Limit(node.value, None) if isinstance(node.value, Decimal) else None
    parameter = rulebook.parameters.get(node.name) if isinstance(node, Name) else None
    if parameter is None or not isinstance(parameter.value, Decimal):
        return None
    return Limit(parameter.value, parameter.id)


def is_figure(rulebook: Rulebook, name: str) -> bool:
    """Say whether a name is that of a fact or a derived figure."""
    return name in rulebook.facts or name in rulebook.derived


def on_one_line(text: str) -> str:
    """Write the text of an expression without its line breaks."""
    return " ".join(text.split())
