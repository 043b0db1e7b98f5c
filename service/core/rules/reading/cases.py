"""Section ``cases``: what the rulebook is tried on."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from service.core.rules.assessment import GateState
from service.core.rules.faults import Fault, Severity
from service.core.rules.model import Case, Outcome
from service.core.rules.reading import keys
from service.core.rules.reading.context import Context
from service.core.rules.reading.entries import Entry, items, rows
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.plain import plain
from service.core.rules.reading.scalars import between, one_of, or_null, text
from service.core.values import Json

_SCORE = or_null(between(0, 100))
_STATE = one_of(GateState)


def read_cases(node: Node | None, context: Context) -> tuple[Case, ...]:
    """Read every case; facts stay as they were written."""
    entries = (Entry(item, context.faults, *keys.CASE) for item in items(node, context.faults))
    return tuple(_case(entry, context) for entry in entries)


def _case(entry: Entry, context: Context) -> Case:
    _check_start(entry, context)
    return Case(
        name=entry.get("name", text, ""),
        facts=_facts(entry.node("facts"), context),
        like=entry.get("like", text),
        overrides=_facts(entry.node("with"), context),
        expect=_expect(entry.node("expect"), context),
        line=entry.place.line,
    )


def _check_start(entry: Entry, context: Context) -> None:
    if "facts" in entry and "like" in entry:
        context.faults.form(entry.key_at("like"), "facts_and_like")
    elif entry.lacks("facts", "like"):
        entry.require("facts")


def _facts(node: Node | None, context: Context) -> Mapping[str, Json]:
    known = context.names("facts")
    found = {}
    for word, key, value in rows(node, context.faults):
        found[word] = plain(value, context.faults)
        if known.lacks(word):
            context.faults.unknown(Fault(key.place, Severity.MEANING, "fact_of_case", {"found": word}), known.names)
    return found


def _expect(node: Node | None, context: Context) -> Mapping[str, object]:
    if node is None:
        return {}
    entry = Entry(node, context.faults, *keys.EXPECT)
    read: dict[str, object] = {
        "outcome": entry.get("outcome", one_of(Outcome)),
        "failed_gates": list(_gates(entry.node("failed_gates"), context)),
        "gates": dict(_states(entry.node("gates"), context)),
        "category": _category(entry, context),
        "total": entry.get("total", _SCORE),
        "dimensions": dict(_scores(entry.node("dimensions"), "dimension", context)),
        "criteria": dict(_scores(entry.node("criteria"), "criterion", context)),
        "derived": dict(_derived(entry.node("derived"), context)),
        "completeness": entry.get("completeness", between(0, 100)),
        "unknown": list(_unknown(entry.node("unknown"), context)),
        "action_plan": list(_planned(entry.node("action_plan"), context)),
    }
    return {key: value for key, value in read.items() if key in entry}


def _gates(node: Node | None, context: Context) -> Iterator[str]:
    for item in items(node, context.faults):
        found = context.refers(item, "gates", "gate_unknown")
        if found is not None:
            yield found


def _states(node: Node | None, context: Context) -> Iterator[tuple[str, str | None]]:
    for word, key, value in rows(node, context.faults):
        context.refers(key, "gates", "gate_unknown")
        yield word, _STATE(value, context.faults)


def _unknown(node: Node | None, context: Context) -> Iterator[str]:
    for item in items(node, context.faults):
        found = context.refers(item, "facts", "fact_of_case")
        if found is not None:
            yield found


def _category(entry: Entry, context: Context) -> str | None:
    return context.refers(entry.node("category"), "categories", "category_unknown")


def _scores(node: Node | None, kind: str, context: Context) -> Iterator[tuple[str, Decimal | None]]:
    section = {"dimension": "dimensions", "criterion": "criteria"}[kind]
    for word, key, value in rows(node, context.faults):
        context.refers(key, section, f"{kind}_unknown")
        yield word, _SCORE(value, context.faults)


def _derived(node: Node | None, context: Context) -> Iterator[tuple[str, Json]]:
    for word, key, value in rows(node, context.faults):
        context.refers(key, "derived", "derived_unknown")
        yield word, plain(value, context.faults)


def _planned(node: Node | None, context: Context) -> Iterator[str]:
    """Read ids of an action plan: those of criteria and of the further conditions."""
    criteria, conditions = context.names("criteria"), context.names("conditions")
    for item in items(node, context.faults):
        found = text(item, context.faults)
        if found is None:
            continue
        if criteria.lacks(found) and conditions.lacks(found):
            fault = Fault(item.place, Severity.MEANING, "planned_unknown", {"found": found})
            context.faults.unknown(fault, criteria.names | conditions.names)
        yield found
