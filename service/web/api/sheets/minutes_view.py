"""What minutes show as JSON."""

from marshmallow import fields

from service.core.cases.meetings import ItemState, MeetingState, RecusalKind
from service.core.cases.seats import Because, Choice
from service.web.api.sheets.scores_view import OUTCOMES
from service.web.views import Figure, MomentView, View

_CHOICE = {"enum": [choice.value for choice in Choice]}


class NamedView(View):
    """A person, and what they are called today."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class SeatTakenView(View):
    """A seat; `deputy` is null where the person sat themselves or nobody did."""

    person = fields.Nested(NamedView, required=True)
    deputy = fields.Nested(NamedView, required=True, allow_none=True)
    chair = fields.Boolean(required=True)
    voting = fields.Boolean(required=True)
    present = fields.Boolean(required=True, allow_none=True)


class AttendanceView(View):
    """Who was there and who was not."""

    present = fields.List(fields.Nested(SeatTakenView), required=True)
    absent = fields.List(fields.Nested(SeatTakenView), required=True)


class SaidView(View):
    """What a department said; `stance` is null while it is only asked."""

    department = fields.String(required=True)
    stance = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    conditions = fields.List(fields.String(), required=True)
    due_on = fields.Date(required=True, allow_none=True)
    given_on = fields.Date(required=True, allow_none=True)
    given_by = fields.Nested(NamedView, required=True, allow_none=True)
    late = fields.Boolean(required=True)


class SteppedView(View):
    """A seat that has no part in an item."""

    person = fields.Nested(NamedView, required=True)
    deputy = fields.Nested(NamedView, required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in RecusalKind]})
    reason = fields.String(required=True, allow_none=True)


class CountedBallotView(View):
    """The vote of a seat; one of a recused seat does not count."""

    person = fields.Nested(NamedView, required=True)
    cast_by = fields.Nested(NamedView, required=True)
    choice = fields.String(required=True, metadata=_CHOICE)
    reason = fields.String(required=True, allow_none=True)
    counts = fields.Boolean(required=True)


class StandingView(View):
    """How an assessment stood when the case was tabled."""

    outcome = fields.String(required=True, metadata=OUTCOMES)
    total = Figure(required=True, allow_none=True)


class RuleView(View):
    """A rule of the bylaws that decided."""

    name = fields.String(required=True)
    text = fields.String(required=True)


class DecidedConditionView(View):
    """A condition of a decision."""

    text = fields.String(required=True)
    metric = fields.String(required=True, allow_none=True)
    target = fields.String(required=True, allow_none=True)
    due = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    owner = fields.String(required=True)
    evidence = fields.String(required=True)
    plan = fields.String(required=True, allow_none=True)


class ResolvedView(View):
    """What was decided, from which votes."""

    outcome = fields.String(required=True, metadata=OUTCOMES)
    assessed = fields.String(required=True, metadata=OUTCOMES)
    override = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    tally = fields.Dict(
        required=True,
        metadata={
            "required": ["because"],
            "properties": {"because": {"enum": [because.value for because in Because]}},
            "description": "Every figure of the count.",
        },
    )
    conditions = fields.List(fields.Nested(DecidedConditionView), required=True)
    dissent = fields.List(fields.Nested(CountedBallotView), required=True)
    decided_by = fields.Nested(NamedView, required=True)
    decided_at = MomentView(required=True)


class WaivedGateView(View):
    """A gate that was waived when the case was tabled."""

    id = fields.String(required=True)
    label = fields.String(required=True)


class ItemMinutesView(View):
    """One item. `ballots` and `decision` are null until it is decided."""

    n = fields.Integer(attribute="of.n", required=True)
    application_id = fields.UUID(attribute="of.application_id", required=True)
    number = fields.String(attribute="of.number", required=True)
    applicant_name = fields.String(attribute="of.applicant", required=True)
    project_name = fields.String(attribute="of.project", required=True)
    of_version = fields.Integer(attribute="of.of_version", required=True)
    state = fields.String(attribute="of.state", required=True, metadata={"enum": [state.value for state in ItemState]})
    rulebook_sha256 = fields.String(attribute="of.rulebook_sha256", required=True)
    declared = fields.Nested(StandingView, attribute="of.declared", required=True)
    verified = fields.Nested(StandingView, attribute="of.verified", required=True)
    waived = fields.List(fields.Nested(WaivedGateView), required=True)
    opinions = fields.List(fields.Nested(SaidView), attribute="of.opinions", required=True)
    recusals = fields.List(fields.Nested(SteppedView), attribute="of.recusals", required=True)
    ballots = fields.List(fields.Nested(CountedBallotView), attribute="of.ballots", required=True, allow_none=True)
    rules = fields.List(fields.Nested(RuleView), required=True)
    decision = fields.Nested(ResolvedView, attribute="of.decision", required=True, allow_none=True)
    carried_because = fields.String(attribute="of.carried_because", required=True, allow_none=True)


class PinpointView(View):
    """Where the ledger stood: how many entries, and the first 16 characters of the root over them."""

    size = fields.Integer(required=True)
    root = fields.String(required=True)


class MinutesMeetingView(View):
    """The meeting."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    held_at = MomentView(required=True)
    place = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [MeetingState.OPEN.value, MeetingState.CLOSED.value]})
    rulebook_sha256 = fields.String(required=True, allow_none=True)
    called_at = MomentView(required=True)
    opened_at = MomentView(required=True, allow_none=True)
    closed_at = MomentView(required=True, allow_none=True)


class MinutesView(View):
    """What a meeting did, as far as it is for your eyes; a draft while it is open."""

    meeting = fields.Nested(MinutesMeetingView, attribute="of.meeting", required=True)
    draft = fields.Boolean(attribute="of.is_draft", required=True)
    called_by = fields.Nested(NamedView, attribute="of.called_by", required=True)
    seats = fields.Nested(AttendanceView, attribute="of.seats", required=True)
    items = fields.List(fields.Nested(ItemMinutesView), required=True)
    checkpoint = fields.Nested(
        PinpointView,
        attribute="of.checkpoint",
        required=True,
        allow_none=True,
        metadata={"description": "The first signed state of the ledger that holds the meeting's latest entry."},
    )
