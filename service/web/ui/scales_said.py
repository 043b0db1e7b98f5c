"""Scales in words, row by row, for the tables beside the charts."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from service.core.rules.model import Bands, Choices, Criterion, Points
from service.core.rules.wording import Wording
from service.core.values import number_text


def scale_rows(wording: Wording, rule: Criterion) -> Iterator[tuple[str, str]]:
    """Give every value of a scale with its score; nothing of a formula."""
    scale = rule.scale
    if isinstance(scale, Points):
        yield from ((wording.criterion_value(rule, value), number_text(score)) for value, score in scale.points)
    elif isinstance(scale, Bands):
        yield from ((f"≥ {wording.criterion_value(rule, value)}", number_text(score)) for value, score in scale.bands)
        yield f"< {wording.criterion_value(rule, scale.bands[-1][0])}", number_text(scale.otherwise)
    elif isinstance(scale, Choices):
        yield from (
            (wording.criterion_value(rule, choice), number_text(score)) for choice, score in scale.scores.items()
        )


def score_text(score: Fraction) -> str:
    """Write a score of a scale."""
    return number_text(Decimal(score.numerator) / Decimal(score.denominator))
