"""Reading proposals, and what they would change."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.applications import Page
from service.actions.paging import latest_first
from service.actions.proposals.sound import example, sound
from service.actions.rulebooks.engines import engine_of
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.rules.compare import Comparison
from service.core.rules.compare import compare as compare_rulebooks
from service.db.proposals import RulebookProposalRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of the proposals."""

    cursor: str | None = None
    limit: int = 50


def get(work: Work, proposal_id: UUID) -> RulebookProposalRow:
    """Read a proposal. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_RULES)
    row = work.session.get(RulebookProposalRow, proposal_id)
    if row is None:
        raise NotFoundError(kind="proposal")
    return row


def find(work: Work, query: Query) -> Page[RulebookProposalRow]:
    """List proposals, the latest first, a page at a time."""
    work.actor.require(Permission.READ_RULES)
    return latest_first(work, select(RulebookProposalRow), RulebookProposalRow.id, query.cursor, query.limit)


def compare(work: Work, proposal_id: UUID, against: str | None = None) -> Comparison:
    """Say what is different in a proposal from a released edition.

    That is the one it would follow: in force on its first day, or today if that is later. Raises ``NotFoundError``,
    ``NoRulebookInForceError``.
    """
    row = get(work, proposal_id)
    if against is None:
        before = rulebooks.in_force(work, max(row.in_force_from, work.today)).rulebook
    else:
        before = rulebooks.edition(work, against).rulebook
    return _compared(before.source, row.source)


@lru_cache(maxsize=8)
def _compared(before: bytes, after: bytes) -> Comparison:
    return compare_rulebooks(engine_of(before).rulebook, sound(after), (example, example))
