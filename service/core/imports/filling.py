"""Applications as rows of a table: the opposite of reading one, so that what is written can be read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from service.core.imports.columns import NUMBER, Column, Layout
from service.core.rules.model import Fact, FactType, Words
from service.core.values import Json

# The values of one row by the names of their columns, as JSON; what is not known is left out.
Filled: TypeAlias = "Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Told:
    """An application to be written: its number, what is told of it and handed in with it, and its facts."""

    number: str
    texts: Mapping[str, Json]
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of every sheet, by its name."""

    applications: tuple[Filled, ...]
    lists: Mapping[str, tuple[Filled, ...]]


def widened(layout: Layout, told: Iterable[Told]) -> Layout:
    """Add columns for facts that only other editions have."""
    applications = layout.applications
    known = {column.fact.id for column in applications.columns if column.fact is not None}
    others = dict.fromkeys(name for one in told for name in one.facts if name not in known)
    taken = {column.name for column in applications.columns}
    more = (Column(name if name not in taken else f"facts.{name}", Words(name, name)) for name in others)
    columns = (*applications.columns, *more)
    return Layout(type(applications)(applications.name, applications.label, columns), layout.lists)


def rows(layout: Layout, told: Iterable[Told], *, apart: bool) -> Rows:
    """Put applications into rows; with ``apart`` the records of lists stand on their own sheets, and are counted."""
    mains: list[Filled] = []
    lists: dict[str, list[Filled]] = {plan.name: [] for plan in layout.lists}
    for one in told:
        columns = layout.applications.columns
        mains.append({column.name: _value(column, one, apart=apart) for column in columns})
        for plan in layout.lists if apart else ():
            names = {column.fact.id: column.name for column in plan.columns if column.fact is not None}
            for record in _records(one.facts.get(plan.name)):
                fields = {names.get(name, name): value for name, value in record.items()}
                lists[plan.name].append({NUMBER: one.number, **fields})
    return Rows(tuple(mains), {name: tuple(found) for name, found in lists.items()})


def _value(column: Column, one: Told, *, apart: bool) -> Json:
    if column.name == NUMBER:
        return one.number
    if column.fact is None:
        return one.texts.get(column.name, one.facts.get(column.name.removeprefix("facts.")))
    value = one.facts.get(column.fact.id)
    if apart and column.fact.kind is FactType.LIST and isinstance(value, list):
        return Decimal(len(value))
    return value


def _records(value: Json) -> list[dict[str, Json]]:
    return [record for record in value if isinstance(record, dict)] if isinstance(value, list) else []


def label(fact: Fact, key: str, language: str) -> str:
    """Call a choice by its label, or by its key where the label would not lead back to it."""
    said = [(each.zh, each.en) for each in fact.choices.values()]
    words = fact.choices.get(key)
    text = "" if words is None else (words.zh if language == "zh" else words.en)
    is_single = sum(text.strip() in {zh.strip(), en.strip()} for zh, en in said) == 1
    return text if text and is_single and text not in fact.choices and text == text.strip() else key
