"""Sections ``dimensions`` and ``criteria``: what is scored, and what it weighs."""

from decimal import Decimal

from service.core.rules.expressions.check import Wanted
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import unit_text
from service.core.rules.model import Criterion, Dimension, Formula, Scale
from service.core.rules.reading import keys
from service.core.rules.reading.context import FAULTY, Context
from service.core.rules.reading.entries import NOTHING, Entry, words
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.scalars import name, weight
from service.core.rules.reading.scales import bands, choice_scores, points
from service.core.rules.reading.sources import read_citations

_NOTHING = Decimal(0)


def read_dimensions(node: Node | None, context: Context) -> dict[str, Dimension]:
    """Read every dimension."""
    found = {}
    for word, _, value in context.entries(node, "dimensions", name):
        entry = Entry(value, context.faults, *keys.DIMENSION)
        weighs = entry.get("weight", weight)
        if weighs is None:
            context.unweighed.add(word)
        found[word] = Dimension(word, weighs or _NOTHING, entry.get("label", words, NOTHING))
    return found


def read_criteria(node: Node | None, context: Context) -> tuple[Criterion, ...]:
    """Read every criterion."""
    return tuple(_criterion(word, entry, context) for word, entry in context.listed(node, "criteria", keys.CRITERION))


def _criterion(word: str, entry: Entry, context: Context) -> Criterion:
    chosen = _chosen(entry, context)
    dimension = context.refers(entry.node("dimension"), "dimensions", "dimension_unknown")
    weighs = entry.get("weight", weight)
    context.weights.append((dimension, weighs))
    kinds = {"points": [Kind.NUMBER], "bands": [Kind.NUMBER], "choices": [Kind.TEXT]}.get(chosen, list(Kind))
    value, found = context.expression(entry.node("value"), Wanted.of(*kinds))
    context.bound(entry.at("value"), (value, found))
    return Criterion(
        id=word,
        dimension=dimension or "",
        weight=weighs or _NOTHING,
        label=entry.get("label", words, NOTHING),
        applies_when=context.expression(entry.node("applies_when"))[0],
        value=value,
        scale=_scale(chosen, entry, found, context),
        unit=unit_text(found.unit or ()) if found is not None and found.kind is Kind.NUMBER else "1",
        cite=read_citations(entry, context),
    )


def _chosen(entry: Entry, context: Context) -> str:
    """Find the one scale of a criterion; ``""`` where there is none."""
    given = [key for key in keys.SCALES if key in entry]
    if not given:
        if entry.lacks(*keys.SCALES):
            context.faults.form(entry.place, "scale_missing")
        return ""
    for more in given[1:]:
        context.faults.form(entry.key_at(more), "scale_twice", found=more, first=given[0])
    if given[0] != "score":
        entry.require("value")
    return given[0]


def _scale(chosen: str, entry: Entry, found: Type | None, context: Context) -> Scale:
    node = entry.node(chosen)
    if chosen == "points":
        return points(node, context.faults)
    if chosen == "bands":
        return bands(node, context.faults)
    if chosen == "choices":
        return choice_scores(node, found, context.faults)
    return Formula(context.expression(node, Wanted.of(Kind.NUMBER))[0] or FAULTY)
