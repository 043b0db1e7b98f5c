"""Whether a rules file may be an edition: what is proposed is judged by it, and again what is released."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import service
from service.actions.rulebooks.engines import FaultyRulebookError, flaws
from service.core.errors import Flaw
from service.core.rules.faults import Fault
from service.core.rules.given import given
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.rules.releasing import examine, stopping
from service.core.values import Json

# What stands in the way is told at the member that brought the file.
POINTER: Final = "/source"

_EXAMPLES: Final = Path(service.__file__).parent.parent / "examples"


def sound(source: bytes, more: tuple[Flaw, ...] = ()) -> Rulebook:
    """Give the rulebook of a file that may be an edition.

    Raises ``FaultyRulebookError`` with everything that keeps it from being one, each with its line and column, and with
    ``more`` flaws that were found beside.
    """
    faults, rulebook = _examined(source)
    if faults or rulebook is None:
        raise FaultyRulebookError(flaws(faults, POINTER) + more)
    return rulebook


@lru_cache(maxsize=4)
def _examined(source: bytes) -> tuple[tuple[Fault, ...], Rulebook | None]:
    return stopping(examine(source, example)), load(source).rulebook


def example(name: str) -> Mapping[str, Json] | None:
    """Give the facts of an example that comes with the house; None where there is none of this name."""
    path = _EXAMPLES / f"{name}.json"
    if name != Path(name).name or not path.is_file():
        return None
    return given(path.read_bytes()).facts
