"""Proposing an edition and releasing it: two deeds of two people, with no way around."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from service.core.errors import ConflictError, ForbiddenError


class ProposalState(StrEnum):
    """Where a proposal stands. Only one that is ``proposed`` changes."""

    PROPOSED = "proposed"
    RELEASED = "released"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OwnProposalError(ForbiddenError):
    """Nobody releases or declines what they wrote, whatever other roles they hold."""

    code = "own_proposal"


class NotYourProposalError(ForbiddenError):
    """A proposal is withdrawn by whoever made it."""

    code = "not_your_proposal"


class ProposalDecidedError(ConflictError):
    """The proposal does not stand open any more. Figures: ``proposal``, its state."""

    code = "proposal_decided"


class AlreadyProposedError(ConflictError):
    """The same bytes are proposed already. Figures: ``id`` of the proposal."""

    code = "already_proposed"


class AlreadyReleasedError(ConflictError):
    """The same bytes are an edition already. Figures: ``edition``, ``sha256``."""

    code = "already_released"


class ReleasedByPeopleError(ConflictError):
    """People release editions here; the machine no longer does."""

    code = "released_by_people"


def require_other(releaser: UUID, authors: Iterable[UUID]) -> None:
    """Raise ``OwnProposalError`` if somebody is among those who ever proposed these very bytes."""
    if releaser in authors:
        raise OwnProposalError


def require_own(author: UUID, actor: UUID) -> None:
    """Raise ``NotYourProposalError`` unless the proposal is the actor's."""
    if author != actor:
        raise NotYourProposalError


def require_open(state: ProposalState) -> None:
    """Raise ``ProposalDecidedError`` unless the proposal stands open."""
    if state is not ProposalState.PROPOSED:
        raise ProposalDecidedError(proposal=state.value)
