"""The scorecard of a case, drawn and in words: what its assessments say, beside each other where there are two."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from markupsafe import Markup

from service.core.rules.explaining.citing import cites
from service.core.rules.explaining.scales import scale_text
from service.core.rules.model import Citation, Criterion, Dimension, Formula, Outcome, Rulebook
from service.core.rules.scales import extent
from service.core.rules.wording import Wording
from service.core.values import number_text
from service.web.ui import charts
from service.web.ui.charts import Curve, Kind, Limit, Mark, Scored, Told, Total
from service.web.ui.scales_said import scale_rows, score_text
from service.web.ui.voice import Voice
from service.words import together

_KNOWN, _UNKNOWN = "known", "unknown"


@dataclass(frozen=True, slots=True)
class Side:
    """One assessment of a case, as its report tells it in the language of the page."""

    kind: Kind
    report: Any

    def criterion(self, name: str) -> Any:  # noqa: ANN401 - a member of the report
        """Give what it says of a criterion."""
        return next(one for one in self.report["criteria"] if one["id"] == name)


@dataclass(frozen=True, slots=True)
class Said:
    """What one assessment says of a rule."""

    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """A criterion: drawn, what is said of it, and what it rests on."""

    id: str
    label: str
    weight: str
    drawn: Markup
    said: tuple[Said, ...]
    cites: str


@dataclass(frozen=True)
class Scorecard:
    """A case by a rulebook; ``sides`` of one edition, what is declared first. Without any it shows the rules alone."""

    rulebook: Rulebook
    voice: Voice
    sides: Sequence[Side]

    @cached_property
    def wording(self) -> Wording:
        """The words of assessments."""
        words = together("assessment", "explanations")[self.voice.language]
        return Wording(self.rulebook, words, self.voice.language)

    def say(self, code: str, **figures: object) -> str:
        """Say a code of the pages."""
        return self.voice.say(code, **figures)

    def side(self, kind: Kind) -> str:
        """Name an assessment."""
        return self.say(f"side.{kind}")

    def cited(self, citations: Iterable[Citation]) -> str:
        """Say what a rule rests on, as a sentence of its own."""
        said = cites(self.wording, citations)
        return said[:1].upper() + said[1:]

    def mark(self, side: Side, rule: Criterion) -> Mark:
        """Say where a case stands on a criterion by one assessment."""
        return _mark(self, side, rule, side.criterion(rule.id))

    def total(self) -> Markup:
        """Draw the total, and between what it may come to stand."""
        found = [_total(self, side) for side in self.sides]
        label = self.say("total")
        columns = (label, *(self.say(f"total.{name}") for name in _TOTALS))
        rows = [(self.side(side.kind), *_figures(self, side.report["score"])) for side in self.sides]
        told = self._told("total", label, self.say("chart.total", said=self.voice.joined([one.text for one in found])))
        limits = _limits(self, "total")
        return charts.interval(_with(told, columns, [*rows, *_limit_rows(limits, len(columns))]), found, limits)

    def dimensions(self) -> Markup:
        """Draw the dimensions."""
        found = [scored for name in self.rulebook.dimensions for scored in self._scored(name)]
        limits = _limits(self, "each_dimension")
        said = self.voice.joined([f"{one.label} {one.text}" for one in found])
        told = self._told("dimensions", self.say("case.dimensions"), self.say("chart.dimensions", said=said))
        rows = [(one.label, one.text) for one in found]
        columns = (self.say("case.dimension"), self.say("case.score"))
        return charts.dimensions(_with(told, columns, [*rows, *_limit_rows(limits, len(columns))]), found, limits)

    def groups(self) -> list[tuple[str, list[Scoring]]]:
        """Give the criteria of every dimension, in the order of the rulebook."""
        return [(self.group(dimension), self._group(name)) for name, dimension in self.rulebook.dimensions.items()]

    def group(self, dimension: Dimension) -> str:
        """Name a dimension, with its weight."""
        weight = number_text(dimension.weight)
        return self.say("criteria.group", label=self.voice.label(dimension.label), weight=weight)

    def _group(self, name: str) -> list[Scoring]:
        return [self._scoring(rule) for rule in self.rulebook.criteria if rule.dimension == name]

    def _scored(self, name: str) -> Iterator[Scored]:
        label = self.voice.label(self.rulebook.dimensions[name].label)
        for side in self.sides:
            score = side.report["score"]["dimensions"][name]["score"]
            said = self.say("side.of", label=label, side=self.side(side.kind))
            yield Scored(side.kind, said, self.voice.figure(score), score)

    def _scoring(self, rule: Criterion) -> Scoring:
        found = [(side, side.criterion(rule.id)) for side in self.sides]
        marks = tuple(self.mark(side, rule) for side in self.sides)
        said = tuple(Said(self.side(side.kind), told["because"]) for side, told in found)
        label = self.voice.label(rule.label)
        value = self._value(rule)
        described = " ".join(one.because for one in said) or scale_text(self.wording, rule)
        told = self._told(f"criterion-{rule.id}", label, described)
        columns = (value, self.say("case.score"))
        rows = [*scale_rows(self.wording, rule), *((f"{mark.label} {mark.said}", _score(mark)) for mark in marks)]
        curve = Curve(
            told=_with(told, columns, rows),
            scale=rule.scale,
            value=value,
            marks=marks,
            limits=(self._line(),),
            choices=_choices(self.wording, rule),
        )
        weight = number_text(rule.weight)
        is_drawn = bool(marks) or not isinstance(rule.scale, Formula)
        drawn = charts.curve(curve) if is_drawn else Markup()
        return Scoring(rule.id, label, weight, drawn, _once(said), self.cited(rule.cite))

    def _line(self) -> Limit:
        below = self.rulebook.action_plan.below
        return Limit(self.say("chart.line", score=number_text(below)), below)

    def _value(self, rule: Criterion) -> str:
        """Name what a criterion measures, with its unit."""
        unit = rule.unit
        label = self.voice.label(rule.label)
        return label if unit in {"", "1"} else self.say("chart.value", label=label, unit=self.wording.unit(unit))

    def _told(self, name: str, title: str, description: str) -> Told:
        return Told(f"chart-{name}", title, description, self.say("chart.table"), (), ())


_TOTALS = ("total", "lowest", "highest", "known_only")


def _with(told: Told, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Told:
    return Told(told.id, told.title, told.description, told.table, columns, tuple(rows))


def _once(said: tuple[Said, ...]) -> tuple[Said, ...]:
    """Leave out what the second assessment says in the same words."""
    return said[:1] if len({one.because for one in said}) == 1 else said


def _score(mark: Mark) -> str:
    return "" if mark.score is None else number_text(mark.score)


def _total(card: Scorecard, side: Side) -> Total:
    score = side.report["score"]
    lowest, highest, total = score["lowest"], score["highest"], score["total"]
    text = card.voice.figure(total)
    if total is not None and lowest != highest:
        between = {"lowest": card.voice.figure(lowest), "highest": card.voice.figure(highest)}
        text = card.say("chart.between", total=text, **between)
    return Total(side.kind, card.side(side.kind), text, total, lowest, highest, score["known_only"])


def _figures(card: Scorecard, score: Mapping[str, Decimal | None]) -> Iterator[str]:
    return (card.voice.figure(score[name]) for name in _TOTALS)


def _limits(card: Scorecard, what: str) -> tuple[Limit, ...]:
    """Give the scores that the outcomes need, the best first."""
    marks = {outcome: getattr(card.rulebook.decision, outcome) for outcome in Outcome if outcome is not Outcome.REJECT}
    scores = {outcome: getattr(mark, what) for outcome, mark in marks.items()}
    return tuple(
        Limit(card.say("chart.limit", outcome=card.say(f"outcome_{outcome}"), score=number_text(score)), score)
        for outcome, score in scores.items()
    )


def _limit_rows(limits: Sequence[Limit], columns: int) -> list[tuple[str, ...]]:
    return [(limit.label, number_text(limit.score), *[""] * (columns - 2)) for limit in limits]


def _mark(card: Scorecard, side: Side, rule: Criterion, told: Any) -> Mark:  # noqa: ANN401 - a member of the report
    label = card.side(side.kind)
    state = told["state"]
    if state == _UNKNOWN:
        least, most = extent(rule.scale)
        said = card.say("chart.unknown", least=score_text(least), most=score_text(most))
        return Mark(side.kind, label, said, between=(least, most))
    if state != _KNOWN:
        return Mark(side.kind, label, card.say("chart.not_applicable"))
    value, score = told["value"], told["score"]
    said = card.say("chart.scored", score=number_text(score))
    if value is not None:
        shown = card.wording.criterion_value(rule, value)
        said = card.say("chart.known", value=shown, score=number_text(score))
    return Mark(side.kind, label, said, value, score)


def _choices(wording: Wording, rule: Criterion) -> dict[str, str] | None:
    scores = getattr(rule.scale, "scores", None)
    return None if scores is None else {choice: wording.criterion_value(rule, choice) for choice in scores}
