"""Sections ``gates`` and ``categories``."""

from service.core.rules.model import Category, Citation, Gate, Level, Outcome, Source
from service.core.rules.reading import keys
from service.core.rules.reading.context import FAULTY, Context
from service.core.rules.reading.entries import NOTHING, Entry, words
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.scalars import boolean, one_of
from service.core.rules.reading.sources import read_citations

_ON_FAIL = one_of(Outcome, Outcome.CONDITIONAL, Outcome.DEFER, Outcome.REJECT)


def read_gates(node: Node | None, sources: dict[str, Source], context: Context) -> tuple[Gate, ...]:
    """Read every gate; its level is the highest among the sources it cites."""
    return tuple(_gate(word, entry, sources, context) for word, entry in context.listed(node, "gates", keys.GATE))


def read_categories(node: Node | None, context: Context) -> tuple[Category, ...]:
    """Read the categories: the last one, and only it, takes whatever is left."""
    entries = list(context.listed(node, "categories", keys.CATEGORY))
    if node is not None and not entries:
        context.faults.form(node.place, "categories_empty")
    return tuple(
        _category(word, entry, context, last=index == len(entries)) for index, (word, entry) in enumerate(entries, 1)
    )


def _gate(word: str, entry: Entry, sources: dict[str, Source], context: Context) -> Gate:
    cite = read_citations(entry, context)
    return Gate(
        id=word,
        label=entry.get("label", words, NOTHING),
        applies_when=context.expression(entry.node("applies_when"))[0],
        fails_when=context.expression(entry.node("fails_when"))[0] or FAULTY,
        on_fail=entry.get("on_fail", _ON_FAIL, Outcome.REJECT),
        curable=entry.get("curable", boolean, otherwise=False),
        cure=entry.get("cure", words),
        cite=cite,
        level=_highest(cite, sources),
    )


def _highest(cite: tuple[Citation, ...], sources: dict[str, Source]) -> Level:
    order = list(Level)
    levels = [sources[one.source].level for one in cite if one.source in sources]
    return min(levels, key=order.index, default=order[-1])


def _category(word: str, entry: Entry, context: Context, *, last: bool) -> Category:
    _check_otherwise(entry, context, last=last)
    return Category(
        id=word,
        label=entry.get("label", words, NOTHING),
        when=context.expression(entry.node("when"))[0],
        best_outcome=entry.get("best_outcome", one_of(Outcome), Outcome.APPROVE),
    )


def _check_otherwise(entry: Entry, context: Context, *, last: bool) -> None:
    if "otherwise" in entry:
        _check_last(entry, context, last=last)
    elif not last:
        entry.require("when")
    elif entry.lacks("otherwise"):
        context.faults.meaning(entry.place, "otherwise_missing")


def _check_last(entry: Entry, context: Context, *, last: bool) -> None:
    if not last:
        context.faults.meaning(entry.key_at("otherwise"), "otherwise_not_last")
    if "when" in entry:
        context.faults.form(entry.key_at("when"), "when_and_otherwise")
    if entry.get("otherwise", boolean) is False:
        context.faults.form(entry.at("otherwise"), "otherwise_false")
