"""What goes out about applications."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, cast

from marshmallow import fields

from service.actions.applications import Case
from service.actions.evidence import Verified
from service.core.cases.clock import ClockState
from service.core.cases.states import MOVES, State
from service.core.rules.model import Outcome
from service.core.values import Json, write_json
from service.db.applications import AssessmentRow
from service.web import shapes
from service.web.api.applications.backings import backed
from service.web.headers import tag
from service.web.views import Figure, MomentView, Shape, Shown, Stored, View

_OUTCOME: Final[dict[str, Any]] = {"enum": [*(outcome.value for outcome in Outcome), None]}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a timeline, with its words."""

    rev: int
    type: str
    label: str
    at: datetime
    actor: Mapping[str, str]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment of one version, with its report in one language."""

    row: AssessmentRow
    report: str


class ApplicationSummaryView(View):
    """An application without its facts, and what whoever asks may do with it."""

    def get_attribute(self, obj: Case, attr: str, default: object) -> object:
        """Take the moves from the case, all else from its row."""
        found: object = obj.moves if attr == "moves" else super().get_attribute(obj.row, attr, default)
        return found

    id = fields.UUID(required=True)
    number = fields.String(required=True, metadata={"description": "编号 · what people call it"})
    state = fields.String(required=True, metadata={"enum": [state.value for state in State]})
    moves = fields.List(
        fields.String(metadata={"enum": ["replace_facts", *MOVES]}),
        required=True,
        metadata={
            "description": "可办理的操作 · what you may do with it now: granted to you, from this state, on this case."
        },
    )
    applicant_name = fields.String(required=True)
    credit_code = fields.String(required=True)
    project_name = fields.String(required=True)
    project_code = fields.String(required=True, allow_none=True)
    industry = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True, metadata=_OUTCOME)
    category = fields.String(required=True, allow_none=True)
    total = Figure(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata={"description": "Counts changes; the ETag."})
    versions = fields.Integer(required=True, metadata={"description": "Counts submissions."})
    rulebook_sha256 = fields.String(required=True)
    submitted_by = fields.UUID(required=True)
    created_at = MomentView(required=True)
    updated_at = MomentView(required=True)
    submitted_at = MomentView(required=True, allow_none=True)


class ApplicationView(ApplicationSummaryView):
    """An application."""

    facts = Stored(required=True, metadata={"description": "Facts as they were given."})


class VersionAssessmentView(View):
    """The assessment of one submitted version."""

    n = fields.Integer(attribute="row.n", required=True, metadata={"description": "The version, counted from 1."})
    assessed_at = MomentView(attribute="row.assessed_at", required=True)
    outcome = fields.String(attribute="row.outcome", required=True)
    category = fields.String(attribute="row.category", required=True, allow_none=True)
    total = Figure(attribute="row.total", required=True, allow_none=True)
    completeness = Figure(attribute="row.completeness", required=True)
    rulebook_sha256 = fields.String(attribute="row.rulebook_sha256", required=True)
    facts_sha256 = fields.String(attribute="row.facts_sha256", required=True)
    report = Stored(required=True, metadata={"description": "The report as it was written then."})


class ClockView(View):
    """The clock of an application, in working days."""

    state = fields.Enum(
        ClockState,
        by_value=True,
        required=True,
        metadata={"description": "计时状态 · what the clock does"},
    )
    term = fields.Integer(required=True, metadata={"description": "办理时限 · working days a review may take"})
    used = fields.Integer(required=True, metadata={"description": "已用 · working days used by today"})
    started_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Null before the start, and while it stands still."}
    )
    overdue = fields.Boolean(required=True)


class TimelineEntryView(View):
    """One line of a timeline."""

    rev = fields.Integer(required=True, metadata={"description": "Counts the entries of this application from 1."})
    type = fields.String(required=True)
    label = fields.String(required=True)
    at = MomentView(required=True)
    actor = fields.Dict(required=True, keys=fields.String(), values=fields.String())
    data = fields.Dict(required=True)


@dataclass(frozen=True, slots=True)
class Report:
    """Renders the assessment that counts: the report's text, byte for byte as it was written when it was assessed.

    One by what is verified is written now, and says which facts do not count, and why.
    """

    headers: tuple[str, ...] = ("ETag", "Content-Language")

    @property
    def shape(self) -> Shape:
        """The schema of a report."""
        return shapes.ASSESSMENT

    def __call__(self, value: AssessmentRow | Verified, spoken: str) -> Shown:
        """Give the text in the language asked for."""
        if isinstance(value, Verified):
            return Shown(_verified(value, spoken).encode(), {"Content-Language": spoken})
        text = {"zh": value.report_zh, "en": value.report_en}[spoken]
        sha256 = {"zh": value.report_zh_sha256, "en": value.report_en_sha256}[spoken]
        return Shown(text.encode(), {"ETag": tag(sha256), "Content-Language": spoken})


def _verified(value: Verified, spoken: str) -> str:
    """Write the report, and after its members what was verified."""
    masked = [asdict(item) for item in backed(value.why, spoken) if not value.why[item.fact].counts]
    told = {"n": value.n, "on": value.on.isoformat(), "waived": sorted(value.waived), "masked": masked}
    said = write_json(cast("Json", told))
    return f'{value.report(spoken)[:-1]},"verified":{said}}}'


def report_of(row: AssessmentRow, spoken: str) -> Assessed:
    """Give an assessment with its report in one language."""
    return Assessed(row, {"zh": row.report_zh, "en": row.report_en}[spoken])
