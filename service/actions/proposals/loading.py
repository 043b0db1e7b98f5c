"""Loading proposals, and whoever acts on them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from service.actions.rulebooks.editions import hold
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import Permission
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
