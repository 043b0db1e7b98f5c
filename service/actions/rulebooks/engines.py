"""Engines of this process, made once for each released edition."""

import hashlib
from collections.abc import Iterable

from service import words
from service.core.errors import Flaw, InvalidError
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault
from service.core.rules.load import load

# By the SHA-256 of their source. An edition never changes, so neither does its engine.
_ENGINES: dict[str, Engine] = {}


class FaultyRulebookError(InvalidError):
    """A rules file with faults is not released; they are the flaws, each with its line and column."""

    code = "faulty_rulebook"


def known(sha256: str) -> Engine | None:
    """Give an engine that was made before."""
    return _ENGINES.get(sha256)


def engine_of(source: bytes) -> Engine:
    """Give the engine of a file that is an edition, or becomes one. Raises ``FaultyRulebookError``."""
    found = known(hashlib.sha256(source).hexdigest())
    if found is not None:
        return found
    loaded = load(source)
    if loaded.rulebook is None:
        raise FaultyRulebookError(flaws(loaded.faults, ""))
    made = Engine(loaded.rulebook, words.sections("assessment"))
    return _ENGINES.setdefault(loaded.rulebook.sha256, made)


def flaws(faults: Iterable[Fault], pointer: str) -> tuple[Flaw, ...]:
    """Tell faults of a file as flaws of what it was given in."""
    return tuple(
        Flaw(pointer, fault.code, {**fault.figures, "line": fault.place.line, "column": fault.place.column})
        for fault in faults
    )
