"""Places in a rules file and the faults found there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How bad a fault is: `form` and `meaning` stop `assess`, `policy` stops a release, `warning` stops neither."""

    FORM = "form"
    MEANING = "meaning"
    POLICY = "policy"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in the rules file: line and column, both counted from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a rules file: where, how bad, a stable code, and the figures for its sentence."""

    place: Place
    severity: Severity
    code: str
    figures: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
