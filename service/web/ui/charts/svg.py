"""Writing SVG: elements with their attributes, places rounded to a tenth, and texts that are cut to their room."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from markupsafe import Markup, escape

from service.core.values import number_text

_TENTH: Final = 10
_WIDE_FROM: Final = "\u2e80"
_WIDE: Final = 115
_NARROW: Final = 62
_LONGEST_NUMBER: Final = 9


def element(tag: str, /, *content: Markup | str, **attributes: str | Fraction | int | None) -> Markup:
    """Write an element; ``text_anchor`` is the attribute ``text-anchor``, ``class_`` is ``class``."""
    named = "".join([f' {_named(name)}="{_written(value)}"' for name, value in attributes.items() if value is not None])
    inner = "".join([part if isinstance(part, Markup) else escape(part) for part in content])
    return Markup(f"<{tag}{named}>{inner}</{tag}>" if inner else f"<{tag}{named}/>")  # noqa: S704 - every part is escaped above


def place(number: Fraction | int) -> str:
    """Write a place on the drawing: a tenth is the least there is, and halves of one go up."""
    above, below = number.numerator, number.denominator
    tenths = (2 * _TENTH * above + below) // (2 * below)
    whole, part = divmod(abs(tenths), _TENTH)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{part}' if part else ''}"


def points(*places: tuple[Fraction | int, Fraction | int]) -> str:
    """Write the places of a line."""
    return " ".join(f"{place(x)},{place(y)}" for x, y in places)


def fitting(text: str, room: int) -> str:
    """Cut a text to its room on the drawing; what is left out is told beside it."""
    if width(text) <= room:
        return text
    kept = text
    while kept and width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def width(text: str) -> Decimal:
    """Say how wide a text is drawn, about."""
    return Decimal(sum([_WIDE if symbol >= _WIDE_FROM else _NARROW for symbol in text])) / _TENTH


def short(number: Decimal) -> str:
    """Write a number for an axis: by value, or with three digits and a power where that is long."""
    text = number_text(number)
    return text if len(text) <= _LONGEST_NUMBER else f"{number:.3g}".replace("e+", "e")


@cache
def _named(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _written(value: str | Fraction | int) -> str:
    return escape(value) if isinstance(value, str) else place(value)
