"""Which gates may be waived: any but those of law, which nobody can waive."""

from service.core.errors import ConflictError, NotFoundError
from service.core.rules.model import Gate, Level, Rulebook

NOTHING: frozenset[str] = frozenset()


class GateUnknownError(NotFoundError):
    """The edition has no gate of that id. Figures: ``gate``, ``rulebook`` (its id), ``edition``."""

    code = "gate_unknown"


class GateOfLawError(ConflictError):
    """A gate of law cannot be waived. Figures: ``gate``."""

    code = "gate_of_law"


def waivable(rulebook: Rulebook, gate_id: str) -> Gate:
    """Give a gate that may be waived. Raises ``GateUnknownError`` or ``GateOfLawError``."""
    gate = next((gate for gate in rulebook.gates if gate.id == gate_id), None)
    if gate is None:
        raise GateUnknownError(gate=gate_id, rulebook=rulebook.id, edition=rulebook.edition)
    if gate.level is Level.LAW:
        raise GateOfLawError(gate=gate_id)
    return gate


def is_waived(gate: Gate, waived: frozenset[str]) -> bool:
    """Say whether a gate is among the waived ones and may be: a gate of law never is, whatever is asked."""
    return gate.id in waived and gate.level is not Level.LAW
