"""Editions of the rules, and proposing one."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from service.client.answers import Edition, EditionWithSource, Proposal, ProposalWithSource
from service.client.calls import Call, post, query
from service.client.pages import MOST, paged, whole
from service.client.sending import Line

_PATH = "/v1/rulebooks"
_PROPOSALS = f"{_PATH}/proposals"


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """``client.rulebooks``."""

    line: Line

    def find(self) -> tuple[Edition, ...]:
        """List every released edition, the latest to begin first."""
        return whole(self.line, Edition, _PATH)

    def get(self, sha256: str) -> EditionWithSource:
        """Read an edition with the text of its file."""
        return self.line.ask(EditionWithSource, Call("GET", f"{_PATH}/{sha256}"))

    def propose(self, source: str, note: str) -> Proposal:
        """Propose the text of a rules file as an edition. Raises ``InvalidError`` with every fault and its place."""
        return self.line.ask(Proposal, post(_PATH, {"source": source, "note": note}))

    def proposals(self, page: int = MOST) -> Iterator[Proposal]:
        """Go through what was proposed, the latest first."""
        return paged(self.line, Proposal, _PROPOSALS, query(limit=page))

    def proposal(self, proposal: UUID) -> ProposalWithSource:
        """Read a proposal with the text of its file."""
        return self.line.ask(ProposalWithSource, Call("GET", f"{_PROPOSALS}/{proposal}"))

    def release(self, read: Proposal) -> Proposal:
        """Release what somebody else proposed, as it was read."""
        return self._decide(read, "release", {})

    def decline(self, read: Proposal, reason: str) -> Proposal:
        """Decline a proposal as it was read."""
        return self._decide(read, "decline", {"reason": reason})

    def withdraw(self, read: Proposal) -> Proposal:
        """Withdraw one's own proposal as it was read."""
        return self._decide(read, "withdraw", {})

    def _decide(self, read: Proposal, move: str, body: dict[str, str]) -> Proposal:
        return self.line.ask(Proposal, post(f"{_PROPOSALS}/{read.id}/{move}", body, read.version))
