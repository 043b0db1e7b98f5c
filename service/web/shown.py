"""Answers for the documentation: what the service said when it was asked in a test, written down.

``python -m tests.api.shown`` writes them anew; a test compares them with what the service says now.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "shown.json"


@cache
def _answers() -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads((files("service.web") / FILE).read_text(encoding="utf-8"))
    return found


def shown(name: str) -> Mapping[str, object]:
    """Give the answers of an operation by name, none if none was written down."""
    return {"answer": _answers()[name]} if name in _answers() else {}
