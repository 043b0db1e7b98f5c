"""The submitted versions of an application over HTTP, and what is different between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from marshmallow import fields

from service.actions import applications
from service.actions.applications import Compared, Version
from service.core.cases.differences import Kind
from service.core.people import Permission
from service.core.rules.model import Outcome
from service.core.values import Json, write_json
from service.web.endpoints import Call, Endpoint
from service.web.forms import Form, WholeNumber
from service.web.routes import Routes
from service.web.views import Figure, Listed, MomentView, Plain, Stored, Verbatim, View

_ALL: Final = "/applications/<uuid:case_id>/versions"
_ONE: Final = f"{_ALL}/<int:n>"
_OUTCOME: Final[dict[str, Any]] = {"enum": [outcome.value for outcome in Outcome]}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


@dataclass(frozen=True, slots=True)
class Against:
    """Which version to compare with."""

    from_n: int | None


class DifferencesQueryForm(Form):
    """Which version to compare with."""

    makes = Against
    neutral: ClassVar[Mapping[str, object]] = {"from_n": None}

    from_n = WholeNumber(
        data_key="from", metadata=_said("与哪个版本比较 · the version to compare with; held is the one it follows")
    )


class AnyJson(fields.Field[Json]):
    """A value of any kind, figures exact; null where there is none."""

    def _serialize(self, value: Json, attr: str | None, obj: object, **_: object) -> Verbatim:
        del attr, obj
        return Verbatim(write_json(value))


class FollowedDecisionView(View):
    """The decision that a version of a reconsidered application follows."""

    of_version = fields.Integer(required=True)
    outcome = fields.String(required=True, metadata=_OUTCOME)
    decided_at = MomentView(required=True)


class WhoView(View):
    """Somebody, and what they are called today."""

    ref = fields.String(required=True)
    name = fields.String(required=True)


class VersionView(View):
    """A submitted version, and what it came to."""

    n = fields.Integer(attribute="row.n", required=True, metadata=_said("The version, counted from 1."))
    submitted_at = MomentView(attribute="row.submitted_at", required=True)
    by = fields.Nested(WhoView(), required=True)
    follows = fields.Integer(
        attribute="row.follows", required=True, allow_none=True, metadata=_said("The version it follows, if any.")
    )
    follows_decision = fields.Nested(
        FollowedDecisionView(),
        attribute="decided",
        required=True,
        allow_none=True,
        metadata=_said("复议所针对的决定 · the decision on the version it follows, if there was one."),
    )
    outcome = fields.String(attribute="assessment.outcome", required=True, metadata=_OUTCOME)
    category = fields.String(attribute="assessment.category", required=True, allow_none=True)
    total = Figure(attribute="assessment.total", required=True, allow_none=True)
    rulebook_sha256 = fields.String(attribute="row.rulebook_sha256", required=True)
    facts_sha256 = fields.String(attribute="assessment.facts_sha256", required=True)


class VersionWithFactsView(VersionView):
    """A submitted version with its facts."""

    facts = Stored(attribute="row.facts", required=True, metadata=_said("Facts as they were submitted."))


class ChangeView(View):
    """Something that is different; null is: not there."""

    at = fields.String(required=True, metadata=_said("A JSON pointer, or the id of a gate or criterion."))
    change = fields.Enum(Kind, attribute="kind", by_value=True, required=True)
    before = AnyJson(required=True)
    after = AnyJson(required=True)


_CHANGES: Final = ChangeView(many=True)


class DifferencesView(View):
    """What is different in a version, from another one."""

    from_n = fields.Integer(data_key="from", required=True)
    to_n = fields.Integer(data_key="to", required=True)
    facts = fields.Nested(
        _CHANGES,
        attribute="found.facts",
        required=True,
        metadata=_said("填报项 · pointers into the facts of the later version; into the earlier for what was removed."),
    )
    results = fields.Nested(
        _CHANGES,
        attribute="found.results",
        required=True,
        metadata=_said("评价 · outcome, category and figures; pointers into the assessment."),
    )
    gates = fields.Nested(_CHANGES, attribute="found.gates", required=True, metadata=_said("否决项 · gates by id."))
    criteria = fields.Nested(
        _CHANGES, attribute="found.criteria", required=True, metadata=_said("评分项 · criteria by id.")
    )


routes = Routes("versions", ("版本", "Versions"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_CASES,
        title=("查看各版本", "List the versions"),
        renders=Listed(VersionView()),
    )
)
def find_versions(call: Call[None], case_id: UUID) -> Sequence[Version]:
    """List the submitted versions of an application, the first one first."""
    return applications.versions(call.work, case_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ONE,
        permission=Permission.READ_CASES,
        title=("查看一个版本", "Read a version"),
        renders=Plain(VersionWithFactsView()),
    )
)
def get_version(call: Call[None], case_id: UUID, n: int) -> Version:
    """Read one submitted version with its facts as they were submitted."""
    return applications.version(call.work, case_id, n)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/differences",
        permission=Permission.READ_CASES,
        title=("比较版本", "Compare versions"),
        query=DifferencesQueryForm(),
        renders=Plain(DifferencesView()),
    )
)
def get_differences(call: Call[Against], case_id: UUID, n: int) -> Compared:
    """Say what is different in a version from the one it follows, or from another: facts, results, gates, criteria.

    Figures are compared by value, lists record by record, assessments as they were written when they were submitted.
    """
    return applications.differences(call.work, case_id, n, call.given.from_n)
