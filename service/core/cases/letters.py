"""The letter that tells an applicant what was decided on their case, why, and what they can do.

It says nothing of votes, of departments' opinions or of who sat. The same decision gives the same letter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from service.core.rules.explaining.shapes import Explanation, Section
from service.core.rules.model import Outcome

# What may be asked to be decided again.
AGAINST: Final = frozenset({Outcome.DEFER, Outcome.REJECT})

# The parts of an explanation that are reasons, and the words for those that have another title here.
_REASONS: Mapping[str, str | None] = MappingProxyType(
    {
        "outcome": "part_assessed",
        "causes": "part_causes",
        "failed": None,
        "open": None,
        "waived": None,
        "missing": None,
        "scores": None,
        "weak": None,
        "unscored": None,
    }
)
_PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something to be done, in the language of the letter: by whom, by when, and what will show it.

    ``due`` names a moment and ``due_on`` a day; there is at least one of them.
    """

    text: str
    owner: str
    due: str | None
    due_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about a version of a case, and until when it may be asked to be decided again."""

    number: str
    applicant: str
    credit_code: str
    project: str
    of_version: int
    outcome: Outcome
    assessed: Outcome
    reason: str | None
    conditions: tuple[Condition, ...]
    decided_on: date
    reconsider_until: date | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences under a title; never none."""

    id: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language."""

    ruling: Ruling
    title: str
    salutation: str
    opening: str
    passages: tuple[Passage, ...]
    notice: str
    signed: str


@dataclass(frozen=True, slots=True)
class _Pen:
    """What a letter is written with: the words of the sections ``domain`` and ``letters`` in one language."""

    words: Mapping[str, str]

    def say(self, code: str, **figures: object) -> str:
        return self.words[code].format_map(figures)

    def outcome(self, outcome: Outcome) -> str:
        return self.words[f"outcome_{outcome}"]

    def day(self, day: date) -> str:
        return self.say("day", year=day.year, month=day.month, day=day.day)


def letter(ruling: Ruling, explanation: Explanation, words: Mapping[str, str]) -> Letter:
    """Write the letter about a ruling; ``explanation`` tells the applicant of the assessment it was made on."""
    pen = _Pen(words)
    opening = pen.say(
        "opening",
        project=ruling.project,
        number=ruling.number,
        n=ruling.of_version,
        day=pen.day(ruling.decided_on),
        outcome=pen.outcome(ruling.outcome),
    )
    return Letter(
        ruling=ruling,
        title=words["title"],
        salutation=pen.say("salutation", applicant=ruling.applicant),
        opening=opening,
        passages=tuple(passage for passage in _passages(pen, ruling, explanation) if passage.sentences),
        notice=words["notice"],
        signed=pen.say("signed", day=pen.day(ruling.decided_on)),
    )


def _passages(pen: _Pen, ruling: Ruling, explanation: Explanation) -> Iterator[Passage]:
    yield Passage("decision", pen.words["part_decision"], tuple(_decision(pen, ruling)))
    for section in explanation.sections:
        if section.id in _REASONS:
            yield _reason(pen, section)
    yield Passage("conditions", pen.words["part_conditions"], tuple(_conditions(pen, ruling, explanation)))
    yield Passage("reconsideration", pen.words["part_reconsideration"], tuple(_reconsideration(pen, ruling)))


def _decision(pen: _Pen, ruling: Ruling) -> Iterator[str]:
    """Say what the meeting made of the assessment, where that is not the same."""
    if ruling.outcome is not ruling.assessed:
        yield pen.say("differs", assessed=pen.outcome(ruling.assessed), outcome=pen.outcome(ruling.outcome))
    if ruling.reason is not None:
        yield pen.say("because", reason=ruling.reason)


def _reason(pen: _Pen, section: Section) -> Passage:
    code = _REASONS[section.id]
    title = section.title if code is None else pen.words[code]
    return Passage(section.id, title, tuple(saying.text for saying in section.sayings))


def _conditions(pen: _Pen, ruling: Ruling, explanation: Explanation) -> Iterator[str]:
    """Say the conditions of the decision, and what the rules ask of every project that may go on."""
    for condition in ruling.conditions:
        text = condition.text.rstrip(pen.words["stops"])
        dues = (condition.due, None if condition.due_on is None else pen.say("until", day=pen.day(condition.due_on)))
        due = pen.words["comma"].join(filter(None, dues))
        yield pen.say("condition", text=text, owner=condition.owner, due=due, evidence=condition.evidence)
    if ruling.outcome not in AGAINST:
        found = (section for section in explanation.sections if section.id == _PLAN)
        yield from (saying.text for section in found for saying in section.sayings)


def _reconsideration(pen: _Pen, ruling: Ruling) -> Iterator[str]:
    if ruling.reconsider_until is not None:
        until, outcome = pen.day(ruling.reconsider_until), pen.outcome(ruling.outcome)
        yield pen.say("reconsider", outcome=outcome, until=until, number=ruling.number)
