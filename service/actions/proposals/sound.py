"""Whether a rules file may be an edition: what is proposed is judged by it, and again what is released.

It takes a second or two and needs no database, so it is done before the unit of work that rests on it.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.actions.rulebooks.engines import FaultyRulebookError, flaws
from service.actions.rulebooks.examples import example
from service.core.errors import Flaw
from service.core.rules.faults import Fault, Severity
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.rules.releasing import examine, stopping

# What stands in the way is told at the member that brought the file.
POINTER: Final = "/source"


@dataclass(frozen=True, slots=True)
class Examined:
    """A rules file as it was examined: every fault and warning, and its rulebook, None where it cannot be used."""

    sha256: str
    faults: tuple[Fault, ...]
    rulebook: Rulebook | None

    @property
    def stopping(self) -> tuple[Fault, ...]:
        """What keeps it from being an edition."""
        return stopping(self.faults)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What does not."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.WARNING)

    def sound(self, more: tuple[Flaw, ...] = ()) -> Rulebook:
        """Give the rulebook of a file that may be an edition.

        Raises ``FaultyRulebookError`` with everything that keeps it from being one, each with its line and column, and
        with ``more`` flaws that were found beside.
        """
        if self.stopping or self.rulebook is None:
            raise FaultyRulebookError(flaws(self.stopping, POINTER) + more)
        return self.rulebook


@lru_cache(maxsize=8)
def examined(source: bytes) -> Examined:
    """Examine a rules file, once for each. Never raises."""
    return Examined(hashlib.sha256(source).hexdigest(), examine(source, example), load(source).rulebook)


def examined_of(source: bytes, ready: Examined | None) -> Examined:
    """Give what is known of a file: what was found out before, if it was about these very bytes."""
    if ready is not None and ready.sha256 == hashlib.sha256(source).hexdigest():
        return ready
    return examined(source)
