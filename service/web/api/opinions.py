"""Opinions of departments over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from marshmallow import fields

from service.actions import opinions
from service.actions.opinions import NewOpinion, Opinion, OpinionState
from service.core.cases.calendar import NoCalendarError
from service.core.cases.opinions import (
    LONGEST_DEPARTMENT,
    MOST_CONDITION_BYTES,
    MOST_CONDITIONS,
    AlreadyAskedError,
    NoDepartmentError,
    OpinionsClosedError,
    Stance,
)
from service.core.cases.sight import OwnCaseError
from service.core.people import Permission
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Choice, Day, Form, Listing, Text
from service.web.routes import Routes
from service.web.texts import line, prose
from service.web.views import Listed, MomentView, Plain, View

_ALL: Final = "/applications/<uuid:case_id>/opinions"
_ASKED: Final[Mapping[str, object]] = {"request": {"department": "生态环境", "due_on": "2026-12-04"}}
_GIVEN: Final[Mapping[str, object]] = {
    "conditions": {
        "stance": "support_with_conditions",
        "reason": "用水指标可在区内平衡",
        "conditions": ["投产前取得取水许可"],
    },
    "support": {"stance": "support", "reason": "符合生态环境分区管控要求"},
}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


@dataclass(frozen=True, slots=True)
class Request:
    """A department that is asked, and until when."""

    department: str
    due_on: date | None


class OpinionRequestForm(Form):
    """Which department is asked for its opinion."""

    makes = Request
    neutral: ClassVar[Mapping[str, object]] = {"department": "", "due_on": None}

    department = Text(required=True, metadata=line("部门 · a department that has reviewers", LONGEST_DEPARTMENT))
    due_on = Day(
        allow_none=True,
        metadata=_said("期限 · the last day to answer; held is the number of working days that is set"),
    )


class NewOpinionForm(Form):
    """An opinion of your department."""

    makes = NewOpinion
    neutral: ClassVar[Mapping[str, object]] = {"stance": None, "reason": "", "conditions": ()}

    stance = Choice(Stance, said="意见 · what your department says")
    reason = Text(required=True, metadata=prose("理由 · why; kept in the ledger for ever, so without personal data"))
    conditions = Listing(
        Text(metadata=prose("条件 · one condition")),
        metadata=_said(
            "附加条件 · at least one for support_with_conditions, none otherwise; "
            f"at most {MOST_CONDITIONS}, together {MOST_CONDITION_BYTES:,} bytes of UTF-8"
        )
        | {"maxItems": MOST_CONDITIONS},
    )


class OpinionView(View):
    """What a department was asked, what it said, or both."""

    n = fields.Integer(attribute="row.n", required=True, metadata=_said("Counted from 1 in the application."))
    of_version = fields.Integer(attribute="row.of_version", required=True, metadata=_said("The version it is about."))
    department = fields.String(attribute="row.department", required=True)
    state = fields.Enum(
        OpinionState,
        by_value=True,
        required=True,
        metadata=_said("asked: not given yet; given: what counts; replaced: a newer one of the department counts."),
    )
    asked_by = fields.UUID(attribute="row.asked_by", required=True, allow_none=True)
    asked_at = MomentView(attribute="row.asked_at", required=True, allow_none=True)
    due_on = fields.Date(attribute="row.due_on", required=True, allow_none=True)
    late = fields.Boolean(required=True, metadata=_said("逾期 · given after its day, or not given and the day is over"))
    stance = fields.String(
        attribute="row.stance",
        required=True,
        allow_none=True,
        metadata={"enum": [*(stance.value for stance in Stance), None]},
    )
    reason = fields.String(attribute="row.reason", required=True, allow_none=True)
    conditions = fields.List(fields.String(), required=True)
    given_by = fields.UUID(attribute="row.given_by", required=True, allow_none=True)
    given_at = MomentView(attribute="row.given_at", required=True, allow_none=True)


routes = Routes("opinions", ("部门意见", "Opinions of departments"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_OPINIONS,
        title=("查看部门意见", "Read the opinions of departments"),
        renders=Listed(OpinionView()),
    )
)
def find_opinions(call: Call[None], case_id: UUID) -> Sequence[Opinion]:
    """List which departments were asked about an application, and what they said. Not for officers."""
    return opinions.find(call.work, case_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.GIVE_OPINIONS,
        title=("出具部门意见", "Give an opinion"),
        body=FormBody(NewOpinionForm(), examples=_GIVEN),
        renders=Plain(OpinionView()),
        status=201,
        repeatable=True,
        refuses=(OwnCaseError, NoDepartmentError, OpinionsClosedError),
    )
)
def give_opinion(call: Call[NewOpinion], case_id: UUID) -> Opinion:
    """Give the opinion of your department on an application in review; it answers what your department was asked.

    Until the application is tabled a newer opinion takes the place of an older one, which stays to be read.
    """
    return opinions.opinion(call.work, opinions.give(call.work, case_id, call.given))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ALL}/requests",
        permission=Permission.ASK_OPINIONS,
        title=("征求部门意见", "Ask for an opinion"),
        body=FormBody(OpinionRequestForm(), examples=_ASKED),
        renders=Plain(OpinionView()),
        status=201,
        repeatable=True,
        refuses=(OwnCaseError, OpinionsClosedError, AlreadyAskedError, NoCalendarError),
    )
)
def ask_opinion(call: Call[Request], case_id: UUID) -> Opinion:
    """Ask a department for its opinion on an application that is submitted or in review."""
    row = opinions.ask(call.work, case_id, call.given.department, call.given.due_on)
    return opinions.opinion(call.work, row)
