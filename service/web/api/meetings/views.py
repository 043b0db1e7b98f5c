"""What goes out about meetings."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields

from service.actions.meetings import OnTable
from service.core.cases.meetings import ItemState, MeetingState, RecusalKind
from service.core.cases.seats import Choice
from service.core.rules.model import Outcome
from service.web.headers import tag
from service.web.routes import PREFIX
from service.web.views import Figure, MomentView, Shape, Shown, Stored, View, json_text

ALL: Final = "/meetings"

_OUTCOME: Final[dict[str, Any]] = {"enum": [outcome.value for outcome in Outcome]}
_CHOICE: Final[dict[str, Any]] = {"enum": [*(choice.value for choice in Choice), None]}


def _said(text: str, **more: object) -> dict[str, Any]:
    return {"description": text, **more}


class SeatView(View):
    """A seat."""

    person = fields.UUID(attribute="person_id", required=True)
    held_by = fields.UUID(required=True, metadata=_said("Who sits on it: the person, or a deputy."))
    chair = fields.Boolean(required=True)
    voting = fields.Boolean(required=True)
    present = fields.Boolean(required=True, allow_none=True, metadata=_said("Null until the meeting is opened."))


class MeetingSummaryView(View):
    """A meeting without its seats."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    held_at = MomentView(required=True)
    place = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in MeetingState]})
    called_by = fields.UUID(required=True)
    called_at = MomentView(required=True)
    opened_at = MomentView(required=True, allow_none=True)
    closed_at = MomentView(required=True, allow_none=True)
    rulebook_sha256 = fields.String(
        required=True, allow_none=True, metadata=_said("The edition whose bylaws hold, from the opening on.")
    )
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))


class MeetingView(View):
    """A meeting with its seats."""

    id = fields.UUID(required=True)
    title = fields.String(attribute="row.title", required=True)
    held_at = MomentView(attribute="row.held_at", required=True)
    place = fields.String(attribute="row.place", required=True, allow_none=True)
    state = fields.String(attribute="row.state", required=True, metadata={"enum": [one.value for one in MeetingState]})
    called_by = fields.UUID(attribute="row.called_by", required=True)
    called_at = MomentView(attribute="row.called_at", required=True)
    opened_at = MomentView(attribute="row.opened_at", required=True, allow_none=True)
    closed_at = MomentView(attribute="row.closed_at", required=True, allow_none=True)
    rulebook_sha256 = fields.String(
        attribute="row.rulebook_sha256",
        required=True,
        allow_none=True,
        metadata=_said("The edition whose bylaws hold, from the opening on."),
    )
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))
    seats = fields.List(fields.Nested(SeatView), required=True)


class DecisionView(View):
    """What was decided on an item."""

    application_id = fields.UUID(required=True)
    n = fields.Integer(required=True, metadata=_said("The version it is about."))
    meeting_id = fields.UUID(required=True)
    item = fields.Integer(required=True)
    outcome = fields.String(required=True, metadata=_OUTCOME)
    assessed = fields.String(required=True, metadata=_OUTCOME)
    override = fields.Boolean(required=True, metadata=_said("Whether it is better than what was assessed."))
    reason = fields.String(required=True, allow_none=True)
    tally = Stored(required=True, metadata=_said("Every figure of the count."))
    conditions = Stored(required=True, metadata=_said("The conditions.", type="array", items={"type": "object"}))
    dissent = Stored(
        required=True, metadata=_said("Who voted for another outcome, and why.", type="array", items={"type": "object"})
    )
    decided_by = fields.UUID(required=True)
    decided_at = MomentView(required=True)


