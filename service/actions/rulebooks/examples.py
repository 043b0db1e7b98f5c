"""The examples that come with the house; cases of a rules file may be like one of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import service
from service.core.rules.given import given
from service.core.values import Json

_EXAMPLES: Final = Path(service.__file__).parent.parent / "examples"


def example(name: str) -> Mapping[str, Json] | None:
    """Give the facts of an example that comes with the house; None where there is none of this name."""
    path = _EXAMPLES / f"{name}.json"
    if name != Path(name).name or not path.is_file():
        return None
    return given(path.read_bytes()).facts
