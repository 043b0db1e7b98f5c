"""Facts that stand in a file: alone, or as part of a whole application."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.values import Json, read_json


@dataclass(frozen=True, slots=True)
class Given:
    """Facts, with the names that came along in the same file."""

    facts: Mapping[str, Json]
    names: tuple[str, ...]


def given(content: bytes) -> Given:
    """Read facts: a JSON object of them, or an application with them under ``facts``. Raises ``MalformedError``."""
    read = read_json(content)
    if not isinstance(read, dict):
        raise MalformedError(because="object")
    inside = read.get("facts")
    if not isinstance(inside, dict):
        return Given(read, ())
    names = (read.get("applicant_name"), read.get("project_name"))
    return Given(inside, tuple(name for name in names if isinstance(name, str)))