class ItemView(View):
    """An item of a meeting."""

    meeting_id = fields.UUID(attribute="item.meeting_id", required=True)
    n = fields.Integer(attribute="item.n", required=True, metadata=_said("Its number at the meeting, from 1."))
    state = fields.String(attribute="item.state", required=True, metadata={"enum": [one.value for one in ItemState]})
    application_id = fields.UUID(attribute="case.id", required=True)
    number = fields.String(attribute="case.number", required=True)
    applicant_name = fields.String(attribute="case.applicant_name", required=True)
    project_name = fields.String(attribute="case.project_name", required=True)
    of_version = fields.Integer(attribute="item.of_version", required=True)
    rulebook_sha256 = fields.String(attribute="item.rulebook_sha256", required=True)
    waived = Stored(
        attribute="item.waived",
        required=True,
        metadata=_said("Gates that were waived when it was tabled.", type="array", items={"type": "string"}),
    )
    declared_outcome = fields.String(attribute="item.declared_outcome", required=True, metadata=_OUTCOME)
    declared_total = Figure(attribute="item.declared_total", required=True, allow_none=True)
    verified_outcome = fields.String(attribute="item.verified_outcome", required=True, metadata=_OUTCOME)
    verified_total = Figure(attribute="item.verified_total", required=True, allow_none=True)
    tabled_by = fields.UUID(attribute="item.tabled_by", required=True)
    tabled_at = MomentView(attribute="item.tabled_at", required=True)
    version = fields.Integer(attribute="item.version", required=True, metadata=_said("Counts changes; the ETag."))
    decision = fields.Nested(DecisionView, required=True, allow_none=True)


class RecusalView(View):
    """Somebody who has no part in an item."""

    person = fields.UUID(attribute="person_id", required=True)
    held_by = fields.UUID(required=True, metadata=_said("Who sat on the seat then."))
    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in RecusalKind]})
    reason = fields.String(
        required=True, allow_none=True, metadata=_said("Of one that was found: same_submitter, same_firm, …")
    )
    at = MomentView(required=True)


class VoteView(View):
    """A vote as it stands."""

    person = fields.UUID(attribute="person_id", required=True)
    choice = fields.String(required=True, metadata={"enum": [choice.value for choice in Choice]})
    reason = fields.String(required=True, allow_none=True)
    cast_by = fields.UUID(required=True)
    cast_at = MomentView(required=True)


class BallotView(View):
    """The vote of a seat; nobody but whoever cast it sees how it voted before the item is decided."""

    person = fields.UUID(attribute="seat.person_id", required=True)
    held_by = fields.UUID(attribute="seat.held_by", required=True)
    recused = fields.Boolean(required=True)
    voted = fields.Boolean(required=True)
    choice = fields.String(attribute="vote.choice", dump_default=None, required=True, allow_none=True, metadata=_CHOICE)
    reason = fields.String(attribute="vote.reason", dump_default=None, required=True, allow_none=True)
    cast_at = MomentView(attribute="vote.cast_at", dump_default=None, required=True, allow_none=True)


@dataclass(frozen=True, slots=True)
class PinnedAssessment:
    """One of the assessments that an item was tabled with."""

    kind: str
    outcome: str
    total: Decimal | None
    report: str


class PinnedAssessmentView(View):
    """An assessment as it was pinned when the case was tabled."""

    kind = fields.String(required=True, metadata={"enum": ["declared", "verified"]})
    outcome = fields.String(required=True, metadata=_OUTCOME)
    total = Figure(required=True, allow_none=True)
    report = Stored(required=True)


def pinned_assessments(on: OnTable, spoken: str) -> tuple[PinnedAssessment, ...]:
    """Give both assessments of an item with their reports in one language."""
    item = on.item
    reports = {"zh": (item.declared_zh, item.verified_zh), "en": (item.declared_en, item.verified_en)}[spoken]
    return (
        PinnedAssessment("declared", item.declared_outcome, item.declared_total, reports[0]),
        PinnedAssessment("verified", item.verified_outcome, item.verified_total, reports[1]),
    )


@dataclass(frozen=True, slots=True)
class ItemShown:
    """Renders an item: its tag, and its address if it is new."""

    headers: tuple[str, ...] = ("ETag", "Location")

    @property
    def shape(self) -> Shape:
        """The schema of an item."""
        return ItemView

    def __call__(self, value: OnTable, spoken: str) -> Shown:
        """Render an item; the language changes nothing."""
        del spoken
        address = f"{PREFIX}{ALL}/{value.meeting.id}/items/{value.item.n}"
        shown = json_text(ItemView().dump(value))
        return Shown(shown.encode(), {"ETag": tag(value.item.version), "Location": address})
