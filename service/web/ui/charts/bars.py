"""Scores as bars from 0 to 100, one below the other, with the scores that are to be reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from service.core.values import number_text
from service.web.ui.charts.axes import Axis
from service.web.ui.charts.frame import LEAST, MOST, WIDTH, Kind, Limit, Mark, Told, figure, hatched, sign
from service.web.ui.charts.svg import element, fitting, width

_LEFT, _RIGHT = 10, 346
_ROW: Final = 34
_LABEL: Final = 13
_BAR: Final = 10
_LIMIT: Final = 14
_AXIS: Final = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One score, with the signs of ``kinds`` at its end.

    ``between`` is where it may come to stand, ``known`` where it stands by what is known alone. ``text`` is said at the
    right in the place of the score.
    """

    label: str
    score: Decimal | None
    kinds: tuple[Kind, ...] = ()
    between: tuple[Fraction, Fraction] | None = None
    known: Decimal | None = None
    text: str | None = None


def bars(told: Told, shown: Sequence[Bar], limits: Sequence[Limit] = (), marks: Sequence[Mark] = ()) -> Markup:
    """Draw bars in a frame."""
    top = 4 + _LIMIT * len(limits)
    bottom = top + _ROW * len(shown)
    return figure(told, bottom + _AXIS, _drawn(told, shown, limits, (top, bottom)), marks)


def _drawn(told: Told, shown: Sequence[Bar], limits: Sequence[Limit], ends: tuple[int, int]) -> Iterator[Markup]:
    top, bottom = ends
    across = Axis(Fraction(LEAST), Fraction(MOST), _LEFT, _RIGHT)
    for number, bar in enumerate(shown):
        yield from _bar(told, bar, across, top + _ROW * number)
    for number, limit in enumerate(limits):
        yield from _limit(limit, across, 4 + _LIMIT * (number + 1) - 4, bottom)
    yield element("line", class_="axis", x1=_LEFT, x2=_RIGHT, y1=bottom, y2=bottom)
    for score, anchor in ((LEAST, "start"), (Decimal(50), "middle"), (MOST, "end")):
        yield element("text", number_text(score), x=across.place(score), y=bottom + 15, text_anchor=anchor)


def _bar(told: Told, bar: Bar, across: Axis, y: int) -> Iterator[Markup]:
    text = bar.text if bar.text is not None else "" if bar.score is None else number_text(bar.score)
    yield element("text", fitting(bar.label, WIDTH - 30 - round(width(text))), x=_LEFT, y=y + _LABEL)
    yield element("text", text, class_="figure", x=_RIGHT, y=y + _LABEL, text_anchor="end")
    top, own = y + _LABEL + 5, " ".join(bar.kinds) or "other"
    yield element("rect", class_="track", x=_LEFT, y=top, width=_RIGHT - _LEFT, height=_BAR)
    if bar.score is not None:
        yield element("rect", class_=f"bar {own}", x=_LEFT, y=top, width=across.place(bar.score) - _LEFT, height=_BAR)
    if bar.between is not None:
        least, most = (across.place(end) for end in bar.between)
        yield element("rect", class_="range", x=least, y=top, width=most - least, height=_BAR, fill=hatched(told))
    middle = Fraction(top) + Fraction(_BAR, 2)
    if bar.known is not None:
        yield element("circle", class_="known", cx=across.place(bar.known), cy=middle, r=4)
    if bar.score is not None:
        for place, kind in enumerate(bar.kinds):
            yield sign(kind, across.place(bar.score) - 13 * place, middle)


def _limit(limit: Limit, across: Axis, y: int, bottom: int) -> Iterator[Markup]:
    """Draw a score that is to be reached; its label is left of the line where there is no room at the right."""
    x = across.place(limit.score)
    label = fitting(limit.label, WIDTH - 20)
    fits = x + 4 + Fraction(width(label)) <= WIDTH
    yield element("line", class_="limit", x1=x, x2=x, y1=y - 9, y2=bottom)
    yield element(
        "text", label, class_="limit", x=x + 3 if fits else x - 3, y=y, text_anchor="start" if fits else "end"
    )
