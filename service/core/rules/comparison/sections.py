"""The sections of two rulebooks held against each other, in the order of the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from service.core.rules.comparison.differences import Entries, said_otherwise
from service.core.rules.comparison.entries import Reading
from service.core.rules.comparison.values import Change, Key, Kind, Said, Told
from service.core.rules.comparison.written import written
from service.core.rules.model import Case, Decision, Fact, Level, Rulebook
from service.core.rules.voting import ShareOf, Tie

_BYLAW: Final[Mapping[str, Callable[[Any], Any]]] = {
    "at_least": lambda share: Fraction(str(share)),
    "more_than": lambda share: Fraction(str(share)),
    "of": ShareOf,
    "tie": Tie,
    "forbidden_for_levels": Level,
}
# Names of one section may stand in those after it; a new one is followed there.
_FOLLOWED: Final = ("sources", "parameters", "facts", "derived", "dimensions")


@dataclass(frozen=True, slots=True)
class Sections:
    """Two rulebooks, and the names that go on under new ones, by section."""

    before: Reading
    after: Reading

    def changes(self) -> Iterator[Change]:
        """Tell every change of the rules and of their cases."""
        yield from said_otherwise("rulebook", "", _head(self.before.rulebook), _head(self.after.rulebook))
        yield from self.entries("sources").changes()
        yield from self.entries("parameters").changes()
        yield from self.entries("profiles").changes()
        yield from self.entries("facts").changes()
        yield from self._fields()
        for section in ("derived", "gates", "categories"):
            yield from self.entries(section).changes()
        yield from self._order()
        for section in ("dimensions", "criteria"):
            yield from self.entries(section).changes()
        before, after = self.before.rulebook, self.after.rulebook
        yield from said_otherwise("decision", "", _decision(before.decision), _decision(after.decision))
        below = (("below", ""), before.action_plan.below), (("below", ""), after.action_plan.below)
        yield from said_otherwise("action_plan", "", *({key: value} for key, value in below))
        yield from self.entries("conditions").changes()
        yield from said_otherwise("bylaws", "", dict(bylaws(before.bylaws)), dict(bylaws(after.bylaws)))
        yield from Entries("cases", _cases(before), _cases(after)).changes()

    def entries(self, section: str) -> Entries:
        """Give what the entries of a section say in both."""
        return Entries(section, _entries(self.before, section), _entries(self.after, section))

    def _fields(self) -> Iterator[Change]:
        """Tell the fields of the lists that are in both."""
        renamed = self.before.renamed.get("facts", {})
        old = {renamed.get(name, name): fact for name, fact in self.before.rulebook.facts.items()}
        for name, fact in self.after.rulebook.facts.items():
            if name in old:
                before, after = _fields(self.before, name, old[name]), _fields(self.after, name, fact)
                yield from Entries("fields", before, after).changes()

    def _order(self) -> Iterator[Change]:
        """Tell that categories are looked at in another order."""
        before, after = ([one.id for one in side.rulebook.categories] for side in (self.before, self.after))
        was, now = ([name for name in side if name in before and name in after] for side in (before, after))
        if was != now:
            yield Change(Kind.REORDERED, "categories", "", None, before=tuple(before), after=tuple(after))


def sections(before: Rulebook, after: Rulebook) -> Sections:
    """Hold two rulebooks against each other, following names that go on under new ones."""
    in_force = before.profile != after.profile
    both = Sections(Reading(before, written(before), in_force), Reading(after, written(after), in_force))
    for section in _FOLLOWED:
        renamed = {**both.before.renamed, section: both.entries(section).renamed()}
        both = replace(both, before=replace(both.before, renamed=renamed))
    return both


def _entries(reading: Reading, section: str) -> dict[str, Said]:
    rulebook = reading.rulebook
    if section == "profiles":
        return {name: reading.profile(name) for name in reading.values.profiles}
    found: dict[str, tuple[Callable[[Any], Said], Any]] = {
        "sources": (reading.source, rulebook.sources.values()),
        "parameters": (reading.parameter, rulebook.parameters.values()),
        "facts": (reading.fact, rulebook.facts.values()),
        "derived": (reading.derived, rulebook.derived.values()),
        "gates": (reading.gate, rulebook.gates),
        "categories": (reading.category, rulebook.categories),
        "dimensions": (reading.dimension, rulebook.dimensions.values()),
        "criteria": (reading.criterion, rulebook.criteria),
        "conditions": (reading.condition, rulebook.action_plan.always),
    }
    read, entries = found[section]
    return {entry.id: read(entry) for entry in entries}


def _fields(reading: Reading, name: str, fact: Fact) -> dict[str, Said]:
    return {f"{name}.{field.id}": reading.fact(field) for field in fact.of}


def _head(rulebook: Rulebook) -> Said:
    names = ("id", "edition", "title", "in_force_from", "profile")
    return {(name, ""): getattr(rulebook, name) for name in names}


def _decision(decision: Decision) -> Said:
    said: dict[Key, Told] = {("decimals", ""): Decimal(decision.decimals)}
    for name in ("approve", "conditional", "defer"):
        mark = getattr(decision, name)
        said[name, "total"], said[name, "each_dimension"] = mark.total, mark.each_dimension
    said["completeness", "at_least"] = decision.complete_at_least
    said["completeness", "otherwise"] = decision.incomplete
    return said


def bylaws(found: object, path: tuple[str, ...] = ()) -> Iterator[tuple[Key, Told]]:
    """Give what the bylaws say, each thing under the keys that lead to it; shares by their value."""
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from bylaws(inner, (*path, str(name)))
        return
    last = path[-1] if path else ""
    if isinstance(found, list):
        yield (".".join(path), ""), tuple(sorted(_BYLAW.get(last, str)(one) for one in found))
    else:
        yield (".".join(path), ""), found if isinstance(found, bool) else _BYLAW.get(last, str)(found)


def _plain(found: object) -> Told:
    return found if isinstance(found, bool | Decimal) or found is None else str(found)


def _cases(rulebook: Rulebook) -> dict[str, Said]:
    """Give what the cases say, each under its name; further ones of one name are numbered."""
    found: dict[str, Said] = {}
    for case in rulebook.cases:
        again = sum(one.name == case.name for one in rulebook.cases[: rulebook.cases.index(case)])
        found[f"{case.name} ({again + 1})" if again else case.name] = dict(_case(case))
    return found


def _case(case: Case) -> Iterator[tuple[Key, Told]]:
    yield ("like", ""), case.like
    for key, values in (("facts", case.facts), ("with", case.overrides)):
        yield from (((key, name), _stated(value)) for name, value in values.items())
    for name, value in case.expect.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        yield from ((("expect", ".".join(filter(None, (name, one)))), _stated(inner[one])) for one in inner)


def _stated(value: object) -> Told:
    if isinstance(value, list | tuple):
        return tuple(_stated(item) for item in value)
    if isinstance(value, Mapping):
        return tuple((name, _stated(value[name])) for name in sorted(value))
    return "null" if value is None else _plain(value)
