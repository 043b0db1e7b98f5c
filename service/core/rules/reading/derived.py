"""Section ``derived``: figures computed from other names, read in the order in which they rest on one another."""

from collections.abc import Mapping

from service.core.rules.expressions.agree import shown
from service.core.rules.expressions.check import Wanted
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.model import Derived
from service.core.rules.reading import keys
from service.core.rules.reading.circles import circles, in_order, names_in
from service.core.rules.reading.context import FAULTY, Context
from service.core.rules.reading.entries import NOTHING, Entry, words
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.scalars import decimals, name, unit


def read_derived(node: Node | None, asked: Mapping[str, Node], context: Context) -> dict[str, Derived]:
    """Read every derived figure. ``asked`` are the ``asked_when`` of facts, as a circle may lead through them."""
    entries = {
        word: Entry(value, context.faults, *keys.DERIVED) for word, _, value in context.entries(node, "derived", name)
    }
    values = {word: entry.node("value") for word, entry in entries.items()}
    rests_on = {word: names_in(value) for word, value in values.items()}
    for word in entries:
        context.types.setdefault(word, None)
    found = {word: _derived(word, entries[word], context) for word in in_order(rests_on)}
    _refuse_circles({**values, **asked}, rests_on, context)
    return {word: found[word] for word in entries}


def _derived(word: str, entry: Entry, context: Context) -> Derived:
    read_unit = entry.get("unit", unit)
    sound = entry.lacks("unit") or read_unit is not None
    of = read_unit[1] if read_unit else ()
    wanted = Wanted.of(Kind.NUMBER, Kind.BOOLEAN, Kind.TEXT, unit=of if sound else None)
    expression, found = context.expression(entry.node("value"), wanted)
    _refuse_useless(entry, found, context)
    context.bound(entry.at("value"), (expression, found), word)
    context.define("derived", word, found if sound else None)
    return Derived(
        id=word,
        value=expression or FAULTY,
        unit=read_unit[0] if read_unit else "1",
        decimals=entry.get("decimals", decimals),
        label=entry.get("label", words, NOTHING),
        type=found or Type(Kind.NUMBER),
    )


def _refuse_useless(entry: Entry, found: Type | None, context: Context) -> None:
    """Note a unit and decimals of what is no number."""
    if found is None or found.kind is Kind.NUMBER:
        return
    for key in ("unit", "decimals"):
        if key in entry:
            context.faults.form(entry.key_at(key), f"{key}_useless", type=shown(found))


def _refuse_circles(
    nodes: Mapping[str, Node | None], rests_on: Mapping[str, tuple[str, ...]], context: Context
) -> None:
    """Note each circle at the first of its names in the file."""
    every = {word: rests_on[word] if word in rests_on else names_in(node) for word, node in nodes.items()}
    for circle in circles(every):
        places = [node.place for word in circle if (node := nodes[word]) is not None]
        context.faults.meaning(min(places), "circle", names=(*circle, circle[0]))
