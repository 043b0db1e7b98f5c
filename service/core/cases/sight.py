"""Who sees which case, and whose case it must be for a deed.

A case an actor may not see does not exist for them. What they may see but not touch is refused openly. Whoever is
recused from a case sees nothing of it; only its own submitter keeps the side of it that they submitted. Nobody looks
into the judging of a case of their own, whatever roles they hold.
"""

from dataclasses import dataclass
from uuid import UUID

from service.core.cases.states import State, Whose
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import Actor, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What sight depends on: the state, whose case it is, whether it was ever submitted.

    ``seated`` and ``recused`` are about whoever looks: a seat at a meeting that has the case, no part in judging it.
    ``closed``: it was decided against, and the time to ask for reconsideration is over.
    """

    state: State
    owner: UUID
    filed: bool
    seated: bool = False
    recused: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor sees: everything, what was submitted and is no draft now, and what is their own.

    ``person`` is who looks, for the cases they have a seat for or are recused from.
    """

    everything: bool
    filed: bool
    own: UUID | None
    person: UUID | None

    def covers(self, standing: Standing) -> bool:
        """Whether a case is within sight."""
        if self.own is not None and standing.owner == self.own:
            return True
        is_filed = standing.filed and standing.state is not State.DRAFT
        return not standing.recused and (self.everything or (self.filed and is_filed) or standing.seated)

    def judges(self, standing: Standing) -> bool:
        """Whether the judging side of a case is within sight: opinions, meetings, votes, minutes."""
        return self.covers(standing) and has_part(self.person, standing.owner, recused=standing.recused)


class NotYoursError(ForbiddenError):
    """Only whoever the case belongs to does this."""

    code = "not_yours"


class OwnCaseError(ForbiddenError):
    """Nobody judges a case of their own."""

    code = "own_case"


_FILED = frozenset({Role.REVIEWER, Role.SECRETARY, Role.CHAIR})


def sight(actor: Actor) -> Sight:
    """Say what an actor sees, from their roles alone."""
    return Sight(
        everything=Role.AUDITOR in actor.roles,
        filed=not _FILED.isdisjoint(actor.roles),
        own=actor.person_id if Role.OFFICER in actor.roles else None,
        person=actor.person_id,
    )


def has_part(person: UUID | None, owner: UUID, *, recused: bool) -> bool:
    """Whether a person may have a part in judging a case: they are not recused from it and did not submit it."""
    return not recused and person != owner


def sees_meeting(actor: Actor, *, seated: bool) -> bool:
    """Whether a meeting is for the actor's eyes: whoever sees all cases sees all meetings, others those they sit at."""
    seen = sight(actor)
    return seen.everything or seen.filed or seated


def require_sight(actor: Actor, standing: Standing) -> None:
    """Raise ``NotFoundError`` for a case that is not for the actor's eyes."""
    if not sight(actor).covers(standing):
        raise NotFoundError(kind="application")


def require_judging(actor: Actor, standing: Standing) -> None:
    """Raise ``NotFoundError`` for a case whose judging side is not for the actor's eyes."""
    if not sight(actor).judges(standing):
        raise NotFoundError(kind="application")


def require_whose(actor: Actor, standing: Standing, whose: Whose) -> None:
    """Raise ``NotYoursError`` or ``OwnCaseError`` when the case is not of the kind the deed is for."""
    is_own = actor.person_id is not None and standing.owner == actor.person_id
    if whose is Whose.OWN and not is_own:
        raise NotYoursError
    if whose is Whose.OTHERS and is_own:
        raise OwnCaseError
