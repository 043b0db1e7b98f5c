"""Whether a rules file may be an edition: what is proposed is judged by it, and again what is released."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import service
from service.actions.rulebooks.engines import flaws
from service.core.errors import Flaw
from service.core.rules.faults import Fault
from service.core.rules.given import given
from service.core.rules.releasing import examine, stopping
from service.core.values import Json

# What stands in the way is told at the member that brought the file.
POINTER: Final = "/source"

_EXAMPLES: Final = Path(service.__file__).parent.parent / "examples"


def source_flaws(source: bytes) -> tuple[Flaw, ...]:
    """List everything that keeps a file from being released, each with its line and column."""
    return flaws(_faults(source), POINTER)


@lru_cache(maxsize=4)
def _faults(source: bytes) -> tuple[Fault, ...]:
    return stopping(examine(source, example))


def example(name: str) -> Mapping[str, Json] | None:
    """Give the facts of an example that comes with the house; None where there is none of this name."""
    path = _EXAMPLES / f"{name}.json"
    if name != Path(name).name or not path.is_file():
        return None
    return given(path.read_bytes()).facts
