"""One sentence a criterion: value, score, how far from the line for improvement, where it must get to, its clause."""

from collections.abc import Iterator
from decimal import Decimal

from service.core.rules.assessment import CriterionResult, CriterionState, Improvement
from service.core.rules.explaining.scales import scale_text
from service.core.rules.explaining.shapes import About, Reader, Saying
from service.core.rules.explaining.voice import Voice, apart
from service.core.rules.expressions.nodes import Name
from service.core.rules.model import Bands, Criterion, Points
from service.core.rules.wording import is_figure, on_one_line
from service.core.values import number_text


def criteria(voice: Voice) -> Iterator[Saying]:
    """Say every criterion, in the order of the file."""
    return (_criterion(voice, criterion) for criterion in voice.assessment.criteria)


def weak(voice: Voice) -> Iterator[Saying]:
    """Say the criteria that are known and score below the line, the least score first."""
    found = [criterion for criterion in voice.assessment.criteria if _is_weak(voice, criterion)]
    found.sort(key=lambda criterion: criterion.score or Decimal(0))
    return (_criterion(voice, criterion) for criterion in found)


def unscored(voice: Voice) -> Iterator[Saying]:
    """Say the criteria that are unknown."""
    found = (criterion for criterion in voice.assessment.criteria if criterion.state is CriterionState.UNKNOWN)
    return (_criterion(voice, criterion) for criterion in found)


def others(voice: Voice) -> Iterator[Saying]:
    """Say the criteria that are neither weak nor unknown."""
    for criterion in voice.assessment.criteria:
        if criterion.state is not CriterionState.UNKNOWN and not _is_weak(voice, criterion):
            yield _criterion(voice, criterion)


def _is_weak(voice: Voice, criterion: CriterionResult) -> bool:
    return criterion.state is CriterionState.KNOWN and criterion.rule.id in voice.improvements


def _criterion(voice: Voice, criterion: CriterionResult) -> Saying:
    head = voice.sentences.criterion_head(criterion)
    clauses = [*_standing(voice, criterion), *_rule(voice, criterion), voice.cites(criterion.rule.cite)]
    return voice.saying(About.CRITERION, criterion.rule.id, head, *clauses)


def _standing(voice: Voice, criterion: CriterionResult) -> Iterator[str]:
    if criterion.state is CriterionState.UNKNOWN:
        yield from voice.sentences.why_unknown(criterion.reads, criterion.problems)
    elif criterion.score is not None:
        below = voice.rulebook.action_plan.below
        gap = number_text(apart(criterion.score, below))
        yield voice.compared("line", criterion.score, below, below=number_text(below), gap=gap)
    improvement = voice.improvements.get(criterion.rule.id)
    if improvement is not None:
        yield _target(voice, criterion, improvement)
        yield voice.due(improvement.due)


def _target(voice: Voice, criterion: CriterionResult, improvement: Improvement) -> str:
    """Say where a criterion must get to, and by how much where both are numbers."""
    now, target = improvement.now, improvement.target
    if target is None:
        return ""
    said = voice.wording.criterion_value(criterion.rule, target)
    if not isinstance(now, Decimal) or not isinstance(target, Decimal):
        return voice.say(_towards(criterion.rule), target=said)
    margin = voice.margin(apart(now, target), _unit(voice, criterion.rule))
    return voice.say("target_up" if now < target else "target_down", target=said, margin=margin)


def _towards(rule: Criterion) -> str:
    """Say on which side of its target a value scores well, or only where it is to be, where the scale tells neither."""
    scale = rule.scale
    marks = scale.points if isinstance(scale, Points) else scale.bands if isinstance(scale, Bands) else ()
    scores = [score for _, score in sorted(marks)]
    if scores and scores == sorted(scores):
        return "target_at_least"
    falls = isinstance(scale, Points) and scores == sorted(scores, reverse=True)
    return "target_at_most" if falls else "target_to"


def _unit(voice: Voice, rule: Criterion) -> str:
    """Give the unit that values of a criterion are said in."""
    root = None if rule.value is None else rule.value.root
    if isinstance(root, Name) and is_figure(voice.rulebook, root.name):
        return (voice.rulebook.facts.get(root.name) or voice.rulebook.derived[root.name]).unit
    return rule.unit


def _rule(voice: Voice, criterion: CriterionResult) -> Iterator[str]:
    """Say what is measured, how it is scored and every fact it rests on, to an inspector."""
    rule = criterion.rule
    if voice.reader is not Reader.INSPECTOR:
        return
    if rule.applies_when is not None:
        yield voice.say("applies_when", text=on_one_line(rule.applies_when.text))
    if rule.value is not None:
        yield voice.say("metric", text=on_one_line(rule.value.text))
    yield scale_text(voice.wording, rule)
    yield voice.reads(criterion.reads)
