"""The columns of a table of applications, made from a rulebook: who applies for what, and one column a fact."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from service.core.imports.tables import APPLICATIONS, GUIDE
from service.core.rules.model import Fact, FactType, Rulebook, Words

NUMBER: Final = "no"
HEADER: Final = ("applicant_name", "credit_code", "project_name", "project_code")
# What an export says of a case beside what was handed in; whoever imports one again need not take it out.
TOLD: Final = ("state", "outcome", "category", "total", "submitted_at")

# What begins the first cell of a row that only explains.
REMARK: Final = "#"

_LONGEST_SHEET: Final = 31
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what people call it, and the fact it is for, if it is for one."""

    name: str
    label: Words
    fact: Fact | None = None

    @property
    def is_told(self) -> bool:
        """Whether it is only told in exports."""
        return self.fact is None and self.name in TOLD


@dataclass(frozen=True, slots=True)
class Plan:
    """A sheet: its name, what people call it, and its columns in order. ``fact`` is the list its rows belong to."""

    name: str
    label: Words
    columns: tuple[Column, ...]
    fact: Fact | None = None

    def titles(self) -> frozenset[str]:
        """Give the names it goes by."""
        return frozenset({self.name, title(self, "zh"), title(self, "en")})

    def known(self) -> dict[str, Column]:
        """Give the columns by what may head them: the name, or a label that is no other's."""
        labels: dict[str, list[Column]] = {}
        for column in self.columns:
            for label in {column.label.zh, column.label.en}:
                labels.setdefault(label.strip(), []).append(column)
        single = {label: found[0] for label, found in labels.items() if len(found) == 1}
        return single | {column.name: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class Layout:
    """All sheets of a table: that of the applications, and one for each fact that is a list."""

    applications: Plan
    lists: tuple[Plan, ...]


def layout(rulebook: Rulebook, labels: Mapping[str, Words]) -> Layout:
    """Lay a table out for an edition; ``labels`` name the columns that are no facts, applications and the guide."""
    number = Column(NUMBER, labels[NUMBER])
    fixed = [Column(name, labels[name]) for name in (*HEADER, *TOLD)]
    taken = {NUMBER, *HEADER, *TOLD}
    facts = [Column(_free(fact.id, taken), fact.label, fact) for fact in rulebook.facts.values()]
    applications = Plan(APPLICATIONS, labels[APPLICATIONS], (number, *fixed, *facts))
    lists = (_list(fact, number) for fact in rulebook.facts.values() if fact.kind is FactType.LIST)
    return Layout(applications, _distinct((applications, Plan(GUIDE, labels[GUIDE], ())), lists))


def title(plan: Plan, language: str) -> str:
    """Name a sheet in ``zh`` or ``en``, without what no name of a sheet may hold."""
    label = plan.label.zh if language == "zh" else plan.label.en
    return _NOT_IN_SHEETS.sub(" ", label).strip()[:_LONGEST_SHEET] or plan.name


def asked(columns: Iterable[Column]) -> Iterator[Column]:
    """Leave out what is only told."""
    return (column for column in columns if not column.is_told)


def _distinct(others: tuple[Plan, ...], lists: Iterable[Plan]) -> tuple[Plan, ...]:
    """Call a list by its name where its label would be that of another sheet."""
    taken = {each.lower() for plan in others for each in plan.titles()}
    found: list[Plan] = []
    for plan in lists:
        titles = {each.lower() for each in plan.titles()}
        found.append(replace(plan, label=Words(plan.name, plan.name)) if titles & taken else plan)
        taken |= titles
    return tuple(found)


def _list(fact: Fact, number: Column) -> Plan:
    fields = tuple(Column(_free(field.id, {NUMBER}), field.label, field) for field in fact.of)
    return Plan(fact.id, fact.label, (number, *fields), fact)


def _free(name: str, taken: set[str]) -> str:
    """Head the column of a fact by its name, or by ``facts.`` and its name where another column has that."""
    return f"facts.{name}" if name in taken else name
