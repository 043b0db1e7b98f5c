"""What is held against each other: everything an entry of a rulebook says, under keys, by its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from service.core.rules.comparison.trees import Meaning
from service.core.rules.model import Bands, Points, Words


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression: as it is written, and as it is compared."""

    text: str = field(compare=False)
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: as it is written, and as it is compared."""

    text: str = field(compare=False)
    unit: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number in a unit; the unit is compared on its own."""

    number: Decimal
    unit: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scaled:
    """Points or bands of values in a unit."""

    scale: Points | Bands
    unit: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Basis:
    """A source that is cited, by its title."""

    title: Words = field(compare=False)
    article: str | None


Told: TypeAlias = (
    "bool | Decimal | Fraction | str | date | StrEnum | Words | Formula | Unit | Measure | Scaled | Basis"
    " | tuple[Told, ...] | None"
)
# What is said of an entry, and of which part of it: ("fails_when", "") or ("choices", "new").
Key: TypeAlias = tuple[str, str]
Said: TypeAlias = Mapping[Key, Told]


class Kind(StrEnum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise in the second edition.

    ``name`` is the entry's id, ``""`` for what a section says as a whole; ``label`` its name. ``key`` and ``part`` say
    what of a changed entry, and ``before`` and ``after`` what it was and is (None: nothing). Of an entry that was added
    or removed ``said`` is everything it says; ``before`` and ``after`` of one renamed are its ids.
    """

    kind: Kind
    section: str
    name: str
    label: Words | None
    key: str = ""
    part: str = ""
    before: Told = None
    after: Told = None
    said: Said = field(default_factory=dict)
