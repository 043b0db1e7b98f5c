"""A criterion as it is scored: its scale, and where a case stands on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from service.core.rules.model import Bands, Choices, Formula, Points, Scale
from service.core.rules.scales import extent
from service.web.ui.charts import bars
from service.web.ui.charts.axes import Axis, around, score_at
from service.web.ui.charts.bars import Bar
from service.web.ui.charts.frame import LEAST, MOST, WIDTH, Limit, Mark, Told, figure, hatched, sign
from service.web.ui.charts.svg import element, fitting, points, short, width

HEIGHT: Final = 184

_TOP, _BOTTOM = 12, 140
_LEFT, _RIGHT = 32, 348
_STRIP: Final = 26
_BETWEEN: Final = 8


@dataclass(frozen=True, slots=True)
class Curve:
    """A criterion: its scale, the scores to be reached, and where a case stands.

    ``value`` names what is measured, with its unit; ``choices`` says the choices of a scale of choices.
    """

    told: Told
    scale: Scale
    value: str
    marks: tuple[Mark, ...] = ()
    limits: tuple[Limit, ...] = ()
    choices: Mapping[str, str] | None = None


def curve(shown: Curve) -> Markup:
    """Draw a criterion: a line through points, steps for bands, a bar for each choice, or its score alone."""
    if isinstance(shown.scale, Points | Bands):
        return figure(shown.told, HEIGHT, _drawn(shown, shown.scale), shown.marks)
    return bars.bars(shown.told, tuple(_bars(shown)), shown.limits, shown.marks)


def _bars(shown: Curve) -> Iterator[Bar]:
    scale = shown.scale
    if isinstance(scale, Choices):
        for choice, score in scale.scores.items():
            here = tuple(mark.kind for mark in shown.marks if mark.value == choice)
            yield Bar((shown.choices or {}).get(choice, choice), score, kinds=here)
    for mark in shown.marks:
        if mark.between is not None:
            yield Bar(mark.label, None, between=mark.between)
        elif isinstance(scale, Formula) and mark.score is not None:
            yield Bar(mark.label, mark.score, kinds=(mark.kind,))


def _drawn(shown: Curve, scale: Points | Bands) -> Iterator[Markup]:
    ranges = [mark for mark in shown.marks if mark.between is not None]
    steps = scale.points if isinstance(scale, Points) else scale.bands[::-1]
    values = [mark.value for mark in shown.marks if isinstance(mark.value, Decimal)]
    across = around((value for value, _ in steps), values, _LEFT, _RIGHT - _STRIP * len(ranges))
    up = Axis(Fraction(LEAST), Fraction(MOST), _BOTTOM, _TOP)
    yield from _axes(shown, across, up, [value for value, _ in steps])
    yield from _limits(shown, across, up)
    yield _line(scale, across, up) if isinstance(scale, Points) else _steps(scale, across, up)
    for number, mark in enumerate(ranges):
        yield from _range(shown, mark, up, across.end + _STRIP * number)
    for mark in shown.marks:
        yield from _mark(mark, across, up)


def _axes(shown: Curve, across: Axis, up: Axis, values: Iterable[Decimal]) -> Iterator[Markup]:
    frame = points((across.start, _TOP), (across.start, _BOTTOM), (across.end, _BOTTOM))
    yield element("polyline", class_="axis", points=frame)
    for score in (LEAST, Decimal(50), MOST):
        yield element("text", short(score), x=_LEFT - 5, y=up.place(score) + 4, text_anchor="end")
    for value, x in _apart(values, across):
        yield element("path", class_="axis", d=f"M{round(x)} {_BOTTOM}V{_BOTTOM + 4}")
        yield element("text", short(value), x=x, y=_BOTTOM + 16, text_anchor="middle")
    named = fitting(shown.value, WIDTH - _LEFT)
    yield element("text", named, class_="named", x=Fraction(_LEFT + _RIGHT, 2), y=HEIGHT - 8, text_anchor="middle")


def _apart(values: Iterable[Decimal], across: Axis) -> Iterator[tuple[Decimal, Fraction]]:
    """Give the values that are written below the axis, with their places: none where another one stands."""
    end = Fraction(-1)
    for value in values:
        x, half = across.place(value), Fraction(width(short(value))) / 2
        if x - half > end:
            yield value, x
            end = x + half + 4


def _limits(shown: Curve, across: Axis, up: Axis) -> Iterator[Markup]:
    for limit in shown.limits:
        y = up.place(limit.score)
        yield element("line", class_="limit", x1=across.start, x2=across.end, y1=y, y2=y)
        at_right = _is_clear(shown.scale, across, limit)
        x, anchor = (across.end - 3, "end") if at_right else (across.start + 4, "start")
        label = fitting(limit.label, across.end - across.start)
        yield element("text", label, class_="limit", x=x, y=y - 3, text_anchor=anchor)


def _is_clear(scale: Scale, across: Axis, limit: Limit) -> bool:
    """Say whether the line is farther from the limit at the right end than at the left."""
    steps = scale.points if isinstance(scale, Points) else ()
    if not steps:
        return False
    ends = (abs(score_at(steps, end) - Fraction(limit.score)) for end in (across.least, across.most))
    left, right = ends
    return right > left


def _line(scale: Points, across: Axis, up: Axis) -> Markup:
    ends = [(across.start, up.place(scale.points[0][1])), (across.end, up.place(scale.points[-1][1]))]
    inner = [(across.place(value), up.place(score)) for value, score in scale.points]
    return element("polyline", class_="scale", points=points(ends[0], *inner, ends[1]))


def _steps(scale: Bands, across: Axis, up: Axis) -> Markup:
    y = up.place(scale.otherwise)
    places: list[tuple[Fraction | int, Fraction]] = [(across.start, y)]
    for value, score in scale.bands[::-1]:
        x = across.place(value)
        places += [(x, y), (x, up.place(score))]
        y = up.place(score)
    return element("polyline", class_="scale", points=points(*places, (across.end, y)))


def _range(shown: Curve, mark: Mark, up: Axis, x: int) -> Iterator[Markup]:
    """Draw between which scores a case may come to stand, beside the line."""
    least, most = mark.between or extent(shown.scale)
    top, bottom = up.place(most), up.place(least)
    middle = x + _STRIP // 2
    yield element(
        "rect",
        class_=f"range {mark.kind.value}",
        x=middle - _BETWEEN // 2,
        y=top,
        width=_BETWEEN,
        height=bottom - top,
        fill=hatched(shown.told),
    )
    yield sign(mark.kind, Fraction(middle), Fraction(_BOTTOM + 10))


def _mark(mark: Mark, across: Axis, up: Axis) -> Iterator[Markup]:
    if not isinstance(mark.value, Decimal) or mark.score is None:
        return
    x, y = across.place(mark.value), up.place(mark.score)
    yield element("line", class_=f"guide {mark.kind.value}", x1=x, x2=x, y1=y, y2=_BOTTOM)
    side = across.beyond(mark.value)
    if side:
        tip = x + 11 * side
        yield element("polyline", class_=f"beyond {mark.kind.value}", points=points((x, y), (tip, y)))
        yield element(
            "polyline",
            class_=f"beyond {mark.kind.value}",
            points=points((tip - 4 * side, y - 4), (tip, y), (tip - 4 * side, y + 4)),
        )
    yield sign(mark.kind, x, y)
