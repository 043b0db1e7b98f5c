"""The sentences of the reasons that are no gates, in one language, prepared: what ``ReasonSentences`` says."""

from collections.abc import Sequence
from decimal import Decimal

from service.core.rules.assessment import Reason, ReasonCode
from service.core.rules.compiled.phrases import Phrase, in_json, say, sentence, template
from service.core.rules.compiled.source import Slot
from service.core.rules.compiled.standing import Standing
from service.core.rules.compiled.texts import escaped, number
from service.core.rules.model import Category, Dimension, Outcome
from service.core.rules.sentences import better_mark
from service.core.rules.wording import Wording
from service.core.values import number_text

_WORSE = (Outcome.CONDITIONAL, Outcome.DEFER, Outcome.REJECT)


class Reasoning:
    """The reasons of one rulebook."""

    def __init__(self, wording: Wording) -> None:
        """Prepare the sentences."""
        rulebook = wording.rulebook
        self._wording = wording
        self._comma = escaped(wording.words["comma"])
        self._incomplete = self._prepared_incomplete()
        self._categories = {
            (place, provisional): self._prepared_category(category, provisional=provisional)
            for place, category in enumerate(rulebook.categories)
            for provisional in (False, True)
        }
        self._no_score = {outcome: self._sentence("reason_score_none", outcome) for outcome in _WORSE}
        self._scores = {(own, told): self._prepared_score(own, told) for own in _WORSE for told in _WORSE}
        self._dimensions = [self._prepared_dimension(dimension) for dimension in rulebook.dimensions.values()]

    def because(self, reason: Reason, standing: Standing, categories: Sequence[int]) -> str:
        """Say what makes the outcome worse than approve, as it stands in a JSON string."""
        if reason.code is ReasonCode.CATEGORY_CAP:
            return self._categories[categories[0], len(categories) > 1].format_map({})
        if reason.code is ReasonCode.INCOMPLETE:
            return self._incomplete.format_map({"completeness": number(standing.completeness)})
        if standing.total is None:
            return self._no_score[standing.outcome].format_map({})
        dimensions = self._comma.join(self._said(standing.dimensions))
        texts = {"total": number(standing.total), "dimensions": dimensions}
        return self._scores[standing.outcome, reason.outcome].format_map(texts)

    def _said(self, scores: Sequence[Decimal | None]) -> list[str]:
        pairs = zip(self._dimensions, scores, strict=True)
        return [said.format_map({"score": number(score)}) for said, score in pairs if score is not None]

    def _prepared_incomplete(self) -> str:
        decision = self._wording.rulebook.decision
        mark = number_text(decision.complete_at_least)
        return self._sentence(
            "reason_incomplete", decision.incomplete, completeness=[Slot("completeness")], mark=[mark]
        )

    def _prepared_category(self, category: Category, *, provisional: bool) -> str:
        code = "reason_category_cap_provisional" if provisional else "reason_category_cap"
        return self._sentence(code, category.best_outcome, label=[self._wording.label(category.label)])

    def _prepared_score(self, own: Outcome, told: Outcome) -> str:
        wording = self._wording
        better, mark = better_mark(wording.rulebook.decision, own)
        marks: dict[str, Phrase] = {"outcome": [wording.outcome(better)], "total": [number_text(mark.total)]}
        clauses = [say(wording, "reason_score_marks", {**marks, "dimension": [number_text(mark.each_dimension)]})]
        if told is not own:
            clauses.append(say(wording, "reason_score_softened", {"outcome": [wording.outcome(told)]}))
        figures: dict[str, Phrase] = {
            "total": [Slot("total")],
            "dimensions": [Slot("dimensions")],
            "outcome": [wording.outcome(own)],
        }
        return template(in_json(sentence(wording, say(wording, "reason_score", figures), clauses)))

    def _prepared_dimension(self, dimension: Dimension) -> str:
        figures: dict[str, Phrase] = {"label": [self._wording.label(dimension.label)], "score": [Slot("score")]}
        return template(in_json(say(self._wording, "dimension", figures)))

    def _sentence(self, code: str, outcome: Outcome, **figures: Phrase) -> str:
        said = say(self._wording, code, {"outcome": [self._wording.outcome(outcome)], **figures})
        return template(in_json(sentence(self._wording, said, [])))
