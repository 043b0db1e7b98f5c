"""Deciding an item: what the votes carry, whether it is better than the assessment, and who saw it otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.core.cases.bylaws import Bylaws
from service.core.cases.overrides import GateStanding, OverrideCount, override_carried, override_forbidden
from service.core.cases.seats import Seat
from service.core.errors import ConflictError, Flaw, InvalidError
from service.core.rules.model import Outcome


class OverrideForbiddenError(ConflictError):
    """Gates that are not shown to hold forbid deciding better.

    Figures: ``gates`` by their ids and their ``labels``, ``outcome``, ``assessed``.
    """

    code = "override_forbidden"


class OverrideNeededError(ConflictError):
    """The votes carry better than the assessment, and nobody said that this is meant. Figures: as above, no gates."""

    code = "override_needed"


class OverrideNotCarriedError(ConflictError):
    """Too few are for deciding better. Figures: ``yes``, ``of``, ``needed``, ``outcome``, ``assessed``."""

    code = "override_not_carried"


@dataclass(frozen=True, slots=True)
class Overriding:
    """What a decision better than the assessment rests on: gates, whether it is meant, and why."""

    assessed: Outcome
    gates: tuple[GateStanding, ...]
    meant: bool
    reason: str


def require_override(
    bylaws: Bylaws, seats: tuple[Seat, ...], outcome: Outcome, over: Overriding
) -> OverrideCount | None:
    """Give the votes for an override; None where the outcome is no better than the assessment.

    Raises ``OverrideForbiddenError``, ``OverrideNeededError``, ``OverrideNotCarriedError``, ``NoOverrideError``, and
    ``InvalidError`` without the reason that the bylaws want.
    """
    if outcome.severity >= over.assessed.severity:
        return None
    figures = {"outcome": outcome.value, "assessed": over.assessed.value}
    gates = override_forbidden(bylaws, over.gates)
    if gates:
        named = {"gates": tuple(gate.id for gate in gates), "labels": tuple(gate.label for gate in gates)}
        raise OverrideForbiddenError(**named, **figures)
    if not over.meant:
        raise OverrideNeededError(**figures)
    count = override_carried(bylaws, seats, outcome)
    if not count.reached:
        raise OverrideNotCarriedError(yes=count.yes, of=count.of, needed=count.needed, **figures)
    if bylaws.overriding().reason_required and not over.reason:
        raise InvalidError((Flaw("/reason", "text_missing"),))
    return count


def dissenting(seats: Iterable[Seat], outcome: Outcome) -> Iterator[Seat]:
    """Give the seats whose votes count and are for another outcome, better or worse."""
    for seat in seats:
        if seat.cast is not None and seat.cast is not outcome:
            yield seat
