"""Two or three cases side by side, rule by rule: what is alike, what differs, and who stands highest and lowest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar

from service.core.rules.model import Criterion, Gate, Outcome
from service.web.ui.charts import Kind
from service.web.ui.scorecard import Scorecard, Side

_Rule = TypeVar("_Rule", Criterion, Gate)
# A figure that is compared: None for what is not known or does not apply. More is better.
_Figure: TypeAlias = Decimal | int | None

_OUTCOMES: Final = tuple(Outcome)


class Place(StrEnum):
    """Where a figure stands among those of the other cases."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    BETWEEN = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What one assessment says of one case; ``side`` is empty where both say the same."""

    side: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is compared: what each case has, and whether all are alike."""

    label: str
    cells: tuple[tuple[Said, ...], ...]
    alike: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that stand together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    figure: _Figure


def compared(cards: Sequence[Scorecard]) -> list[Table]:
    """Compare cases that may be of different editions; a rule that an edition has not is told as such."""
    first = cards[0]
    dimensions = {name: card.voice.label(one.label) for card in cards for name, one in card.rulebook.dimensions.items()}
    groups = ((label, tuple(_criteria(cards, name))) for name, label in dimensions.items())
    return [
        Table(first.say("case.results"), (*_results(cards), *_dimensions(cards, dimensions))),
        *(Table(first.say("room.criteria", dimension=label), rows) for label, rows in groups if rows),
        Table(first.say("case.gates"), tuple(_gates(cards))),
    ]


def _results(cards: Sequence[Scorecard]) -> Iterator[Row]:
    yield _row(cards, cards[0].say("column_outcome"), _outcome)
    yield _row(cards, cards[0].say("total"), lambda card, side: _score(card, side.report["score"]["total"]))
    yield _row(cards, cards[0].say("case.completeness"), _completeness)


def _dimensions(cards: Sequence[Scorecard], labels: dict[str, str]) -> Iterator[Row]:
    for name, label in labels.items():
        yield _row(cards, label, partial(_dimension, name=name))


def _criteria(cards: Sequence[Scorecard], dimension: str) -> Iterator[Row]:
    rules = {rule.id: (card, rule) for card in reversed(cards) for rule in card.rulebook.criteria}
    ordered = dict.fromkeys(rule.id for card in cards for rule in card.rulebook.criteria)
    for name in ordered:
        card, rule = rules[name]
        if rule.dimension == dimension:
            yield _row(cards, card.voice.label(rule.label), partial(_criterion, name=name))


def _gates(cards: Sequence[Scorecard]) -> Iterator[Row]:
    """Give the gates that are not passed, or are waived, in one of the cases."""
    labels = {rule.id: card.voice.label(rule.label) for card in reversed(cards) for rule in card.rulebook.gates}
    for name in dict.fromkeys(rule.id for card in cards for rule in card.rulebook.gates):
        found = [_gate_of(side, name) for card in cards for side in card.sides]
        if any(one is not None and (one["state"] in {"fail", "unknown"} or one.get("waived")) for one in found):
            yield _row(cards, labels[name], partial(_gate, name=name))


def _outcome(card: Scorecard, side: Side) -> _Told:
    outcome = Outcome(side.report["outcome"])
    return _Told(card.say(f"outcome_{outcome}"), -_OUTCOMES.index(outcome))


def _completeness(card: Scorecard, side: Side) -> _Told:
    figure = side.report["score"]["completeness"]
    return _Told(card.voice.plain(figure) + "%", figure)


def _dimension(card: Scorecard, side: Side, name: str) -> _Told:
    if name not in card.rulebook.dimensions:
        return _not_there(card)
    return _score(card, side.report["score"]["dimensions"][name]["score"])


def _score(card: Scorecard, score: Decimal | None) -> _Told:
    return _Told(card.voice.figure(score), score)


def _criterion(card: Scorecard, side: Side, name: str) -> _Told:
    rule = _rule(card.rulebook.criteria, name)
    if rule is None:
        return _not_there(card)
    mark = card.mark(side, rule)
    return _Told(mark.said, mark.score)


def _gate(card: Scorecard, side: Side, name: str) -> _Told:
    told = _gate_of(side, name)
    if told is None:
        return _not_there(card)
    said = card.say(f"gate.{told['state']}")
    return _Told(card.voice.joined([said, card.say("gate.waived")]) if told.get("waived") else said, None)


def _gate_of(side: Side, name: str) -> Any:  # noqa: ANN401 - a member of the report
    return next((one for one in side.report["gates"] if one["id"] == name), None)


def _rule(rules: Sequence[_Rule], name: str) -> _Rule | None:
    return next((rule for rule in rules if rule.id == name), None)


def _not_there(card: Scorecard) -> _Told:
    return _Told(card.say("room.not_in_edition"), None)


def _row(cards: Sequence[Scorecard], label: str, tell: Callable[[Scorecard, Side], _Told]) -> Row:
    told = [[tell(card, side) for side in card.sides] for card in cards]
    by_side = [list(of_side) for of_side in zip(*told, strict=True)]
    places = [_places([one.figure for one in of_side]) for of_side in by_side]
    cells = tuple(_cell(card, told[at], [of_side[at] for of_side in places]) for at, card in enumerate(cards))
    return Row(label, cells, all(len({one.text for one in of_side}) == 1 for of_side in by_side))


def _cell(card: Scorecard, told: Sequence[_Told], places: Sequence[Place]) -> tuple[Said, ...]:
    """Say what is declared and what is verified, in one line where both are the same and stand alike."""
    if len({(one.text, place) for one, place in zip(told, places, strict=True)}) == 1:
        return (Said("", told[0].text, places[0]),)
    named = (card.side(kind) for kind in (Kind.DECLARED, Kind.VERIFIED))
    return tuple(Said(side, one.text, place) for side, one, place in zip(named, told, places, strict=True))


def _places(figures: Sequence[_Figure]) -> list[Place]:
    """Mark the highest and the lowest of the figures that are known, unless all of them are alike."""
    known = {figure for figure in figures if figure is not None}
    if len(known) < 2:  # noqa: PLR2004 - one figure is not compared with itself
        return [Place.BETWEEN] * len(figures)
    ends = {max(known): Place.HIGHEST, min(known): Place.LOWEST}
    return [Place.BETWEEN if figure is None else ends.get(figure, Place.BETWEEN) for figure in figures]
