"""Loading a rules file: a whole rulebook, or every fault of form and meaning at once."""

from dataclasses import dataclass

from service.core.rules.faults import Fault
from service.core.rules.model import Rulebook
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.context import Context
from service.core.rules.reading.sections import read_rulebook
from service.core.rules.reading.text import decode
from service.core.rules.reading.yaml import compose

__all__ = ["Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: its rulebook, or None and the faults, in the order of the file."""

    rulebook: Rulebook | None
    faults: tuple[Fault, ...]


def load(source: bytes) -> Loaded:
    """Load a rules file. Never raises, whatever the bytes."""
    faults = Faults()
    rulebook = _read(source, faults)
    told = faults.told()
    return Loaded(None if told else rulebook, told)


def _read(content: bytes, faults: Faults) -> Rulebook | None:
    source, fault = decode(content)
    if fault is not None:
        faults.add(fault)
    if source is None:
        return None
    root = compose(source, faults)
    return None if root is None else read_rulebook(root, content, Context(source, faults))
