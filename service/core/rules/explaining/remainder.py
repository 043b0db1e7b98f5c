"""What is missing, what remains to be done, and what an inspector checks: sources, rulebook, hashes."""

from collections.abc import Iterator

from service.core.rules.assessment import Improvement, UnknownFact
from service.core.rules.explaining.shapes import About, Reader, Saying
from service.core.rules.explaining.standing import category
from service.core.rules.explaining.voice import Voice
from service.core.rules.model import Criterion, Gate, Source
from service.core.values import number_text


def missing(voice: Voice) -> Iterator[Saying]:
    """Say every missing fact with the weight and the gates that hang on it."""
    for item in voice.assessment.unknown:
        label = voice.wording.label(voice.rulebook.facts[item.fact].label)
        code = "missing_please" if voice.reader is Reader.APPLICANT else "missing_fact"
        head = voice.say(code, label=label, id=item.fact, weight=number_text(item.weight_at_stake))
        yield voice.saying(About.FACT, item.fact, head, _waiting(voice, item))


def plan(voice: Voice) -> Iterator[Saying]:
    """Say everything that is in the action plan; an applicant has read what to improve with the criterion."""
    for item in voice.assessment.action_plan:
        if not isinstance(item, Improvement):
            head = voice.say("plan_condition", text=voice.wording.label(item.text))
            yield voice.saying(About.CONDITION, item.id, head, voice.due(item.due))
        elif voice.reader is not Reader.APPLICANT:
            yield voice.saying(About.CONDITION, item.id, _improvement(voice, item), voice.due(item.due))


def sources(voice: Voice) -> Iterator[Saying]:
    """Say every source that gates or criteria cite and nobody has confirmed, and which of them cite it."""
    rules: list[Gate | Criterion] = [*(gate.rule for gate in voice.assessment.gates)]
    rules += [criterion.rule for criterion in voice.assessment.criteria]
    for source in voice.rulebook.sources.values():
        citing = [rule for rule in rules if any(each.source == source.id for each in rule.cite)]
        if citing and not source.confirmed:
            yield _source(voice, source, citing)


def record(voice: Voice) -> Iterator[Saying]:
    """Say by which rules which facts were assessed, and how deep the review is to go."""
    assessment = voice.assessment
    title = voice.wording.label(voice.rulebook.title)
    rulebook = {"title": title, "id": assessment.rulebook_id, "edition": assessment.edition}
    said = voice.say("record_rulebook", **rulebook, sha256=assessment.rulebook_sha256)
    yield voice.saying(About.RECORD, "rulebook", said)
    yield voice.saying(About.RECORD, "facts", voice.say("record_facts", sha256=assessment.facts_sha256))
    yield voice.saying(About.RECORD, "category", category(voice))


def _waiting(voice: Voice, item: UnknownFact) -> str:
    gates = [voice.wording.label(gate.label) for gate in voice.rulebook.gates if gate.id in item.gates]
    return voice.say("missing_gates", gates=voice.listed(gates)) if gates else ""


def _improvement(voice: Voice, item: Improvement) -> str:
    rule = next(result.rule for result in voice.assessment.criteria if result.rule.id == item.id)
    label = voice.wording.label(rule.label)
    if item.target is None:
        return voice.say("plan_better", label=label)
    target = voice.wording.criterion_value(rule, item.target)
    if item.now is None:
        return voice.say("plan_towards", label=label, target=target)
    now = voice.wording.criterion_value(rule, item.now)
    return voice.say("plan_improvement", label=label, now=now, target=target)


def _source(voice: Voice, source: Source, citing: list[Gate | Criterion]) -> Saying:
    title, level = voice.wording.label(source.title), voice.level(source.level)
    head = voice.say("source_unconfirmed", title=title, level=level)
    labels = voice.listed(voice.wording.label(rule.label) for rule in citing)
    clauses = [*_dates(voice, source), voice.say("source_cited_by", labels=labels)]
    return voice.saying(About.SOURCE, source.id, head, *clauses)


def _dates(voice: Voice, source: Source) -> Iterator[str]:
    if source.in_force_from is None:
        yield voice.wording.words["source_no_date"]
    else:
        yield voice.say("source_from", date=source.in_force_from.isoformat())
    if source.in_force_until is not None:
        yield voice.say("source_until", date=source.in_force_until.isoformat())
