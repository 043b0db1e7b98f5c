"""How a criterion is scored, in words."""

from collections.abc import Iterable
from decimal import Decimal

from service.core.rules.model import Bands, Criterion, Formula, Points
from service.core.rules.wording import Wording, on_one_line
from service.core.values import number_text


def scale_text(wording: Wording, rule: Criterion) -> str:
    """Say the whole scale of a criterion; ``wording`` has the words of the section ``explanations`` too."""
    scale = rule.scale
    if isinstance(scale, Formula):
        return wording.say("scale_formula", text=on_one_line(scale.score.text))
    if isinstance(scale, Bands):
        bands = _scored(wording, rule, "scale_band", scale.bands)
        return wording.say("scale_bands", scores=bands, otherwise=number_text(scale.otherwise))
    if isinstance(scale, Points):
        return wording.say("scale_points", scores=_scored(wording, rule, "scale_point", scale.points))
    return wording.say("scale_choices", scores=_scored(wording, rule, "scale_choice", scale.scores.items()))


def _scored(wording: Wording, rule: Criterion, code: str, rows: Iterable[tuple[Decimal | str, Decimal]]) -> str:
    said = (
        wording.say(code, value=wording.criterion_value(rule, value), score=number_text(score)) for value, score in rows
    )
    return wording.words["enumeration"].join(said)
