"""What ends a proposal: its author takes it back, or somebody else declines or releases it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from service.actions.ledger import record
from service.actions.meetings.loading import require_version
from service.actions.proposals.loading import authors, may_decide, person, taken
from service.actions.proposals.sound import Examined, examined, examined_of
from service.actions.rulebooks.editions import store
from service.core.cases.headers import reason_flaws
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, person_ref
from service.core.rules.proposals import (
    AlreadyReleasedError,
    ProposalState,
    require_open,
    require_other,
    require_own,
)
from service.db.proposals import RulebookProposalRow
from service.db.rulebooks import RulebookRow
from service.work import Work


def withdraw(work: Work, proposal_id: UUID) -> RulebookProposalRow:
    """Take one's own proposal back.

    Refused in this order: not granted, no such proposal, somebody else's, not the version last read, one that is
    decided.
    """
    work.actor.require(Permission.PROPOSE_RULES)
    actor = person(work, Permission.PROPOSE_RULES)
    row = taken(work, proposal_id)
    require_own(row.proposed_by, actor)
    _require_open(work, row)
    row.event_id = record(work, "rulebook.withdrawn", "rulebook", row.sha256, _told(row))
    return _closed(work, row, ProposalState.WITHDRAWN)


def decline(work: Work, proposal_id: UUID, reason: str) -> RulebookProposalRow:
    """Decline what somebody else proposed, and say why.

    Refused in this order: not granted, no such proposal, the actor's own, not the version last read, one that is
    decided, a reason with a flaw.
    """
    row = _of_another(work, proposal_id)
    because = reason.strip()
    flaws = reason_flaws(because)
    if flaws:
        raise InvalidError(flaws)
    row.event_id = record(work, "rulebook.declined", "rulebook", row.sha256, {**_told(row), "reason": because})
    row.reason = because
    return _closed(work, row, ProposalState.DECLINED)


def look_again(work: Work, proposal_id: UUID) -> Callable[[], Examined] | None:
    """Give what is done ahead of a release, without any database; None where there is nothing the actor may release."""
    row = work.session.get(RulebookProposalRow, proposal_id)
    if row is None or not may_decide(work, row):
        return None
    return partial(examined, row.source)


def release(work: Work, proposal_id: UUID, ready: Examined | None = None) -> RulebookProposalRow:
    """Release what somebody else proposed: from the day it names on it decides what is submitted.

    ``ready`` is what came of looking at the file ahead: a proposal's bytes never change.

    Refused in this order: not granted, no such proposal, the actor's own (or the same bytes were, once), not the
    version last read, one that is decided, bytes that are an edition already, a file with faults.
    """
    row = _of_another(work, proposal_id)
    if work.session.get(RulebookRow, row.sha256) is not None:
        raise AlreadyReleasedError(edition=row.edition, sha256=row.sha256)
    row.event_id = store(
        work, examined_of(row.source, ready).sound(), {**_told(row), "author": person_ref(row.proposed_by)}
    ).event_id
    return _closed(work, row, ProposalState.RELEASED)


def _of_another(work: Work, proposal_id: UUID) -> RulebookProposalRow:
    """Load an open proposal that the actor may decide on."""
    work.actor.require(Permission.RELEASE_RULES)
    actor = person(work, Permission.RELEASE_RULES)
    row = taken(work, proposal_id)
    require_other(actor, authors(work, row.sha256))
    _require_open(work, row)
    return row


def _require_open(work: Work, row: RulebookProposalRow) -> None:
    require_version(work, row.version)
    require_open(ProposalState(row.state))


def _told(row: RulebookProposalRow) -> dict[str, Plain]:
    return {"proposal": str(row.id), "version": row.version + 1}


def _closed(work: Work, row: RulebookProposalRow, state: ProposalState) -> RulebookProposalRow:
    row.state, row.version = state.value, row.version + 1
    row.decided_by, row.decided_at = work.actor.person_id, work.now
    work.session.flush()
    return row
