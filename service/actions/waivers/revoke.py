"""Revoking a waiver: from this day on the gate counts again."""

from uuid import UUID

from service.actions import waiving
from service.actions.applications.cases import to_judge
from service.actions.ledger import record
from service.core.cases.headers import reason_flaws
from service.core.cases.waivers import require_in_force
from service.core.errors import InvalidError, NotFoundError, StaleError
from service.core.people import Permission
from service.db.waivers import WaiverRow
from service.work import Work


def revoke(work: Work, waiver_id: UUID, reason: str) -> WaiverRow:
    """End a waiver that is in force, and record it with the case.

    Refused in this order: not granted to the actor, no waiver for these eyes, the actor's own case, not the version
    last read, a waiver that is over, a reason with a flaw.
    """
    work.actor.require(Permission.GRANT_WAIVERS)
    row = _taken(work, waiver_id)
    require_in_force(waiving.waiver(work, row), work.today)
    because = reason.strip()
    flaws = reason_flaws(because)
    if flaws:
        raise InvalidError(flaws)
    data = {"waiver": str(row.id), "gate": row.gate, "reason": because}
    row.event_id = record(work, "waiver.revoked", "application", str(row.application_id), data)
    row.revoked_by, row.revoked_at, row.revoked_because = work.actor.person_id, work.now, because
    row.version += 1
    work.session.flush()
    return row


def _taken(work: Work, waiver_id: UUID) -> WaiverRow:
    """Load a waiver for changing; it is the row of its case that is held until the work ends."""
    found = work.session.get(WaiverRow, waiver_id)
    if found is None:
        raise NotFoundError(kind="waiver")
    try:
        to_judge(work, found.application_id)
    except NotFoundError as error:
        raise NotFoundError(kind="waiver") from error
    work.session.refresh(found)
    if work.expects is None:
        raise StaleError(because="missing", current=found.version)
    if work.expects != found.version:
        raise StaleError(because="differs", current=found.version, expected=work.expects)
    return found
