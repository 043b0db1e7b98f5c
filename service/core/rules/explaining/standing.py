"""The outcome, its five causes, and how the scores stand to their marks."""

from collections.abc import Iterator
from decimal import Decimal

from service.core.rules.assessment import DimensionScore, GateResult, GateState, Reason, ReasonCode
from service.core.rules.explaining.shapes import About, Saying
from service.core.rules.explaining.voice import Voice, apart
from service.core.rules.model import Mark, Outcome
from service.core.rules.sentences import better_mark
from service.core.values import number_text

_GATES = {ReasonCode.GATE_FAILED: GateState.FAIL, ReasonCode.GATE_UNKNOWN: GateState.UNKNOWN}


def outcome(voice: Voice) -> Iterator[Saying]:
    """Say the outcome, and what may become of it while facts are missing."""
    assessment, name = voice.assessment, voice.wording.outcome
    head = voice.say("outcome_is", outcome=name(assessment.outcome))
    ends: list[str] = []
    if assessment.unknown:
        best, worst = name(assessment.best_possible), name(assessment.worst_possible)
        ends = [voice.say("outcome_range", count=str(len(assessment.unknown)), best=best, worst=worst)]
    yield voice.saying(About.OUTCOME, assessment.outcome, head, *ends)


def reconsideration(voice: Voice) -> Iterator[Saying]:
    """Say how to ask for another decision, where the outcome is one that can be asked about again."""
    found = voice.assessment.outcome
    if found in {Outcome.DEFER, Outcome.REJECT}:
        yield voice.saying(About.OUTCOME, found, voice.say("reconsider", outcome=voice.wording.outcome(found)))


def causes(voice: Voice) -> Iterator[Saying]:
    """Say of each of the five causes whether it holds the outcome back."""
    yield from held_back(voice)
    given = {reason.code for reason in voice.assessment.reasons}
    for code in ReasonCode:
        if code not in given:
            yield voice.saying(About.CAUSE, code, _waived(voice, code, "none_waived") or _no_cause(voice, code))


def held_back(voice: Voice) -> Iterator[Saying]:
    """Say the causes that hold the outcome back, in the order of the assessment; gates of one kind together."""
    reasons = voice.assessment.reasons
    for code in dict.fromkeys(reason.code for reason in reasons):
        alike = [reason for reason in reasons if reason.code is code]
        if code in _GATES:
            yield voice.saying(About.CAUSE, code, _gate_cause(voice, code, alike), _waived(voice, code, "waived"))
        else:
            yield Saying(About.CAUSE, code, voice.sentences.reason(alike[0]))


def scores(voice: Voice) -> Iterator[Saying]:
    """Say the total and each dimension against the next better outcome's marks, and the completeness."""
    score, decision = voice.assessment.score, voice.rulebook.decision
    aim, mark = _aim(voice)
    if score.total is None:
        yield voice.saying(About.SCORE, "total", voice.say("standing_none", label=voice.wording.words["total"]))
    else:
        label = voice.wording.words["total"]
        yield voice.saying(About.SCORE, "total", _stands(voice, label, score.total, mark.total, aim), *_ends(voice))
    for name, dimension in score.dimensions.items():
        yield _dimension(voice, name, dimension)
    figures = {"score": number_text(score.completeness), "mark": number_text(decision.complete_at_least)}
    margin = number_text(apart(score.completeness, decision.complete_at_least))
    said = voice.compared("complete", score.completeness, decision.complete_at_least, **figures, margin=margin)
    yield voice.saying(About.SCORE, "completeness", said)


def category(voice: Voice) -> str:
    """Say the category of review, without an end."""
    found = voice.assessment.category
    label = next(voice.wording.label(one.label) for one in voice.rulebook.categories if one.id == found.id)
    return voice.say("category_for_now" if found.provisional else "category_is", label=label)


def _dimension(voice: Voice, name: str, dimension: DimensionScore) -> Saying:
    aim, mark = _aim(voice)
    label = voice.wording.label(voice.rulebook.dimensions[name].label)
    weight = voice.say("standing_weight", weight=number_text(dimension.weight))
    if dimension.score is None:
        return voice.saying(About.DIMENSION, name, voice.say("standing_none", label=label), weight)
    said = _stands(voice, label, dimension.score, mark.each_dimension, aim)
    return voice.saying(About.DIMENSION, name, said, weight)


def _aim(voice: Voice) -> tuple[Outcome, Mark]:
    """Give the outcome that scores are held against: the next better one, or the best where that is reached."""
    decision, found = voice.rulebook.decision, voice.assessment.score.outcome
    return (found, decision.approve) if found is Outcome.APPROVE else better_mark(decision, found)


def _stands(voice: Voice, label: str, score: Decimal, mark: Decimal, aim: Outcome) -> str:
    figures = {"score": number_text(score), "mark": number_text(mark), "margin": number_text(apart(score, mark))}
    return voice.compared("standing", score, mark, label=label, outcome=voice.wording.outcome(aim), **figures)


def _ends(voice: Voice) -> Iterator[str]:
    """Say between what the total may come to lie, and what the known criteria give alone."""
    score = voice.assessment.score
    if score.lowest is not None and score.highest is not None and score.lowest != score.highest:
        yield voice.say("total_range", lowest=number_text(score.lowest), highest=number_text(score.highest))
    if score.known_only is not None and score.known_only != score.total:
        yield voice.say("total_known", known=number_text(score.known_only))


def _gate_cause(voice: Voice, code: ReasonCode, alike: list[Reason]) -> str:
    labels = {gate.rule.id: voice.wording.label(gate.rule.label) for gate in voice.assessment.gates}
    named = (
        voice.say(f"cause_{code}_each", label=labels[f"{reason.gate}"], outcome=voice.wording.outcome(reason.outcome))
        for reason in alike
    )
    figures = {"count": str(len(alike)), "outcome": voice.wording.outcome(alike[0].outcome)}
    return voice.say(f"cause_{code}", **figures, gates=voice.listed_clauses(named))


def _waived(voice: Voice, code: ReasonCode, ending: str) -> str:
    """Say which gates would be this cause if they were not waived; nothing where there is none."""
    state = _GATES.get(code)
    labels = [voice.wording.label(gate.rule.label) for gate in voice.assessment.gates if _is_waived(gate, state)]
    if not labels:
        return ""
    return voice.say(f"cause_{code}_{ending}", count=str(len(labels)), gates=voice.listed_clauses(labels))


def _is_waived(gate: GateResult, state: GateState | None) -> bool:
    return gate.waived and gate.state is state


def _no_cause(voice: Voice, code: ReasonCode) -> str:
    score = voice.assessment.score
    figures = {
        "completeness": number_text(score.completeness),
        "mark": number_text(voice.rulebook.decision.complete_at_least),
        "category": category(voice),
        "total": "" if score.total is None else number_text(score.total),
        "outcome": voice.wording.outcome(score.outcome),
    }
    return voice.say(f"cause_{code}_none", **figures)
