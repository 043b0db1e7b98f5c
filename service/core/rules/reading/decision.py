"""Sections ``decision`` and ``action_plan``."""

import re
from decimal import Decimal
from itertools import pairwise

from service.core.rules.expressions.types import Kind, Type
from service.core.rules.model import ActionPlan, Decision, Mark, Outcome, PlannedCondition
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults, shortened
from service.core.rules.reading.context import Context
from service.core.rules.reading.entries import NOTHING, Entry, items, words
from service.core.rules.reading.nodes import Listing, Node
from service.core.rules.reading.scalars import between, decimals, one_of, text

DUE = re.compile(r"[A-Za-z0-9]+(_[A-Za-z0-9]+)*", re.ASCII)

_SCORE = between(0, 100)
_NO_MARK = Mark(Decimal(0), Decimal(0))


def read_decision(node: Node | None, faults: Faults) -> Decision:
    """Read how scores become an outcome."""
    if node is None:
        return Decision(0, _NO_MARK, _NO_MARK, _NO_MARK, Decimal(0), Outcome.DEFER)
    entry = Entry(node, faults, *keys.DECISION)
    approve, conditional, defer = _marks(entry, faults)
    completeness = entry.node("completeness")
    least, otherwise = (None, None) if completeness is None else _completeness(completeness, faults)
    return Decision(
        decimals=entry.get("decimals", decimals, 0),
        approve=approve,
        conditional=conditional,
        defer=defer,
        complete_at_least=least or Decimal(0),
        incomplete=otherwise or Outcome.DEFER,
    )


def read_plan(node: Node | None, context: Context) -> ActionPlan:
    """Read what becomes a condition. In this section the name ``category`` is the id of the case's category."""
    if node is None:
        return ActionPlan(Decimal(0), ())
    entry = Entry(node, context.faults, *keys.ACTION_PLAN)
    always = entry.node("always")
    if always is not None and not isinstance(always, Listing):
        items(always, context.faults)
        context.names("conditions").lost = True
        always = None
    conditions = tuple(
        _condition(word, one, context) for word, one in context.listed(always, "conditions", keys.CONDITION)
    )
    return ActionPlan(entry.get("below", _SCORE, Decimal(0)), conditions)


def _marks(entry: Entry, faults: Faults) -> tuple[Mark, Mark, Mark]:
    read = {key: Entry(node, faults, *keys.MARK) for key in keys.MARKS if (node := entry.node(key)) is not None}
    for part in ("total", "each_dimension"):
        marks = [(key, mark) for key in read if (mark := read[key].get(part, _SCORE)) is not None]
        for (better, high), (worse, low) in pairwise(marks):
            if low > high:
                place = read[worse].at(part)
                faults.meaning(place, "marks_order", worse=worse, low=low, better=better, high=high)
    return tuple(_mark(read.get(key)) for key in keys.MARKS)  # type: ignore[return-value]  # one for each of the three


def _mark(entry: Entry | None) -> Mark:
    if entry is None:
        return _NO_MARK
    return Mark(entry.get("total", _SCORE, Decimal(0)), entry.get("each_dimension", _SCORE, Decimal(0)))


def _completeness(node: Node, faults: Faults) -> tuple[Decimal | None, Outcome | None]:
    entry = Entry(node, faults, *keys.COMPLETENESS)
    return entry.get("at_least", _SCORE), entry.get("otherwise", one_of(Outcome))


def _condition(word: str, entry: Entry, context: Context) -> PlannedCondition:
    known = context.names("categories")
    category = Type(Kind.TEXT, choices=tuple(sorted(known.names)) if known.sure else None)
    return PlannedCondition(
        id=word,
        when=context.expression(entry.node("when"), more={"category": category})[0],
        text=entry.get("text", words, NOTHING),
        due=entry.get("due", _due, ""),
    )


def _due(node: Node, faults: Faults) -> str | None:
    found = text(node, faults)
    if found is None or DUE.fullmatch(found):
        return found
    faults.form(node.place, "due_form", found=shortened(found))
    return None
