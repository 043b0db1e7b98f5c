"""Who sees which case, and whose case it must be for a deed.

A case an actor may not see does not exist for them. What they may see but not touch is refused openly.
"""

from dataclasses import dataclass
from uuid import UUID

from service.core.cases.states import State, Whose
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import Actor, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What sight depends on: the state, whose case it is, and whether it was ever submitted."""

    state: State
    owner: UUID
    filed: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor sees: everything, what was submitted and is no draft now, and what is their own."""

    everything: bool
    filed: bool
    own: UUID | None

    def covers(self, standing: Standing) -> bool:
        """Whether a case is within sight."""
        is_filed = standing.filed and standing.state is not State.DRAFT
        return self.everything or (self.filed and is_filed) or (self.own is not None and standing.owner == self.own)


class NotYoursError(ForbiddenError):
    """Only whoever the case belongs to does this."""

    code = "not_yours"


class OwnCaseError(ForbiddenError):
    """Nobody judges a case of their own."""

    code = "own_case"


def sight(actor: Actor) -> Sight:
    """Say what an actor sees, from their roles alone."""
    return Sight(
        everything=Role.AUDITOR in actor.roles,
        filed=Role.REVIEWER in actor.roles,
        own=actor.person_id if Role.OFFICER in actor.roles else None,
    )


def require_sight(actor: Actor, standing: Standing) -> None:
    """Raise ``NotFoundError`` for a case that is not for the actor's eyes."""
    if not sight(actor).covers(standing):
        raise NotFoundError(kind="application")


def require_whose(actor: Actor, standing: Standing, whose: Whose) -> None:
    """Raise ``NotYoursError`` or ``OwnCaseError`` when the case is not of the kind the deed is for."""
    is_own = actor.person_id is not None and standing.owner == actor.person_id
    if whose is Whose.OWN and not is_own:
        raise NotYoursError
    if whose is Whose.OTHERS and is_own:
        raise OwnCaseError
