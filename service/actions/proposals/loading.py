"""Loading proposals, and whoever acts on them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from service.actions.rulebooks.editions import hold
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import Permission
from service.core.rules.proposals import ProposalState
from service.db.proposals import RulebookProposalRow
from service.work import Work


def person(work: Work, permission: Permission) -> UUID:
    """Give the person who acts; the machine proposes nothing, and decides on nothing that was proposed."""
    if work.actor.person_id is None:
        raise ForbiddenError(permission=permission.value)
    return work.actor.person_id


def taken(work: Work, proposal_id: UUID) -> RulebookProposalRow:
    """Load a proposal for changing, and hold every other until the work ends. Raises ``NotFoundError``."""
    hold(work)
    row = work.session.get(RulebookProposalRow, proposal_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFoundError(kind="proposal")
    return row


def authors(work: Work, sha256: str) -> Sequence[UUID]:
    """Give everybody who ever proposed these bytes, whatever came of it."""
    of_bytes = select(RulebookProposalRow.proposed_by).where(RulebookProposalRow.sha256 == sha256)
    return work.session.scalars(of_bytes).all()


def may_decide(work: Work, row: RulebookProposalRow) -> bool:
    """Say whether the actor may release or decline a proposal as it stands."""
    if row.state != ProposalState.PROPOSED.value or not work.actor.may(Permission.RELEASE_RULES):
        return False
    return work.actor.person_id is not None and work.actor.person_id not in authors(work, row.sha256)


def may_withdraw(work: Work, row: RulebookProposalRow) -> bool:
    """Say whether the actor may take a proposal back as it stands."""
    is_own = row.proposed_by == work.actor.person_id and work.actor.may(Permission.PROPOSE_RULES)
    return is_own and row.state == ProposalState.PROPOSED.value
