"""The versions of a case in words: what each came to, and what is different from the one it follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast
from uuid import UUID

from service.actions import applications, rulebooks
from service.actions.applications import Version
from service.core.cases.differences import Change, Differences
from service.core.rules.model import Fact, Rulebook
from service.core.rules.wording import Wording
from service.core.values import Json, number_text
from service.web.api.sheets.saying import category_label
from service.web.ui.voice import Voice
from service.words import together
from service.work import Work

_OUTCOMES: Final = frozenset({"/outcome", "/best_possible", "/worst_possible", "/score/outcome"})
_DIMENSIONS: Final = "/score/dimensions/"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is different: what, how it was, how it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A kind of differences, under its title."""

    title: str
    items: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A version: who handed it in and what it came to, and what is different in it; None for a first one."""

    version: Version
    category: str
    compared: tuple[Compared, ...] | None


def told(work: Work, case_id: UUID, voice: Voice) -> list[Told]:
    """Tell the versions of a case, the last one first."""
    return [_told(work, case_id, one, voice) for one in reversed(applications.versions(work, case_id))]


def _told(work: Work, case_id: UUID, one: Version, voice: Voice) -> Told:
    rulebook = rulebooks.edition(work, one.row.rulebook_sha256).rulebook
    category = voice.text(category_label(rulebook, one.assessment.category, voice))
    if one.row.follows is None:
        return Told(one, category, None)
    found = applications.differences(work, case_id, one.row.n).found
    words = together("assessment", "explanations")[voice.language]
    return Told(one, category, tuple(_compared(_Pen(Wording(rulebook, words, voice.language), voice), found)))


@dataclass(frozen=True, slots=True)
class _Pen:
    """What differences are written with."""

    wording: Wording
    voice: Voice

    @property
    def rulebook(self) -> Rulebook:
        return self.wording.rulebook

    def nothing(self) -> str:
        return self.voice.say("none")

    def fact(self, fact: Fact | None, value: Json) -> str:
        """Say the value of a fact or of a field of one."""
        if value is None:
            return self.nothing()
        if isinstance(value, dict):
            return self.wording.words["comma"].join(_fields(self, fact, value))
        if isinstance(value, list):
            return self.wording.say("value_records", count=str(len(value)))
        if fact is not None and isinstance(value, str) and value in fact.choices:
            return self.wording.label(fact.choices[value])
        return self.wording.measured(value, "" if fact is None else fact.unit)


def _compared(pen: _Pen, found: Differences) -> Iterator[Compared]:
    parts = {
        "results": [_result(pen, change) for change in found.results],
        "facts": [_fact(pen, change) for change in found.facts],
        "gates": [_gate(pen, change) for change in found.gates],
        "criteria": [_criterion(pen, change) for change in found.criteria],
    }
    for name, items in parts.items():
        if items:
            yield Compared(pen.voice.say(f"changes.{name}"), tuple(items))


def _fact(pen: _Pen, change: Change) -> Difference:
    """Say a fact, or of a list the record and the field."""
    name, *way = (part.replace("~1", "/").replace("~0", "~") for part in change.at.split("/")[1:])
    fact = pen.rulebook.facts.get(name)
    label = name if fact is None else pen.wording.label(fact.label)
    held = fact
    if way:
        label = pen.voice.say("changes.record", label=label, n=int(way[0]) + 1)
    if fact is not None and len(way) > 1:
        held = next((field for field in fact.of if field.id == way[1]), None)
        label = pen.voice.say("side.of", label=label, side=way[1] if held is None else pen.wording.label(held.label))
    return Difference(label, pen.fact(held, change.before), pen.fact(held, change.after))


def _fields(pen: _Pen, fact: Fact | None, record: Mapping[str, Json]) -> Iterator[str]:
    fields = {} if fact is None else {field.id: field for field in fact.of}
    for name, value in record.items():
        field = fields.get(name)
        label = name if field is None else pen.wording.label(field.label)
        yield pen.wording.say("basis", name=label, value=pen.fact(field, value))


def _result(pen: _Pen, change: Change) -> Difference:
    if change.at.startswith(_DIMENSIONS):
        name = change.at.removeprefix(_DIMENSIONS).partition("/")[0]
        dimension = pen.rulebook.dimensions.get(name)
        label = name if dimension is None else pen.wording.label(dimension.label)
    else:
        label = pen.voice.known(f"result.{change.at}", change.at)
    return Difference(label, _resulted(pen, change.at, change.before), _resulted(pen, change.at, change.after))


def _resulted(pen: _Pen, at: str, value: Json) -> str:
    if value is None:
        return pen.nothing()
    if at in _OUTCOMES:
        return pen.voice.say(f"outcome_{value}")
    if at == "/category/id":
        return pen.voice.text(category_label(pen.rulebook, str(value), pen.voice))
    if at == "/rulebook/sha256":
        return str(value)[:12]
    return pen.wording.measured(cast("bool | Decimal | str", value), "")


def _gate(pen: _Pen, change: Change) -> Difference:
    label = next((pen.wording.label(gate.label) for gate in pen.rulebook.gates if gate.id == change.at), change.at)
    return Difference(label, _gate_state(pen, change.before), _gate_state(pen, change.after))


def _gate_state(pen: _Pen, told: Json) -> str:
    if not isinstance(told, dict):
        return pen.nothing()
    said = pen.voice.say(f"gate.{told['state']}")
    return pen.voice.joined([said, pen.voice.say("gate.waived")]) if told.get("waived") else said


def _criterion(pen: _Pen, change: Change) -> Difference:
    rules = {rule.id: pen.wording.label(rule.label) for rule in pen.rulebook.criteria}
    label = rules.get(change.at, change.at)
    return Difference(label, _criterion_state(pen, change.before), _criterion_state(pen, change.after))


def _criterion_state(pen: _Pen, told: Json) -> str:
    if not isinstance(told, dict):
        return pen.nothing()
    if told["state"] != "known":
        return pen.voice.say(f"criterion.{told['state']}")
    return pen.voice.say("chart.scored", score=number_text(cast("Decimal", told["score"])))
