"""The total of a case: where it stands, between what it may come to stand, and which totals are to be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from service.web.ui.charts.bars import Bar, bars
from service.web.ui.charts.frame import Kind, Limit, Told


@dataclass(frozen=True, slots=True)
class Total:
    """A total, all of it None where nothing applies. ``text`` says it in words."""

    kind: Kind
    label: str
    text: str
    total: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    known_only: Decimal | None

    @property
    def between(self) -> tuple[Fraction, Fraction] | None:
        """Where it may come to stand, where that is not certain."""
        if self.lowest is None or self.highest is None or self.lowest == self.highest:
            return None
        return Fraction(self.lowest), Fraction(self.highest)


def interval(told: Told, totals: Sequence[Total], limits: Sequence[Limit]) -> Markup:
    """Draw totals, each as a bar with where it may come to stand."""
    return bars(told, [_bar(total) for total in totals], limits)


def _bar(total: Total) -> Bar:
    known = total.known_only if total.between is not None else None
    return Bar(total.label, total.total, (total.kind,), total.between, known, total.text)
