"""The stretches of a scale: what is between two points and outside them, each band, each choice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from service.core.rules.clauses import Way
from service.core.rules.expressions.nodes import Literal, Name
from service.core.rules.expressions.types import Value
from service.core.rules.model import Bands, Choices, Criterion, Limits, Points, Rulebook
from service.core.rules.signs import is_never_negative
from service.core.values import number_text


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a criterion's scale: where it is written, the values it holds, and whether there can be any."""

    way: Way
    text: str
    holds: Callable[[Value], bool]
    is_possible: bool = True


def stretches(rulebook: Rulebook, criterion: Criterion) -> Iterator[Stretch]:
    """Give every stretch of a criterion's scale; a formula has none."""
    way, scale = ("criteria", criterion.id), criterion.scale
    if isinstance(scale, Points):
        yield from _of_points((*way, "points"), [value for value, _ in scale.points], _limits(rulebook, criterion))
    elif isinstance(scale, Bands):
        yield from _of_bands((*way, "bands"), [mark for mark, _ in scale.bands])
    elif isinstance(scale, Choices):
        for choice in scale.scores:
            yield Stretch((*way, "choices", choice), choice, _is(choice))


def _of_points(way: Way, values: list[Decimal], limits: Limits) -> Iterator[Stretch]:
    first, last = values[0], values[-1]
    least, most = _greatest(limits.min, limits.min_exclusive), _least(limits.max, limits.max_exclusive)
    yield Stretch((*way, 0), f"< {number_text(first)}", _below(first), least is None or least < first)
    for index, (left, right) in enumerate(pairwise(values), start=1):
        # A point belongs to the stretch on its left, as the score does; the first one to the first.
        between = _between(left, right, with_left=index == 1)
        yield Stretch((*way, index), f"{number_text(left)}–{number_text(right)}", between)
    yield Stretch((*way, len(values) - 1), f"> {number_text(last)}", _above(last), most is None or most > last)


def _of_bands(way: Way, marks: list[Decimal]) -> Iterator[Stretch]:
    tops = [None, *marks]
    for index, (top, mark) in enumerate(zip(tops, marks, strict=False)):
        yield Stretch((*way, index), f">= {number_text(mark)}", _reaches(mark, top))
    lowest = tops[-1]
    text = "otherwise" if lowest is None else f"< {number_text(lowest)}"
    yield Stretch((*way, len(marks)), text, (lambda _: True) if lowest is None else _below(lowest))


def _limits(rulebook: Rulebook, criterion: Criterion) -> Limits:
    """Give the limits of what a criterion scores: those of a fact, or 0 for a figure that is never below it."""
    root = Literal(0, Decimal(-1)) if criterion.value is None else criterion.value.root
    fact = rulebook.facts.get(root.name) if isinstance(root, Name) else None
    if fact is not None:
        return fact.limits
    return Limits(min=Decimal(0)) if is_never_negative(rulebook, root) else Limits()


def _greatest(*ends: Decimal | None) -> Decimal | None:
    return max((end for end in ends if end is not None), default=None)


def _least(*ends: Decimal | None) -> Decimal | None:
    return min((end for end in ends if end is not None), default=None)


def _is(choice: str) -> Callable[[Value], bool]:
    return lambda value: value == choice


def _below(end: Decimal) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Decimal) and value < end


def _above(end: Decimal) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Decimal) and value > end


def _between(left: Decimal, right: Decimal, *, with_left: bool) -> Callable[[Value], bool]:
    return lambda value: (
        isinstance(value, Decimal) and (left < value or (with_left and left == value)) and value <= right
    )


def _reaches(mark: Decimal, top: Decimal | None) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Decimal) and value >= mark and (top is None or value < top)
