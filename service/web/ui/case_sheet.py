"""What the page of a case shows of it: the clock, the latest assessment in words, and the timeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.actions import applications, rulebooks
from service.actions.applications import Entry
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock
from service.core.rules.model import Rulebook
from service.core.values import read_json
from service.db.applications import ApplicationRow, AssessmentRow
from service.web.api.sheets.saying import category_label
from service.web.ui.voice import Voice
from service.work import Work

# The order gates are read in: what decides first.
_STATES = ("fail", "unknown", "pass", "not_applicable")


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as the report tells it."""

    state: str
    waived: bool
    because: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension with its score, as text."""

    label: str
    score: str
    weight: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """The latest assessment, in words."""

    row: AssessmentRow
    edition: str
    category: str | None
    reasons: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    entry: Entry
    label: str
    reason: str | None


def sheet(work: Work, row: ApplicationRow, voice: Voice) -> Mapping[str, object]:
    """Give all that the page shows beside the case itself."""
    assessments = applications.assessments(work, row.id)
    return {
        "clock": _clock(work, row),
        "assessed": _assessed(work, assessments[-1], voice) if assessments else None,
        "happened": [_happened(entry, voice) for entry in reversed(applications.timeline(work, row.id))],
    }


def _clock(work: Work, row: ApplicationRow) -> Clock | None:
    try:
        return applications.clock(work, row.id)
    except NoCalendarError:
        return None


def _assessed(work: Work, row: AssessmentRow, voice: Voice) -> Assessed:
    rulebook = rulebooks.edition(work, row.rulebook_sha256).rulebook
    report: Any = read_json({"zh": row.report_zh, "en": row.report_en}[voice.language].encode())
    gates = sorted(report["gates"], key=lambda gate: _STATES.index(gate["state"]))
    return Assessed(
        row,
        voice.say("edition", title=voice.label(rulebook.title), edition=rulebook.edition),
        category_label(rulebook, row.category, voice),
        tuple(reason["because"] for reason in report["reasons"]),
        tuple(_dimensions(rulebook, report["score"]["dimensions"], voice)),
        tuple(Gate(gate["state"], gate.get("waived", False), gate["because"]) for gate in gates),
    )


def _dimensions(rulebook: Rulebook, told: Mapping[str, Any], voice: Voice) -> Iterator[Dimension]:
    for name, dimension in rulebook.dimensions.items():
        found = told[name]
        yield Dimension(voice.label(dimension.label), voice.figure(found["score"]), voice.plain(found["weight"]))


def _happened(entry: Entry, voice: Voice) -> Happened:
    reason = entry.data.get("reason")
    return Happened(entry, voice.known(entry.type, entry.type), reason if isinstance(reason, str) else None)
