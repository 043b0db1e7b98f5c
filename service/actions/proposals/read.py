"""Reading proposals, and what they would change."""

from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.applications import Page
from service.actions.paging import latest_first
from service.actions.proposals.loading import may_decide
from service.actions.proposals.sound import Examined, examined
from service.actions.rulebooks.comparing import compared
from service.actions.rulebooks.examples import example
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.rules.compare import Comparison
from service.core.rules.coverage.cover import Watched, cover
from service.core.rules.model import Rulebook
from service.core.rules.proposals import ProposalState
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
    return compared(before, examined(row.source).sound())


def checks(work: Work, proposal_id: UUID) -> Examined:
    """Say what is found in the file of a proposal, faults and warnings. Raises ``NotFoundError``."""
    return examined(get(work, proposal_id).source)


def coverage(work: Work, proposal_id: UUID) -> tuple[Watched, ...]:
    """Say what the cases of a proposal see of it. Raises ``NotFoundError``, ``FaultyRulebookError``."""
    rulebook = checks(work, proposal_id).sound()
    return _covered(_Covering(rulebook.sha256, rulebook))


def open_ones(work: Work) -> tuple[RulebookProposalRow, ...]:
    """List the proposals that stand open and that the actor may release or decline, the first made first."""
    wanted = select(RulebookProposalRow).where(RulebookProposalRow.state == ProposalState.PROPOSED.value)
    rows = work.session.scalars(wanted.order_by(RulebookProposalRow.event_id))
    return tuple(row for row in rows if may_decide(work, row))


@dataclass(frozen=True, slots=True)
class _Covering:
    """A rulebook, known again by its hash."""

    sha256: str
    rulebook: Rulebook = field(compare=False)


@lru_cache(maxsize=4)
def _covered(of: _Covering) -> tuple[Watched, ...]:
    return cover(of.rulebook, example)
