"""An assessment as one line of JSON, in Chinese or English: keys in a fixed order, figures by value."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from service.core.rules.assessment import (
    Assessment,
    CriterionResult,
    GateResult,
    Improvement,
    PlanItem,
    Reason,
    Score,
    UnknownFact,
)
from service.core.rules.expressions.types import Value
from service.core.rules.model import Citation, Rulebook
from service.core.rules.sentences import Sentences
from service.core.rules.wording import Wording
from service.core.values import Json, write_json


def report(rulebook: Rulebook, assessment: Assessment, words: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Write an assessment by this rulebook; ``words`` is the section ``assessment``, ``language`` is zh or en."""
    wording = Wording(rulebook, words[language], language)
    sentences = Sentences(wording, assessment)
    return write_json(
        {
            "rulebook": {
                "id": assessment.rulebook_id,
                "edition": assessment.edition,
                "sha256": assessment.rulebook_sha256,
            },
            "facts_sha256": assessment.facts_sha256,
            "outcome": assessment.outcome.value,
            "best_possible": assessment.best_possible.value,
            "worst_possible": assessment.worst_possible.value,
            "category": {"id": assessment.category.id, "provisional": assessment.category.provisional},
            "reasons": [_reason(reason, sentences) for reason in assessment.reasons],
            "score": _score(assessment.score),
            "gates": [_gate(gate, sentences) for gate in assessment.gates],
            "criteria": [_criterion(criterion, sentences) for criterion in assessment.criteria],
            "unknown": [_unknown(fact) for fact in assessment.unknown],
            "derived": _values(assessment.derived),
            "action_plan": [_plan_item(item, wording) for item in assessment.action_plan],
        }
    )


def _reason(reason: Reason, sentences: Sentences) -> Json:
    gate: dict[str, Json] = {} if reason.gate is None else {"gate": reason.gate}
    said: dict[str, Json] = {"outcome": reason.outcome.value, "because": sentences.reason(reason)}
    return {"code": reason.code.value, **gate, **said}


def _score(score: Score) -> Json:
    return {
        "total": score.total,
        "lowest": score.lowest,
        "highest": score.highest,
        "known_only": score.known_only,
        "completeness": score.completeness,
        "outcome": score.outcome.value,
        "dimensions": {
            name: {"score": dimension.score, "weight": dimension.weight} for name, dimension in score.dimensions.items()
        },
    }


def _gate(gate: GateResult, sentences: Sentences) -> Json:
    return {
        "id": gate.rule.id,
        "state": gate.state.value,
        **({"waived": True} if gate.waived else {}),
        "on_fail": gate.rule.on_fail.value,
        "curable": gate.rule.curable,
        "level": gate.rule.level.value,
        "reads": _values(gate.reads),
        "because": sentences.gate(gate),
        "cite": cited(gate.rule.cite),
    }


def _criterion(criterion: CriterionResult, sentences: Sentences) -> Json:
    return {
        "id": criterion.rule.id,
        "dimension": criterion.rule.dimension,
        "state": criterion.state.value,
        "value": _value(criterion.value),
        "unit": criterion.rule.unit,
        "score": criterion.score,
        "weight": criterion.rule.weight,
        "contribution": criterion.contribution,
        "reads": _values(criterion.reads),
        "because": sentences.criterion(criterion),
        "cite": cited(criterion.rule.cite),
    }


def _unknown(fact: UnknownFact) -> Json:
    return {"fact": fact.fact, "weight_at_stake": fact.weight_at_stake, "gates": list(fact.gates)}


def _plan_item(item: PlanItem, wording: Wording) -> Json:
    if isinstance(item, Improvement):
        return {
            "id": item.id,
            "metric": item.metric,
            "now": _value(item.now),
            "target": item.target,
            "due": item.due,
        }
    return {"id": item.id, "text": wording.label(item.text), "due": item.due}


def cited(citations: Iterable[Citation]) -> list[Json]:
    """Give sources with their articles; where there is none, the key is left out."""
    return [
        {"source": each.source} if each.article is None else {"source": each.source, "article": each.article}
        for each in citations
    ]


def _values(values: Mapping[str, Value]) -> dict[str, Json]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Value) -> Json:
    """Facts and derived figures are flat: a list is already told as the count of its records."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | Decimal | str) else None
