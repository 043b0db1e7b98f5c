"""Loading a rules file: a whole rulebook, or every fault of form and meaning at once."""

from dataclasses import dataclass

from service.core.rules.faults import Fault
from service.core.rules.model import Rulebook
from service.core.rules.reading.sections import read_file

__all__ = ["Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: its rulebook, or None and the faults, in the order of the file."""

    rulebook: Rulebook | None
    faults: tuple[Fault, ...]


def load(source: bytes) -> Loaded:
    """Load a rules file. Never raises, whatever the bytes."""
    file = read_file(source)
    return Loaded(None if file.faults else file.rulebook, file.faults)
