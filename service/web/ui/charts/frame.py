"""What every chart has around its drawing: a title, a description, a legend, and its figures as a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from service.web.ui.charts.svg import element, place

WIDTH: Final = 360
LEAST: Final = Decimal(0)
MOST: Final = Decimal(100)


class Kind(StrEnum):
    """What a case says of itself, and what is verified of it."""

    DECLARED = "declared"
    VERIFIED = "verified"


SIGNS: Final = {Kind.DECLARED: "●", Kind.VERIFIED: "◆"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said around a chart. ``id`` is its own on the page, ``table`` what opens its figures."""

    id: str
    title: str
    description: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a case stands: its value and score, or between which scores it may come to stand.

    ``said`` tells the same in words. Without a value, a score or a range it does not apply.
    """

    kind: Kind
    label: str
    said: str
    value: Decimal | str | None = None
    score: Decimal | None = None
    between: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A score that is to be reached, and for what."""

    label: str
    score: Decimal


def figure(told: Told, height: int, drawn: Iterable[Markup], marks: Iterable[Mark] = ()) -> Markup:
    """Put a drawing into its frame."""
    title, description = f"{told.id}-title", f"{told.id}-desc"
    drawing = element(
        "svg",
        element("title", told.title, id=title),
        element("desc", told.description, id=description),
        _hatch(told.id),
        *drawn,
        class_="plot",
        role="img",
        aria_labelledby=f"{title} {description}",
        viewBox=f"0 0 {WIDTH} {height}",
    )
    legend = [_legend(mark) for mark in marks]
    caption = (element("figcaption", *legend),) if legend else ()
    return element("figure", drawing, *caption, _table(told), class_="chart")


def hatched(told: Told) -> str:
    """Name the hatching of a chart."""
    return f"url(#{told.id}-hatch)"


def sign(kind: Kind, x: Fraction, y: Fraction) -> Markup:
    """Draw the sign of a kind: a disc, or a diamond."""
    if kind is Kind.DECLARED:
        return element("circle", class_="sign declared", cx=x, cy=y, r=5)
    around = f"M{_at(x, y - 7)}L{_at(x + 7, y)}L{_at(x, y + 7)}L{_at(x - 7, y)}Z"
    return element("path", class_="sign verified", d=around)


def _at(x: Fraction, y: Fraction) -> str:
    return f"{place(x)} {place(y)}"


def _legend(mark: Mark) -> Markup:
    shown = element("span", SIGNS[mark.kind], class_=f"sign {mark.kind.value}", aria_hidden="true")
    return element("span", shown, f" {mark.label} {mark.said}", class_="legend")


def _hatch(name: str) -> Markup:
    line = element("path", class_="hatch", d="M0 6L6 0M-1 1L1 -1M5 7L7 5")
    return element(
        "defs", element("pattern", line, id=f"{name}-hatch", width=6, height=6, patternUnits="userSpaceOnUse")
    )


def _table(told: Told) -> Markup:
    head = element("tr", *(element("th", column, scope="col") for column in told.columns))
    body = (element("tr", element("th", row[0], scope="row"), *map(_cell, row[1:])) for row in told.rows)
    caption = element("caption", told.title, class_="unseen")
    table = element("table", caption, element("thead", head), element("tbody", *body))
    return element("details", element("summary", told.table), element("div", table, class_="table"))


def _cell(text: str) -> Markup:
    return Markup("<td></td>") if not text else element("td", text)
