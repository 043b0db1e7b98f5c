"""Which gates may be waived: any but those of law, which nobody can waive."""

from service.core.errors import ConflictError, Flaw, InvalidError
from service.core.rules.model import Gate, Level, Rulebook

NOTHING: frozenset[str] = frozenset()


class GateOfLawError(ConflictError):
    """A gate of law cannot be waived. Figures: ``gate``, and its ``label``."""

    code = "gate_of_law"


def waivable(rulebook: Rulebook, gate_id: str) -> Gate:
    """Give a gate that may be waived. Raises ``InvalidError`` for one the rulebook has not, or ``GateOfLawError``."""
    flaws = gate_flaws(rulebook, gate_id)
    if flaws:
        raise InvalidError(flaws)
    gate = next(gate for gate in rulebook.gates if gate.id == gate_id)
    if gate.level is Level.LAW:
        raise GateOfLawError(gate=gate_id, label=gate.label)
    return gate


def gate_flaws(rulebook: Rulebook, gate_id: str) -> tuple[Flaw, ...]:
    """Say that the rulebook has no gate of that id, if so."""
    if any(gate.id == gate_id for gate in rulebook.gates):
        return ()
    return (Flaw("/gate", "waiver_gate", {"found": gate_id, "edition": rulebook.edition}),)


def is_waived(gate: Gate, waived: frozenset[str]) -> bool:
    """Say whether a gate is among the waived ones and may be: a gate of law never is, whatever is asked."""
    return gate.id in waived and gate.level is not Level.LAW
