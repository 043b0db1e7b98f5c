"""Deputies over HTTP."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from marshmallow import fields

from service.actions import deputies
from service.actions.applications import Page
from service.actions.deputies import DeputyRevokedError, NewDeputy, NotYourSeatError, Query
from service.actions.rulebooks import NoRulebookInForceError
from service.core.cases.bylaws import NoBylawsError, VotingRoleUnknownError
from service.core.people import Permission
from service.db.meetings import DeputyRow
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Day, Empty, Form, Identifier, Nothing, Text
from service.web.paged import Cursor, PageLimit
from service.web.routes import PREFIX, Routes
from service.web.texts import prose
from service.web.views import MomentView, Paged, Versioned, View

_ALL: Final = "/deputies"
_NEW: Final[Mapping[str, object]] = {
    "deputy": {
        "deputy": "019ab2ee-0b77-7c21-9a00-0123456789ab",
        "from_on": "2026-12-01",
        "to_on": "2026-12-31",
        "reason": "外出培训",
    }
}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class NewDeputyForm(Form):
    """Who sits for whom, from when to when."""

    makes = NewDeputy
    neutral: ClassVar[Mapping[str, object]] = {
        "person": None,
        "deputy": None,
        "from_on": None,
        "to_on": None,
        "meeting": None,
        "reason": "",
    }

    person = Identifier(
        allow_none=True, metadata=_said("被代理人，本人的不填 · absent for yourself; a chair names others")
    )
    deputy = Identifier(required=True, metadata=_said("代理人 · who sits instead; holds a role that votes"))
    from_on = Day(required=True, metadata=_said("自 · the first day"))
    to_on = Day(required=True, metadata=_said("至 · the last day"))
    meeting = Identifier(allow_none=True, metadata=_said("只限某次会议 · for this meeting only; otherwise for any"))
    reason = Text(required=True, metadata=prose("理由 · why; kept in the ledger for ever, so without personal data"))


class DeputyQueryForm(Form):
    """Which page of the appointments."""

    makes = Query

    cursor = Cursor()
    limit = PageLimit()


class DeputyView(View):
    """An appointment."""

    id = fields.UUID(required=True)
    person = fields.UUID(attribute="person_id", required=True)
    deputy = fields.UUID(attribute="deputy_id", required=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    meeting = fields.UUID(attribute="meeting_id", required=True, allow_none=True)
    reason = fields.String(required=True)
    appointed_by = fields.UUID(required=True)
    appointed_at = MomentView(required=True)
    revoked_at = MomentView(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))


_DEPUTY: Final = Versioned(DeputyView(), PREFIX + _ALL)

routes = Routes("deputies", ("代理", "Deputies"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.APPOINT_DEPUTIES,
        title=("委托代理", "Appoint a deputy"),
        body=FormBody(NewDeputyForm(), examples=_NEW),
        renders=_DEPUTY,
        status=201,
        repeatable=True,
        refuses=(NotYourSeatError, NoBylawsError, VotingRoleUnknownError, NoRulebookInForceError),
    )
)
def appoint_deputy(call: Call[NewDeputy]) -> DeputyRow:
    """Appoint somebody who sits for you; a chair may do so for others. A deputy passes no seat on."""
    return deputies.appoint(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_MEETINGS,
        title=("查询代理", "Find deputies"),
        query=DeputyQueryForm(),
        renders=Paged(DeputyView()),
    )
)
def find_deputies(call: Call[Query]) -> Page[DeputyRow]:
    """List appointments, the latest first, a page at a time; members see those they are part of."""
    return deputies.find(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ALL}/<uuid:deputy_id>/revoke",
        permission=Permission.APPOINT_DEPUTIES,
        title=("撤销代理", "Revoke a deputy"),
        body=FormBody(Empty(), optional=True),
        renders=_DEPUTY,
        needs_version=True,
        repeatable=True,
        refuses=(NotYourSeatError, DeputyRevokedError),
    )
)
def revoke_deputy(call: Call[Nothing], deputy_id: UUID) -> DeputyRow:
    """End an appointment. At a meeting that is open already the deputy keeps the seat."""
    return deputies.revoke(call.work, deputy_id)
