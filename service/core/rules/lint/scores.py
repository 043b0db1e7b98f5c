"""Criteria that are never scored, or always the same: scales that lie outside what their value can be."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from service.core.rules.clauses import Way
from service.core.rules.expressions.nodes import Literal
from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.lint import intervals
from service.core.rules.lint.findings import Desk, shown
from service.core.rules.lint.intervals import INFINITY, Interval, interval
from service.core.rules.lint.ranges import is_empty
from service.core.rules.lint.surroundings import Surroundings
from service.core.rules.lint.thinking import Thought
from service.core.rules.model import Bands, Criterion, Formula, Points
from service.core.values import number_text

_LEAST: Final = Decimal(0)
_MOST: Final = Decimal(100)


def of_criteria(desk: Desk) -> Iterator[Fault]:
    """Tell of every criterion that does not tell cases apart as its scale says."""
    for criterion in desk.rulebook.criteria:
        yield from _of_criterion(criterion, desk)


def never_known(way: Way, thought: Thought, desk: Desk) -> Iterator[Fault]:
    """Tell of an expression that is unknown, whatever is known; not where a division by zero or a figure says why."""
    reasons = [*thought.sites.zeros(), *(name for name in thought.expression.names if is_empty(desk.names.free[name]))]
    if is_empty(thought.value) and not reasons:
        yield Fault(desk.at(way, thought), Severity.POLICY, "never_known")


def _of_criterion(criterion: Criterion, desk: Desk) -> Iterator[Fault]:
    way = ("criteria", criterion.id)
    around: Surroundings | None = desk.names.free
    if criterion.applies_when is not None:
        applies = desk.condition(criterion.applies_when)
        around = applies.true
        place = (*way, "applies_when")
        if around is None:
            yield Fault(desk.at(place, applies), Severity.POLICY, "criterion_never_applies", {"found": criterion.id})
        yield from desk.inside(place, applies, whole=around is not None)
    if around is not None:
        yield from _of_scale(criterion, around, desk)


def _of_scale(criterion: Criterion, around: Surroundings, desk: Desk) -> Iterator[Fault]:
    way, scale = ("criteria", criterion.id), criterion.scale
    if criterion.value is not None:
        thought = desk.thinking.value(criterion.value, around)
        yield from _of_expression((*way, "value"), thought, desk)
        found = thought.value
        if isinstance(found, Interval) and not found.is_empty and isinstance(scale, Points):
            yield from _of_points((*way, "points"), scale, found, desk)
        elif isinstance(found, Interval) and not found.is_empty and isinstance(scale, Bands):
            yield from _of_bands((*way, "bands"), scale, found, desk)
    if isinstance(scale, Formula):
        thought = desk.thinking.value(scale.score, around)
        yield from _of_expression((*way, "score"), thought, desk)
        yield from _of_formula((*way, "score"), thought, desk)


def _of_expression(way: Way, thought: Thought, desk: Desk) -> Iterator[Fault]:
    yield from desk.inside(way, thought, is_condition=False)
    yield from never_known(way, thought, desk)


def _of_points(way: Way, scale: Points, found: Interval, desk: Desk) -> Iterator[Fault]:
    """Tell of points that no value comes near: a stretch that lies outside what the value can be."""
    values = [value for value, _ in scale.points]
    if found.is_point or found.high <= values[0] or found.low >= values[-1]:
        if len({score for _, score in scale.points}) > 1:
            yield _always_the_same(desk.places.of(way), found)
        return
    for index, (left, right) in enumerate(pairwise(values)):
        if right <= found.low or left >= found.high:
            idle = index if right <= found.low else index + 1
            figures = {"point": number_text(values[idle]), "range": shown(found)}
            yield Fault(desk.places.of((*way, idle)), Severity.WARNING, "point_out_of_range", figures)


def _of_bands(way: Way, scale: Bands, found: Interval, desk: Desk) -> Iterator[Fault]:
    """Tell of bands that no value reaches, or none is left for."""
    marks = [mark for mark, _ in scale.bands]
    tops, feet = [INFINITY, *marks], [*marks, -INFINITY]
    parts = [interval((foot, False), (top, True)) for top, foot in zip(tops, feet, strict=True)]
    idle = [index for index, part in enumerate(parts) if intervals.meet(found, part).is_empty]
    if len(idle) == len(marks):
        if len({scale.otherwise, *(score for _, score in scale.bands)}) > 1:
            yield _always_the_same(desk.places.of(way), found)
        return
    for index in idle:
        yield Fault(desk.places.of((*way, index)), Severity.WARNING, "band_never_reached", {"range": shown(found)})


def _of_formula(way: Way, thought: Thought, desk: Desk) -> Iterator[Fault]:
    """Tell of a score that always lies beyond one end of what a score can be."""
    found, root = thought.value, thought.expression.root
    if not isinstance(found, Interval) or found.is_empty or isinstance(root, Literal):
        return
    if found.low >= _MOST or found.high <= _LEAST:
        yield _always_the_same(desk.at(way, thought), found)


def _always_the_same(place: Place, found: Interval) -> Fault:
    return Fault(place, Severity.POLICY, "score_always_same", {"range": shown(found)})
