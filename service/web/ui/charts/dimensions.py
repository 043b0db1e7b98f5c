"""The dimensions of a case, each with the scores it is to reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from service.web.ui.charts.bars import Bar, bars
from service.web.ui.charts.frame import Kind, Limit, Told


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of a dimension; None where nothing in it applies. ``text`` says it."""

    kind: Kind
    label: str
    text: str
    score: Decimal | None


def dimensions(told: Told, scored: Sequence[Scored], limits: Sequence[Limit]) -> Markup:
    """Draw the scores of dimensions."""
    return bars(told, [Bar(one.label, one.score, (one.kind,), text=one.text) for one in scored], limits)
