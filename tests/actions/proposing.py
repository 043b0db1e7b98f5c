"""Editions that somebody proposes."""

from itertools import count
from uuid import UUID

from service.actions import proposals
from service.actions.proposals import NewProposal
from service.core.people import Actor
from service.db.proposals import RulebookProposalRow
from service.work import Work
from tests import make

NOTE = "领导小组议定"

# In force from the day after the tests' own.
TOMORROW = make.edition("2", "2026-11-24")

_COUNT = count(100)


def another() -> bytes:
    """An edition that nobody has proposed, in force from that day."""
    return make.edition(str(next(_COUNT)), "2026-11-24")


def proposed(house: make.House, source: bytes = TOMORROW, actor: Actor | None = None) -> UUID:
    """Propose an edition."""
    with house.work(actor or house.author) as work:
        return proposals.propose(work, NewProposal(source.decode(), NOTE)).id


def released(house: make.House, source: bytes = TOMORROW) -> UUID:
    """Let an edition be proposed by one and released by another."""
    proposal_id = proposed(house, source)
    with house.work(house.releaser, expects=1) as work:
        proposals.release(work, proposal_id)
    return proposal_id


def row(house: make.House, proposal_id: UUID) -> RulebookProposalRow:
    """A proposal as it stands."""
    with house.work(house.author) as work:
        return proposals.get(work, proposal_id)


def newest(work: Work) -> UUID:
    """The latest proposal."""
    return proposals.find(work, proposals.Query()).items[0].id
