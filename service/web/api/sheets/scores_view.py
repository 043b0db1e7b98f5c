"""What a scores sheet shows as JSON."""

from marshmallow import fields

from service.core.cases.meetings import ItemState, MeetingState
from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome
from service.web.views import Figure, MomentView, View

OUTCOMES = {"enum": [outcome.value for outcome in Outcome]}


class MeetingHeadView(View):
    """Which meeting it is."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    held_at = MomentView(required=True)
    place = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in MeetingState]})


class DimensionScoreView(View):
    """A dimension and its score; null where nothing in it applies."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    score = Figure(required=True, allow_none=True)


class AssessedView(View):
    """One of the two assessments of a case."""

    outcome = fields.String(required=True, metadata=OUTCOMES)
    total = Figure(required=True, allow_none=True)
    completeness = Figure(required=True)
    dimensions = fields.List(fields.Nested(DimensionScoreView), required=True)


class OpenGateView(View):
    """A gate that is not passed, waived or not."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    level = fields.String(required=True, metadata={"enum": [level.value for level in Level]})
    state = fields.String(required=True, metadata={"enum": [GateState.FAIL.value, GateState.UNKNOWN.value]})
    waived = fields.Boolean(required=True)


class AwayView(View):
    """How many points a figure (`total` or a dimension) is from where the score would give another outcome."""

    outcome = fields.String(required=True, metadata=OUTCOMES)
    by = fields.String(required=True)
    label = fields.String(required=True)
    points = Figure(required=True)


class MissedView(View):
    """An unknown fact and the weight that hangs on it."""

    fact = fields.String(required=True)
    label = fields.String(required=True)
    weight = Figure(required=True)


class CategoryView(View):
    """The depth of review."""

    id = fields.String(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    provisional = fields.Boolean(required=True)


class StancesView(View):
    """How many departments say what; `awaited` were asked and are silent, `late` are or were after their day."""

    support = fields.Integer(required=True)
    with_conditions = fields.Integer(required=True)
    oppose = fields.Integer(required=True)
    awaited = fields.Integer(required=True)
    late = fields.Integer(required=True)


class ScoreLineView(View):
    """A case in its rank, as it was tabled."""

    rank = fields.Integer(required=True)
    n = fields.Integer(required=True, metadata={"description": "The number of the item."})
    application_id = fields.UUID(required=True)
    number = fields.String(required=True)
    applicant_name = fields.String(required=True)
    project_name = fields.String(required=True)
    of_version = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in ItemState]})
    rulebook_sha256 = fields.String(required=True)
    category = fields.Nested(CategoryView, required=True)
    declared = fields.Nested(AssessedView, required=True)
    verified = fields.Nested(AssessedView, required=True)
    score_outcome = fields.String(
        required=True, metadata={**OUTCOMES, "description": "What the verified score alone would give."}
    )
    causes = fields.List(
        fields.String(), required=True, metadata={"description": "What makes the verified outcome worse than approve."}
    )
    gates = fields.List(fields.Nested(OpenGateView), required=True)
    to_better = fields.Nested(
        AwayView, required=True, allow_none=True, metadata={"description": "What lacks most for the next better one."}
    )
    to_worse = fields.Nested(
        AwayView, required=True, allow_none=True, metadata={"description": "What has least to spare before the worse."}
    )
    unknown_facts = fields.List(
        fields.Nested(MissedView), required=True, metadata={"description": "The unknown facts that weigh most."}
    )
    opinions = fields.Nested(StancesView, required=True)


class SummaryView(View):
    """All lines together."""

    count = fields.Integer(required=True)
    outcomes = fields.Dict(
        required=True, keys=fields.String(), values=fields.Integer(), metadata={"description": "By verified outcome."}
    )
    mean_declared = Figure(required=True, allow_none=True)
    mean_verified = Figure(required=True, allow_none=True)


class HighTechView(View):
    """The high-tech share of some cases in percent, at least and at most."""

    count = fields.Integer(required=True)
    yes = fields.Integer(required=True)
    no = fields.Integer(required=True)
    not_known = fields.Integer(attribute="unknown", required=True)
    lowest = Figure(required=True, allow_none=True)
    highest = Figure(required=True, allow_none=True)
    target = Figure(required=True, allow_none=True)
    reaches = fields.Boolean(required=True, allow_none=True)


class ClusterCountView(View):
    """How many cases belong to a cluster; null is for those not known to be of one."""

    cluster = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)
    supported = fields.Integer(required=True)


class PortfolioView(View):
    """All cases as if every one were approved, and those supported."""

    if_all = fields.Nested(HighTechView, required=True)
    supported = fields.Nested(HighTechView, required=True)
    clusters = fields.List(fields.Nested(ClusterCountView), required=True)


class ScoresView(View):
    """What a meeting looks at."""

    meeting = fields.Nested(MeetingHeadView, required=True)
    on = fields.Date(required=True)
    items = fields.List(fields.Nested(ScoreLineView), required=True)
    summary = fields.Nested(SummaryView, required=True)
    portfolio = fields.Nested(
        PortfolioView, required=True, allow_none=True, metadata={"description": "Null where the rules do not tell it."}
    )
