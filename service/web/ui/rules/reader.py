"""A rulebook as somebody reads it: everything it says, in words, with the anchor of whatever it names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from markupsafe import Markup

from service.core.rules.conditions import Clause, Teller
from service.core.rules.explaining.scales import scale_text
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.types import Kind
from service.core.rules.model import (
    Citation,
    Criterion,
    Derived,
    Fact,
    Formula,
    Gate,
    Level,
    Outcome,
    Parameter,
    Rulebook,
)
from service.core.rules.plan import CATEGORY
from service.core.rules.wording import Wording, on_one_line
from service.core.values import number_text
from service.web.ui.scorecard import Scorecard
from service.web.ui.voice import Voice
from service.words import sections, together

_MARKS: Final = (("min", "≥"), ("min_exclusive", ">"), ("max", "≤"), ("max_exclusive", "<"))


@dataclass(frozen=True, slots=True)
class Link:
    """Something that is named, and where it stands in the document."""

    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A source that is not confirmed, and what rests on it."""

    anchor: str
    title: str
    level: str
    rules: tuple[Link, ...]


@dataclass(frozen=True)
class Reader:
    """A rulebook, told in one language."""

    rulebook: Rulebook
    voice: Voice

    @cached_property
    def wording(self) -> Wording:
        """The words of assessments, explanations and conditions."""
        words = together("assessment", "explanations", "conditions")[self.voice.language]
        return Wording(self.rulebook, words, self.voice.language)

    @cached_property
    def teller(self) -> Teller:
        """Who tells conditions."""
        return Teller(self.wording)

    @cached_property
    def card(self) -> Scorecard:
        """The criteria, drawn without a case."""
        return Scorecard(self.rulebook, self.voice, ())

    def condition(self, expression: Expression | None) -> Clause | None:
        """Tell when an expression is true; None where there is none."""
        return None if expression is None else self.teller.condition(expression.root)

    def derived(self, figure: Derived) -> Clause:
        """Tell how a figure comes about."""
        return self.teller.derived(figure.value.root, is_condition=figure.type.kind is Kind.BOOLEAN)

    def code(self, expression: Expression) -> str:
        """Give an expression as it is written, on one line."""
        return on_one_line(expression.text)

    def reads(self, *expressions: Expression | None) -> list[Link]:
        """Give what expressions name, each once."""
        names = dict.fromkeys(name for one in expressions if one is not None for name in one.names)
        return [self._link(name) for name in names]

    def scored_by(self, rule: Criterion) -> list[Link]:
        """Give what a criterion names."""
        score = rule.scale.score if isinstance(rule.scale, Formula) else None
        return self.reads(rule.applies_when, rule.value, score)

    def cites(self, citations: Iterable[Citation]) -> str:
        """Say what a rule rests on."""
        return self.card.cited(citations)

    def is_unsure(self, citations: Iterable[Citation]) -> bool:
        """Say whether a rule rests on something that is not confirmed."""
        return any(not self.rulebook.sources[one.source].confirmed for one in citations)

    def word(self, word: StrEnum) -> str:
        """Say a word of an enumeration."""
        return sections("keys")[self.voice.language][f"{type(word).__name__.lower()}.{word.value}"]

    def is_waivable(self, gate: Gate) -> bool:
        """Say whether a gate may be waived: any but one of law."""
        return gate.level is not Level.LAW

    def groups(self) -> list[tuple[str, list[tuple[Criterion, Markup]]]]:
        """Give the criteria of every dimension, each with its scale drawn."""
        rules = {rule.id: rule for rule in self.rulebook.criteria}
        return [(label, [(rules[one.id], one.drawn) for one in scored]) for label, scored in self.card.groups()]

    def scale(self, rule: Criterion) -> str:
        """Say how a criterion is scored."""
        return scale_text(self.wording, rule)

    def fact_groups(self) -> list[tuple[str, list[Fact]]]:
        """Give the facts by group, in the order of the file."""
        found: dict[str, list[Fact]] = {}
        for fact in self.rulebook.facts.values():
            found.setdefault(fact.group, []).append(fact)
        return [(self.voice.known(f"group.{group}", group), facts) for group, facts in found.items()]

    def taken(self, fact: Fact) -> str:
        """Say what a fact takes: its type, unit and limits, or its choices."""
        return self.wording.words["between"].join([self.word(fact.kind), *self._limits(fact)])

    def value(self, parameter: Parameter) -> str:
        """Say a parameter; a list item by item."""
        if isinstance(parameter.value, tuple):
            return self.voice.joined([str(one) for one in parameter.value])
        return self.wording.measured(parameter.value, parameter.unit)

    def due(self, code: str) -> str:
        """Say by when; a code without words stays as it is."""
        return self.wording.words.get(f"due_{code}", code)

    def dates(self, begins: date | None, ends: date | None) -> str:
        """Say from when until when something holds."""
        if begins is None:
            return self.voice.say("rules.no_date")
        said = self.voice.say("rules.from", day=self.voice.day(begins))
        return (
            said if ends is None else self.voice.joined([said, self.voice.say("rules.until", day=self.voice.day(ends))])
        )

    def marks(self) -> list[tuple[Outcome, str, str]]:
        """Give what the total and each dimension must reach for an outcome, the best first."""
        decision = self.rulebook.decision
        found = {
            Outcome.APPROVE: decision.approve,
            Outcome.CONDITIONAL: decision.conditional,
            Outcome.DEFER: decision.defer,
        }
        return [(outcome, number_text(mark.total), number_text(mark.each_dimension)) for outcome, mark in found.items()]

    def unsure(self) -> list[Unsure]:
        """Give every source that is not confirmed, with the rules that rest on it."""
        return [
            Unsure(f"source-{one.id}", self.voice.label(one.title), self.word(one.level), tuple(self._resting(one.id)))
            for one in self.rulebook.sources.values()
            if not one.confirmed
        ]

    def number(self, number: Decimal) -> str:
        """Write a number by value."""
        return number_text(number)

    def _resting(self, source: str) -> Iterator[Link]:
        rulebook = self.rulebook
        kinds = (
            ("gate", rulebook.gates),
            ("criterion", rulebook.criteria),
            ("parameter", rulebook.parameters.values()),
        )
        for kind, rules in kinds:
            for rule in rules:
                if any(one.source == source for one in rule.cite):
                    yield Link(f"{kind}-{rule.id}", self.voice.label(rule.label))

    def _limits(self, fact: Fact) -> Iterator[str]:
        if fact.choices:
            yield self.voice.say(
                "rules.choices", choices=self.voice.joined([self.voice.label(one) for one in fact.choices.values()])
            )
        for name, sign in _MARKS:
            limit = getattr(fact.limits, name)
            if limit is not None:
                yield f"{sign} {self.wording.measured(limit, fact.unit)}"
        if fact.limits.decimals:
            yield self.voice.say("rules.decimals", count=fact.limits.decimals)

    def _link(self, name: str) -> Link:
        rulebook = self.rulebook
        if name in rulebook.facts:
            return Link(f"fact-{name}", self.voice.label(rulebook.facts[name].label))
        if name in rulebook.derived:
            return Link(f"figure-{name}", self.voice.label(rulebook.derived[name].label))
        if name in rulebook.parameters:
            return Link(f"parameter-{name}", self.voice.label(rulebook.parameters[name].label))
        assert name == CATEGORY, name  # noqa: S101 - there are no other names
        return Link("categories", self.voice.say("rules.part.categories"))
