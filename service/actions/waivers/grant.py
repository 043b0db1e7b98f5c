"""Granting a waiver: for one case and gate, until a day, and somebody answers for it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.actions import rulebooks, waiving
from service.actions.applications.cases import to_judge
from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.core.cases.headers import reason_flaws
from service.core.cases.states import State
from service.core.cases.waivers import expiry_flaws, require_other, require_undecided
from service.core.errors import Flaw, ForbiddenError, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, person_ref
from service.core.rules.model import Rulebook
from service.core.rules.waiving import gate_flaws, waivable
from service.db.applications import ApplicationRow
from service.db.people import Person
from service.db.waivers import WaiverRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """A waiver as asked for; None where what was given cannot be read. ``expires_on`` is its last day."""

    application_id: UUID | None
    gate: str
    owner: UUID | None
    reason: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class _Sound:
    """The same without a flaw."""

    gate: str
    owner: UUID
    reason: str
    expires_on: date


def grant(work: Work, new: NewWaiver) -> WaiverRow:
    """Waive a gate of a case that is not decided, and record it with the case.

    Refused in this order: not granted to the actor, no case for these eyes, the actor's own case, every flaw at once
    (``InvalidError``), a case that is decided, a gate of law, a gate that is waived already.
    """
    work.actor.require(Permission.GRANT_WAIVERS)
    if new.application_id is None:
        raise InvalidError((Flaw("/application_id", "member_missing"), *_flaws(work, new)))
    row = to_judge(work, new.application_id)
    sound = _checked(work, new, row)
    require_undecided(State(row.state))
    gate = waivable(_rulebook(work, row), sound.gate)
    require_other(waiving.of_case(work, row.id), gate.id, gate.label, work.today)
    return _store(work, row, sound)


def _checked(work: Work, new: NewWaiver, row: ApplicationRow) -> _Sound:
    flaws = (*gate_flaws(_rulebook(work, row), new.gate), *_flaws(work, new, row))
    if flaws or new.owner is None or new.expires_on is None:
        raise InvalidError(flaws)
    return _Sound(new.gate, new.owner, new.reason.strip(), new.expires_on)


def _rulebook(work: Work, row: ApplicationRow) -> Rulebook:
    return rulebooks.edition(work, row.rulebook_sha256).rulebook


def _flaws(work: Work, new: NewWaiver, row: ApplicationRow | None = None) -> tuple[Flaw, ...]:
    """List what is wrong apart from the gate, in the order of the members."""
    return (*_owner_flaws(work, new.owner, row), *reason_flaws(new.reason.strip()), *_expiry_flaws(work, new))


def _owner_flaws(work: Work, owner: UUID | None, row: ApplicationRow | None) -> tuple[Flaw, ...]:
    if owner is None:
        return (Flaw("/owner", "member_missing"),)
    if work.session.get(Person, owner) is None:
        return (Flaw("/owner", "person_unknown"),)
    return (Flaw("/owner", "waiver_owner"),) if row is not None and row.submitted_by == owner else ()


def _expiry_flaws(work: Work, new: NewWaiver) -> tuple[Flaw, ...]:
    if new.expires_on is None:
        return (Flaw("/expires_on", "member_missing"),)
    return expiry_flaws(new.expires_on, work.today)


def _store(work: Work, row: ApplicationRow, sound: _Sound) -> WaiverRow:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.GRANT_WAIVERS.value)
    waiver_id = new_id(work)
    data: dict[str, Plain] = {
        "waiver": str(waiver_id),
        "gate": sound.gate,
        "owner": person_ref(sound.owner),
        "reason": sound.reason,
        "expires_on": sound.expires_on.isoformat(),
        "rulebook_sha256": row.rulebook_sha256,
    }
    waiver = WaiverRow(
        id=waiver_id,
        application_id=row.id,
        gate=sound.gate,
        owner_id=sound.owner,
        reason=sound.reason,
        expires_on=sound.expires_on,
        granted_by=work.actor.person_id,
        granted_at=work.now,
        version=1,
        event_id=record(work, "waiver.granted", "application", str(row.id), data),
    )
    work.session.add(waiver)
    work.session.flush()
    return waiver
