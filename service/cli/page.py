"""An assessment as a page of text, to be read at a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import click

from service.cli.columns import PAGE, Column, paragraph, row, width
from service.core.rules.assessment import (
    Assessment,
    CriterionResult,
    CriterionState,
    Improvement,
    PlanItem,
    UnknownFact,
)
from service.core.rules.engine import Engine
from service.core.rules.expressions.types import Value
from service.core.rules.model import Criterion, Outcome
from service.core.rules.sentences import Sentences
from service.core.rules.wording import Wording
from service.core.values import number_text
from service.words import sentence

_COLOURS: Final = {
    Outcome.APPROVE: "green",
    Outcome.CONDITIONAL: "yellow",
    Outcome.DEFER: "yellow",
    Outcome.REJECT: "red",
}
_SCORES: Final = (Column(34), Column(10, right=True), Column(48))
_GATES: Final = (Column(14), Column(54), Column(24))
_CRITERIA: Final = (
    Column(36),
    Column(26, right=True),
    Column(8, right=True),
    Column(8, right=True),
    Column(10, right=True),
)
_UNKNOWN: Final = (Column(40), Column(8, right=True), Column(44))
_PLAN: Final = (Column(62), Column(32))
_DUE: Final = frozenset({"24_months_after_production", "before_construction", "before_production", "before_signing"})
_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class _Page:
    wording: Wording
    assessment: Assessment
    names: Sequence[str]

    def lines(self) -> Iterator[str]:
        parts = (
            self._outcome(),
            [*self._names(), *self._head()],
            self._reasons(),
            self._scores(),
            self._gates(),
            self._criteria(),
            self._unknown(),
            self._plan(),
            [self.say("page.foot")],
        )
        yield from _apart(list(part) for part in parts)

    def say(self, code: str, **figures: object) -> str:
        return sentence(self.wording.language, "cli", code, figures)

    def _outcome(self) -> Iterator[str]:
        said = self.wording.outcome(self.assessment.outcome)
        text = " ".join(said) if self.wording.language == "zh" else said.upper()
        room = PAGE - 2 - width(text)
        left, right = " " * (room // 2), " " * (room - room // 2)
        yield f"╔{'═' * (PAGE - 2)}╗"
        yield f"║{left}{click.style(text, fg=_COLOURS[self.assessment.outcome], bold=True)}{right}║"
        yield f"╚{'═' * (PAGE - 2)}╝"

    def heading(self) -> Iterator[str]:
        yield from _apart([list(self._outcome()), list(self._names())])

    def _names(self) -> Iterator[str]:
        rulebook = self.wording.rulebook
        if self.names:
            yield " · ".join(self.names)
        yield self.say("page.rules", title=self.wording.label(rulebook.title), edition=rulebook.edition)

    def _head(self) -> Iterator[str]:
        rulebook, assessment = self.wording.rulebook, self.assessment
        category = next(one for one in rulebook.categories if one.id == assessment.category.id)
        code = "page.category_provisional" if assessment.category.provisional else "page.category"
        yield self.say(code, label=self.wording.label(category.label))
        if assessment.unknown:
            best, worst = map(self.wording.outcome, (assessment.best_possible, assessment.worst_possible))
            yield self.say("page.range", best=best, worst=worst)

    def _reasons(self) -> Iterator[str]:
        sentences = Sentences(self.wording, self.assessment)
        if self.assessment.reasons:
            yield self.say("page.reasons")
        for number, reason in enumerate(self.assessment.reasons, start=1):
            yield from paragraph(sentences.reason(reason), f"{number}. ")

    def _scores(self) -> Iterator[str]:
        score = self.assessment.score
        yield self.say("page.score")
        known = self.say("page.total_range", lowest=_figure(score.lowest), highest=_figure(score.highest))
        open_ = score.lowest != score.highest
        yield from row(_SCORES, (self.say("page.total"), _figure(score.total), known if open_ else ""))
        for name, dimension in score.dimensions.items():
            label = self.wording.label(self.wording.rulebook.dimensions[name].label)
            weight = self.say("page.weight", weight=dimension.weight)
            yield from row(_SCORES, (label, _figure(dimension.score), weight))
        yield from row(_SCORES, (self.say("page.completeness"), f"{number_text(score.completeness)}%", ""))

    def _gates(self) -> Iterator[str]:
        yield self.say("page.gates")
        for gate in self.assessment.gates:
            label = self.wording.label(gate.rule.label)
            yield from row(_GATES, (self.say(f"gate.{gate.state}"), label, self.say(f"level.{gate.rule.level}")))

    def _criteria(self) -> Iterator[str]:
        heads = [self.say(f"page.{code}") for code in ("criteria", "value", "score_of", "weight_of", "contribution")]
        yield "".join(row(_CRITERIA, heads)).strip()
        for name, dimension in self.wording.rulebook.dimensions.items():
            yield f"  {self.wording.label(dimension.label)}"
            for criterion in self.assessment.criteria:
                if criterion.rule.dimension == name:
                    yield from self._criterion(criterion)

    def _criterion(self, criterion: CriterionResult) -> Iterator[str]:
        rule = criterion.rule
        value = self._value(rule, criterion.value)
        if criterion.state is not CriterionState.KNOWN:
            value = self.say(f"criterion.{criterion.state}")
        figures = (_figure(criterion.score), _figure(rule.weight), _figure(criterion.contribution))
        yield from row(_CRITERIA, (self.wording.label(rule.label), value, *figures))

    def _unknown(self) -> Iterator[str]:
        if self.assessment.unknown:
            heads = [self.say(f"page.{code}") for code in ("unknown", "weight_of", "gates_waiting")]
            yield "".join(row(_UNKNOWN, heads)).strip()
        for fact in self.assessment.unknown:
            yield from row(_UNKNOWN, self._waiting(fact))

    def _waiting(self, fact: UnknownFact) -> tuple[str, str, str]:
        rulebook = self.wording.rulebook
        gates = [self.wording.label(gate.label) for gate in rulebook.gates if gate.id in fact.gates]
        named = f"{self.wording.label(rulebook.facts[fact.fact].label)} {fact.fact}"
        return named, number_text(fact.weight_at_stake), self.wording.words["enumeration"].join(gates)

    def _plan(self) -> Iterator[str]:
        if self.assessment.action_plan:
            yield self.say("page.plan")
        for item in self.assessment.action_plan:
            yield from row(_PLAN, (self._condition(item), self._due(item.due)))

    def _condition(self, item: PlanItem) -> str:
        if not isinstance(item, Improvement):
            return self.wording.label(item.text)
        rule = next(rule for rule in self.wording.rulebook.criteria if rule.id == item.id)
        now, target = self._value(rule, item.now), self._value(rule, item.target)
        return self.say("page.improvement", label=self.wording.label(rule.label), now=now, target=target)

    def _value(self, rule: Criterion, value: Value) -> str:
        return _NOTHING if value is None else self.wording.criterion_value(rule, value)

    def _due(self, code: str) -> str:
        return self.say(f"due.{code}") if code in _DUE else code


def page(engine: Engine, assessment: Assessment, language: str, names: Sequence[str]) -> Iterator[str]:
    """Give the lines of an assessment's page; ``names`` say whose project it is, where that is known."""
    wording = Wording(engine.rulebook, engine.words[language], language)
    return _Page(wording, assessment, names).lines()


def heading(engine: Engine, assessment: Assessment, language: str, names: Sequence[str]) -> Iterator[str]:
    """Give the lines above any page of an assessment: the outcome in a box, whose project it is, by which rules."""
    wording = Wording(engine.rulebook, engine.words[language], language)
    return _Page(wording, assessment, names).heading()


def _apart(parts: Iterable[Sequence[str]]) -> Iterator[str]:
    """Put an empty line between the parts that say something."""
    for number, part in enumerate(filter(None, parts)):
        yield from ("",) * (number > 0)
        yield from part


def _figure(figure: Decimal | None) -> str:
    return _NOTHING if figure is None else number_text(figure)
