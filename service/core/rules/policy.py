"""Faults of policy: what keeps a rulebook that could be used from being released. Judged on its own first day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from service.core.rules.faults import Fault, Severity
from service.core.rules.model import Rulebook, Source
from service.core.rules.reading.context import Cited, Context


def policy(rulebook: Rulebook, context: Context) -> Iterator[Fault]:
    """Find every fault of policy. Leaves out what hangs on something that could not be read."""
    for place in context.uncited:
        yield Fault(place, Severity.POLICY, "citation_missing")
    for cited in context.cited:
        source = rulebook.sources.get(cited.source)
        if source is not None and context.begins is not None:
            yield from _dates(cited, source, context.begins)
    if context.names("criteria").sure and all(dimension for dimension, _ in context.weights):
        yield from _weights(rulebook, context)


def unconfirmed(rulebook: Rulebook, context: Context) -> Iterator[Fault]:
    """Warn of every source that the deploying zone must still confirm."""
    for source in rulebook.sources.values():
        if not source.confirmed:
            place = context.places["sources", source.id]
            yield Fault(place, Severity.WARNING, "unconfirmed_source", {"source": source.id})


def _dates(cited: Cited, source: Source, begins: date) -> Iterator[Fault]:
    if source.in_force_from is not None and begins < source.in_force_from:
        figures = {"source": source.id, "begins": source.in_force_from, "on": begins}
        yield Fault(cited.place, Severity.POLICY, "source_not_yet_in_force", figures)
    if source.in_force_until is not None and source.in_force_until < begins:
        figures = {"source": source.id, "ended": source.in_force_until, "on": begins}
        yield Fault(cited.place, Severity.POLICY, "source_no_longer_in_force", figures)


def _weights(rulebook: Rulebook, context: Context) -> Iterator[Fault]:
    for dimension in rulebook.dimensions.values():
        weights = [weight for name, weight in context.weights if name == dimension.id]
        total = sum((weight for weight in weights if weight is not None), start=Decimal(0))
        if None not in weights and dimension.id not in context.unweighed and total != dimension.weight:
            figures = {"dimension": dimension.id, "declared": dimension.weight, "found": total}
            yield Fault(context.places["dimensions", dimension.id], Severity.POLICY, "weights_sum", figures)
