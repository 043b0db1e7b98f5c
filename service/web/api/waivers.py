"""Waivers over HTTP."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from marshmallow import fields

from service.actions import waivers
from service.actions.applications import Page
from service.actions.waivers import NewWaiver, Query, Waived
from service.core.cases.sight import OwnCaseError
from service.core.cases.waivers import AlreadyWaivedError, NotWaivableError, WaiverEndedError
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.rules.waiving import GateOfLawError
from service.web.api.applications.examples import REASON
from service.web.api.applications.forms import Reason, ReasonForm
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Day, Form, Identifier, Text
from service.web.paged import Cursor, PageLimit
from service.web.routes import PREFIX, Routes
from service.web.texts import prose
from service.web.views import MomentView, Paged, Versioned, View

_ALL: Final = "/waivers"
_ONE: Final = f"{_ALL}/<uuid:waiver_id>"
_NEW: Final[Mapping[str, object]] = {
    "waiver": {
        "application_id": "019ab2f0-5a1c-7d3e-8f00-0123456789ab",
        "gate": "industrial_park",
        "owner": "019ab2ee-0b77-7c21-9a00-0123456789ab",
        "reason": "园区扩区方案已报批，批复前先行评审",
        "expires_on": "2026-12-31",
    }
}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class NewWaiverForm(Form):
    """A waiver: which gate of which application, until when, why, and who answers for it."""

    makes = NewWaiver
    neutral: ClassVar[Mapping[str, object]] = {
        "application_id": None,
        "gate": "",
        "owner": None,
        "reason": "",
        "expires_on": None,
    }

    application_id = Identifier(required=True, metadata=_said("申报 · the application"))
    gate = Text(required=True, metadata=_said("否决项 · id of the gate; one of law is never waived") | {"minLength": 1})
    owner = Identifier(required=True, metadata=_said("责任人 · the person who answers for it"))
    reason = Text(required=True, metadata=prose("理由 · why; kept in the ledger for ever, so without personal data"))
    expires_on = Day(required=True, metadata=_said("最后一日 · its last day, at most 366 days from today"))


class WaiverQueryForm(Form):
    """Whose waivers to list, and which page."""

    makes = Query

    application_id = Identifier(metadata=_said("申报 · waivers of this application only"))
    cursor = Cursor()
    limit = PageLimit()


class WaiverView(View):
    """A waiver."""

    id = fields.UUID(required=True)
    application_id = fields.UUID(attribute="row.application_id", required=True)
    gate = fields.String(attribute="row.gate", required=True)
    owner = fields.UUID(attribute="row.owner_id", required=True, metadata=_said("责任人 · who answers for it"))
    reason = fields.String(attribute="row.reason", required=True)
    expires_on = fields.Date(attribute="row.expires_on", required=True, metadata=_said("最后一日 · its last day"))
    in_force = fields.Boolean(required=True, metadata=_said("今日是否有效 · whether it counts today"))
    granted_by = fields.UUID(attribute="row.granted_by", required=True)
    granted_at = MomentView(attribute="row.granted_at", required=True)
    revoked_by = fields.UUID(attribute="row.revoked_by", required=True, allow_none=True)
    revoked_at = MomentView(attribute="row.revoked_at", required=True, allow_none=True)
    revoked_because = fields.String(attribute="row.revoked_because", required=True, allow_none=True)
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))


_WAIVER: Final = Versioned(WaiverView(), PREFIX + _ALL)

routes = Routes("waivers", ("豁免", "Waivers"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.GRANT_WAIVERS,
        title=("准予豁免", "Grant a waiver"),
        body=FormBody(NewWaiverForm(), examples=_NEW),
        renders=_WAIVER,
        status=201,
        repeatable=True,
        refuses=(NotFoundError, OwnCaseError, GateOfLawError, AlreadyWaivedError, NotWaivableError),
    )
)
def grant_waiver(call: Call[NewWaiver]) -> Waived:
    """Waive a gate of an application that is not decided, until a day.

    The gate is still judged and shown, but counts for nothing in whatever is assessed for the application until then.
    """
    return waivers.today(call.work, waivers.grant(call.work, call.given))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.READ_WAIVERS,
        title=("查询豁免", "Find waivers"),
        query=WaiverQueryForm(),
        renders=Paged(WaiverView()),
    )
)
def find_waivers(call: Call[Query]) -> Page[Waived]:
    """List the waivers of the applications you may see, the latest first, a page at a time."""
    found = waivers.find(call.work, call.given)
    return Page(tuple(waivers.today(call.work, row) for row in found.items), found.next_cursor)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ONE,
        permission=Permission.READ_WAIVERS,
        title=("查看豁免", "Read a waiver"),
        renders=_WAIVER,
    )
)
def get_waiver(call: Call[None], waiver_id: UUID) -> Waived:
    """Read a waiver as it stands; its ETag is what revoking it needs in If-Match."""
    return waivers.today(call.work, waivers.get(call.work, waiver_id))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/revoke",
        permission=Permission.GRANT_WAIVERS,
        title=("撤销豁免", "Revoke a waiver"),
        body=FormBody(ReasonForm(), examples=REASON),
        renders=_WAIVER,
        needs_version=True,
        repeatable=True,
        refuses=(OwnCaseError, WaiverEndedError),
    )
)
def revoke_waiver(call: Call[Reason], waiver_id: UUID) -> Waived:
    """End a waiver that is in force; from today on the gate counts again. What was assessed before stays."""
    return waivers.today(call.work, waivers.revoke(call.work, waiver_id, call.given.reason))
