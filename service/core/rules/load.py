"""Loading a rules file: a whole rulebook, or every fault of form and meaning at once."""

from dataclasses import dataclass
from functools import lru_cache

from service.core.rules.faults import Fault
from service.core.rules.model import Rulebook
from service.core.rules.reading.sections import read_file

__all__ = ["Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: its rulebook, or None and the faults, in the order of the file."""

    rulebook: Rulebook | None
    faults: tuple[Fault, ...]


@lru_cache(maxsize=4)
def load(source: bytes) -> Loaded:
    """Load a rules file, or remember what came of it: it is asked for again. Never raises, whatever the bytes."""
    file = read_file(source)
    return Loaded(None if file.faults else file.rulebook, file.faults)
