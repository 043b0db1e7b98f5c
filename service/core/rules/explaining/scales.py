"""How a criterion is scored, in words."""

from decimal import Decimal

from service.core.rules.explaining.voice import Voice, on_one_line
from service.core.rules.model import Bands, Choices, Criterion, Formula, Points
from service.core.values import number_text


def scale_text(voice: Voice, rule: Criterion) -> str:
    """Say the whole scale of a criterion."""
    scale = rule.scale
    if isinstance(scale, Formula):
        return voice.say("scale_formula", text=on_one_line(scale.score.text))
    if isinstance(scale, Bands):
        bands = voice.listed(_scored(voice, rule, "scale_band", mark, score) for mark, score in scale.bands)
        return voice.say("scale_bands", scores=bands, otherwise=number_text(scale.otherwise))
    if isinstance(scale, Points):
        points = voice.listed(_scored(voice, rule, "scale_point", value, score) for value, score in scale.points)
        return voice.say("scale_points", scores=points)
    return voice.say("scale_choices", scores=_choices(voice, rule, scale))


def _choices(voice: Voice, rule: Criterion, scale: Choices) -> str:
    return voice.listed(_scored(voice, rule, "scale_choice", choice, score) for choice, score in scale.scores.items())


def _scored(voice: Voice, rule: Criterion, code: str, value: Decimal | str, score: Decimal) -> str:
    return voice.say(code, value=voice.wording.criterion_value(rule, value), score=number_text(score))
