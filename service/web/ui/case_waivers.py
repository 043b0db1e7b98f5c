"""The waivers of a case: which gates do not count until when and why; for the chair another one, or an early end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from service.actions import applications, waivers
from service.actions.waivers import NewWaiver, Waived
from service.actions.waivers.offered import offered
from service.core.cases.waivers import LONGEST_DAYS
from service.core.errors import Flaw, NotFoundError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.web.api.applications.forms import Reason
from service.web.forms import Day, Identifier, Text
from service.web.ui import cases
from service.web.ui.case_around import WAIVERS, around
from service.web.ui.case_waived import told, told_of
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice
from service.work import Work

# What is chosen from a list is told to be missing, and not to be an empty text.
_NOT_CHOSEN: Final[dict[str, Any]] = {"required": [Flaw("", "member_missing")]}

pages = Pages()


class GrantForm(FilledForm):
    """Which gate is waived until when, why, and who answers for it. The case is the page's."""

    makes = NewWaiver
    neutral: ClassVar[Mapping[str, object]] = {
        "application_id": None,
        "gate": "",
        "owner": None,
        "reason": "",
        "expires_on": None,
    }

    gate = Text(required=True, error_messages=_NOT_CHOSEN)
    owner = Identifier()
    reason = Text()
    expires_on = Day()


class RevokeForm(FilledForm):
    """Why a waiver ends before its day."""

    makes = Reason
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text()


LIST: Final = Page(
    name="case_waivers",
    path="/cases/<uuid:case_id>/waivers",
    permission=Permission.READ_WAIVERS,
    template="case_waivers.html",
    under=cases.ONE,
)
ONE: Final = Page(
    name="case_waiver",
    path="/cases/<uuid:case_id>/waivers/<uuid:waiver_id>",
    permission=Permission.READ_WAIVERS,
    template="case_waiver.html",
    under=LIST,
)


@pages.page(LIST)
def find_waivers(call: PageCall[None], case_id: UUID) -> Shows:
    """Show every waiver of a case, and let the chair grant another."""
    work, speaks = call.work, voice(call.spoken)
    row = applications.get(work, case_id)
    offer = offered(work, row)
    return {
        **around(work, row, speaks, WAIVERS),
        "waivers": told(work, row, speaks),
        "offer": offer,
        "gates": [] if offer is None else [(gate.id, speaks.label(gate.label)) for gate in offer.gates],
        "owners": [] if offer is None else [(str(one.id), _named(one.name, one.department)) for one in offer.owners],
        "last_day": work.today + timedelta(days=LONGEST_DAYS),
    }


@pages.submission(
    Submission(name="grant_waiver", path=LIST.path, permission=Permission.GRANT_WAIVERS, page=LIST, form=GrantForm())
)
def grant(call: PageCall[NewWaiver], case_id: UUID) -> Go:
    """Waive a gate of the case."""
    row = waivers.grant(call.work, replace(call.given, application_id=case_id))
    return Go(f"/cases/{case_id}/{WAIVERS}", "said.waiver_granted", {"day": row.expires_on.isoformat()})


@pages.page(ONE)
def read_waiver(call: PageCall[None], case_id: UUID, waiver_id: UUID) -> Shows:
    """Show a waiver, and let the chair end one that is in force."""
    work, speaks = call.work, voice(call.spoken)
    row = applications.get(work, case_id)
    found = _of(work, row, waiver_id)
    (one,) = told_of(work, row, (found,), speaks)
    may_revoke = work.actor.may(Permission.GRANT_WAIVERS) and row.submitted_by != work.actor.person_id
    return {
        **around(work, row, speaks, WAIVERS),
        "title": speaks.say("waivers.title", gate=one.gate, number=row.number),
        "one": one,
        "may_revoke": may_revoke and found.in_force,
    }


@pages.submission(
    Submission(name="revoke_waiver", path=ONE.path, permission=Permission.GRANT_WAIVERS, page=ONE, form=RevokeForm())
)
def revoke(call: PageCall[Reason], case_id: UUID, waiver_id: UUID) -> Go:
    """End a waiver; from today on the gate counts again."""
    _of(call.work, applications.get(call.work, case_id), waiver_id)
    waivers.revoke(call.work, waiver_id, call.given.reason)
    return Go(f"/cases/{case_id}/{WAIVERS}", "said.waiver_revoked")


def _of(work: Work, row: ApplicationRow, waiver_id: UUID) -> Waived:
    """Read a waiver of this case. Raises ``NotFoundError``, also for one of another."""
    found = waivers.get(work, waiver_id)
    if found.application_id != row.id:
        raise NotFoundError(kind="waiver")
    return waivers.today(work, found)


def _named(name: str, department: str | None) -> str:
    return name if department is None else f"{name} · {department}"
