"""Ruling on a paper: a reviewer accepts or refuses it, and may think again until the case is tabled."""

from uuid import UUID

from service.actions.applications.cases import to_judge
from service.actions.evidence import papers
from service.actions.ledger import record
from service.core.cases.evidence import EvidenceState, require_rulable
from service.core.cases.headers import reason_flaws
from service.core.cases.states import State
from service.core.errors import InvalidError, StaleError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.evidence import EvidenceRow
from service.work import Work


def accept(work: Work, case_id: UUID, n: int, reason: str = "") -> EvidenceRow:
    """Accept a paper; from now on it counts for its facts. A reason may be given."""
    return _rule(work, case_id, n, EvidenceState.ACCEPTED, reason.strip())


def refuse(work: Work, case_id: UUID, n: int, reason: str) -> EvidenceRow:
    """Refuse a paper, and say why."""
    return _rule(work, case_id, n, EvidenceState.REFUSED, reason.strip())


def _rule(work: Work, case_id: UUID, n: int, state: EvidenceState, reason: str) -> EvidenceRow:
    row = _taken(work, case_id, n)
    flaws = reason_flaws(reason) if reason or state is EvidenceState.REFUSED else ()
    if flaws:
        raise InvalidError(flaws)
    data: dict[str, Plain] = {
        "paper": n,
        "sha256": row.sha256,
        "from": row.state,
        "to": state.value,
        "version": row.version + 1,
        "reason": reason or None,
    }
    row.event_id = record(work, f"evidence.{state.value}", "application", str(case_id), data)
    row.state, row.reason, row.ruled_by, row.ruled_at = state.value, reason or None, work.actor.person_id, work.now
    row.version += 1
    work.session.flush()
    return row


def _taken(work: Work, case_id: UUID, n: int) -> EvidenceRow:
    """Load a paper for ruling on it; it is the row of its case that is held until the work ends.

    Refused in this order: not granted, no case for these eyes, the actor's own case, no such paper, not the version
    last read, not in a state in which papers are ruled on.
    """
    work.actor.require(Permission.RULE_ON_EVIDENCE)
    case = to_judge(work, case_id)
    row = papers.one(work, case_id, n)
    if work.expects is None:
        raise StaleError(because="missing", current=row.version)
    if work.expects != row.version:
        raise StaleError(because="differs", current=row.version, expected=work.expects)
    require_rulable(State(case.state))
    return row
