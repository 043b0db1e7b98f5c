"""A rulebook read a second time: plain data out of the file, expressions as trees, and facts as values.

Only rulebooks without faults are read; nothing is checked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import ScalarNode

from tests.second_reading.language import Plain, Tree, names, read

LEVELS = ("law", "regulation", "ministry", "province", "zone_policy")


class _Exact(SafeConstructor):
    """Numbers as exact decimals from their text."""

    def exact(self, node: ScalarNode) -> Decimal:
        return Decimal(node.value)


_Exact.add_constructor("tag:yaml.org,2002:float", _Exact.exact)
_Exact.add_constructor("tag:yaml.org,2002:int", _Exact.exact)


def plain(text: str) -> Plain:
    """Read YAML as plain data. The rulebook's own cases are left out: they say nothing about an assessment."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Exact
    return yaml.load(re.sub(r"^cases:.*", "", text, flags=re.MULTILINE | re.DOTALL))


@cache
def tree(text: str) -> Tree:
    """Read an expression once."""
    return read(text)


@cache
def names_in(text: str) -> frozenset[str]:
    """The names standing in an expression."""
    return frozenset(names(tree(text)))


def number(value: Plain) -> Plain:
    """Numbers become fractions, lists too; anything else stays."""
    if isinstance(value, list):
        return [number(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return Fraction(value)


@dataclass
class Book:
    """A rulebook: its plain data, and what is needed again and again."""

    data: Mapping[str, Plain]
    source: bytes
    parameters: dict[str, Plain] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = (self.data.get("profiles") or {}).get(self.data["rulebook"].get("profile")) or {}
        for name, entry in self.section("parameters").items():
            self.parameters[name] = number(chosen.get(name, entry["value"]))

    def section(self, name: str) -> Mapping[str, Plain]:
        """A section of named entries, empty where there is none."""
        found: Mapping[str, Plain] = self.data.get(name) or {}
        return found

    def level(self, rule: Mapping[str, Plain]) -> str:
        """The highest level among the sources that a rule cites."""
        found = {self.data["sources"][citation["source"]]["level"] for citation in rule["cite"]}
        return next(level for level in LEVELS if level in found)

    def names(self, entry: Mapping[str, Plain]) -> set[str]:
        """The names standing in the expressions of a derived figure, gate, criterion or planned condition."""
        keys = ("applies_when", "value", "fails_when", "score", "when")
        return {name for key in keys if isinstance(entry.get(key), str) for name in names_in(entry[key])}

    def below(self, name: str, *, asked: bool) -> Iterator[str]:
        """The names that a name rests on directly; with ``asked`` also those that decide whether a fact is asked."""
        if name in self.section("derived"):
            yield from self.names(self.section("derived")[name])
        elif asked and name in self.section("facts"):
            condition = self.section("facts")[name].get("asked_when")
            yield from names_in(condition) if condition else ()

    def facts_under(self, entry: Mapping[str, Plain], *, asked: bool) -> list[str]:
        """The facts an entry rests on, in the order of the rulebook."""
        found: set[str] = set()
        waiting = list(self.names(entry))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.below(name, asked=asked))
        return [name for name in self.section("facts") if name in found]


def book(text: str) -> Book:
    """Read a rulebook."""
    return Book(plain(text), text.encode())


def given(rules: Book, raw: Mapping[str, Plain]) -> dict[str, Plain]:
    """Read the facts that are known, in the order of the rulebook, as values."""
    declared = rules.section("facts")
    return {name: _value(fact, raw[name]) for name, fact in declared.items() if raw.get(name) is not None}


def _value(fact: Mapping[str, Plain], value: Plain) -> Plain:
    if value is None:
        return None
    if fact["type"] == "list":
        return [{name: _value(of, record.get(name)) for name, of in fact["of"].items()} for record in value]
    return date.fromisoformat(value) if fact["type"] == "date" else number(value)
