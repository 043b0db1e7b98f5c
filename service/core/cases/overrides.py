"""What it takes to decide better than the assessment says, and what rules it out."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.core.cases.bylaws import Bylaws
from service.core.cases.seats import Seat, room_of
from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome, Words


@dataclass(frozen=True, slots=True)
class OverrideCount:
    """Whether enough are for deciding better than the assessment: ``yes`` of ``of``, where ``needed`` must be."""

    yes: int
    of: int
    needed: int
    reached: bool


@dataclass(frozen=True, slots=True)
class GateStanding:
    """How a gate stands for a case that is decided: its level, what the assessment says of it, and any waiver."""

    id: str
    label: Words
    level: Level
    state: GateState
    waived: bool = False


def override_carried(bylaws: Bylaws, seats: Iterable[Seat], outcome: Outcome) -> OverrideCount:
    """Say whether enough votes are for an outcome, or a better one, to decide it against the assessment.

    Raises ``NoOverrideError`` and ``SeatsError``.
    """
    needs = bylaws.overriding().needs
    room = room_of(seats)
    yes, of = room.votes(outcome), room.base(bylaws, needs.of)
    needed = needs.needed(of)
    return OverrideCount(yes, of, needed, yes >= needed)


def override_forbidden(bylaws: Bylaws, gates: Iterable[GateStanding]) -> tuple[GateStanding, ...]:
    """Give the gates that rule an override out, in the order given: those of a forbidden level not shown to hold.

    Law is such a level whatever the bylaws say. A failed gate does, and an unknown one. A waiver takes a gate out, but
    has no force against law. Raises ``NoOverrideError``.
    """
    forbidden = bylaws.overriding().forbidden_for_levels | {Level.LAW}
    return tuple(
        gate
        for gate in gates
        if gate.level in forbidden
        and gate.state in {GateState.FAIL, GateState.UNKNOWN}
        and (not gate.waived or gate.level is Level.LAW)
    )
