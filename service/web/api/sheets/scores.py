"""The scores sheet of a meeting in one language: what it tells of every case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from service.actions.meetings.scores import ScoreLine, Sheet
from service.core.cases.ranking import TOTAL, Margin, Stances, Summary
from service.core.cases.reported import Reported, ReportedGate
from service.core.portfolio import Portfolio
from service.core.rules.model import Rulebook
from service.db.meetings import MeetingRow
from service.web.api.sheets.saying import Saying, category_label


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension and its score; None where nothing in it applies."""

    id: str
    label: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """One of the two assessments of a case."""

    outcome: str
    total: Decimal | None
    completeness: Decimal
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class OpenGate:
    """A gate that is not passed."""

    id: str
    label: str
    level: str
    state: str
    waived: bool


@dataclass(frozen=True, slots=True)
class Away:
    """How far a figure is from where the score would give another outcome."""

    outcome: str
    by: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Missed:
    """An unknown fact and the weight that hangs on it."""

    fact: str
    label: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Category:
    """The depth of review."""

    id: str | None
    label: str | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A case in its rank."""

    rank: int
    n: int
    application_id: UUID
    number: str
    applicant_name: str
    project_name: str
    of_version: int
    state: str
    rulebook_sha256: str
    category: Category
    declared: Assessed
    verified: Assessed
    score_outcome: str
    causes: tuple[str, ...]
    gates: tuple[OpenGate, ...]
    to_better: Away | None
    to_worse: Away | None
    unknown_facts: tuple[Missed, ...]
    opinions: Stances


@dataclass(frozen=True, slots=True)
class ToldSheet:
    """A scores sheet with its labels, in the language of ``saying``."""

    saying: Saying
    meeting: MeetingRow
    on: date
    items: tuple[ToldLine, ...]
    summary: Summary
    portfolio: Portfolio | None
    dimensions: Mapping[str, str]


def told(sheet: Sheet, saying: Saying) -> ToldSheet:
    """Tell a sheet in one language."""
    lines = tuple(_line(line, saying) for line in sheet.lines)
    dimensions = {one.id: one.label for line in lines for one in line.verified.dimensions}
    return ToldSheet(saying, sheet.meeting, sheet.on, lines, sheet.summary, sheet.portfolio, dimensions)


def _line(found: ScoreLine, saying: Saying) -> ToldLine:
    line, rulebook = found.line, found.rulebook
    declared, verified = line.of.declared, line.of.verified
    labels = {fact.id: saying.label(fact.label) for fact in rulebook.facts.values()}
    return ToldLine(
        rank=line.rank,
        n=found.item.n,
        application_id=found.case.id,
        number=found.case.number,
        applicant_name=found.case.applicant_name,
        project_name=found.case.project_name,
        of_version=found.item.of_version,
        state=found.item.state,
        rulebook_sha256=found.item.rulebook_sha256,
        category=_category(rulebook, verified, saying),
        declared=_assessed(rulebook, declared, saying),
        verified=_assessed(rulebook, verified, saying),
        score_outcome=verified.score_outcome.value,
        causes=verified.causes,
        gates=tuple(_gate(rulebook, gate, saying) for gate in line.open_gates),
        to_better=_away(rulebook, line.to_better, saying),
        to_worse=_away(rulebook, line.to_worse, saying),
        unknown_facts=tuple(Missed(one.fact, labels[one.fact], one.weight) for one in line.most_missed),
        opinions=line.of.stances,
    )


def _category(rulebook: Rulebook, found: Reported, saying: Saying) -> Category:
    return Category(found.category, category_label(rulebook, found.category, saying), found.is_provisional)


def _assessed(rulebook: Rulebook, found: Reported, saying: Saying) -> Assessed:
    dimensions = tuple(
        Dimension(name, saying.label(rulebook.dimensions[name].label), score)
        for name, score in found.dimensions.items()
    )
    return Assessed(found.outcome.value, found.total, found.completeness, dimensions)


def _gate(rulebook: Rulebook, found: ReportedGate, saying: Saying) -> OpenGate:
    label = next(saying.label(gate.label) for gate in rulebook.gates if gate.id == found.id)
    return OpenGate(found.id, label, found.level.value, found.state.value, found.waived)


def _away(rulebook: Rulebook, found: Margin | None, saying: Saying) -> Away | None:
    if found is None:
        return None
    is_total = found.by == TOTAL
    label = saying.words["total"] if is_total else saying.label(rulebook.dimensions[found.by].label)
    return Away(found.outcome.value, found.by, label, found.points)
