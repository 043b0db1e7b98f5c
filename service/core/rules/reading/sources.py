"""Section ``sources``, and citations of them."""

from service.core.rules.model import Citation, Level, Source
from service.core.rules.reading import keys
from service.core.rules.reading.context import Cited, Context
from service.core.rules.reading.entries import NOTHING, Entry, items, words
from service.core.rules.reading.nodes import Listing, Node
from service.core.rules.reading.scalars import boolean, day, label, one_of, or_null, text


def read_sources(node: Node | None, context: Context) -> dict[str, Source]:
    """Read every source."""
    return {name: _source(name, value, context) for name, _, value in context.entries(node, "sources", label)}


def read_citations(rule: Entry, context: Context) -> tuple[Citation, ...]:
    """Read what a rule cites."""
    node = rule.node("cite")
    if rule.lacks("cite") or (isinstance(node, Listing) and not node.items):
        context.uncited.append(rule.at("cite"))
    found = []
    for item in items(node, context.faults):
        entry = Entry(item, context.faults, *keys.CITATION)
        source = context.refers(entry.node("source"), "sources", "source_unknown")
        article = entry.get("article", text)
        if source is not None:
            context.cited.append(Cited(entry.at("source"), source))
            found.append(Citation(source, article))
    return tuple(found)


def _source(name: str, node: Node, context: Context) -> Source:
    entry = Entry(node, context.faults, *keys.SOURCE)
    begins, ends = entry.get("in_force_from", or_null(day)), entry.get("in_force_until", or_null(day))
    if begins is not None and ends is not None and ends < begins:
        context.faults.meaning(entry.at("in_force_until"), "dates_reversed", begins=begins, ends=ends)
        begins = ends = None
    title = entry.get("title", words, NOTHING)
    level = entry.get("level", one_of(Level), Level.ZONE_POLICY)
    return Source(name, title, level, begins, ends, entry.get("confirmed", boolean, otherwise=True))
