"""What a rules file is made of, before anything is known of rules: texts, lists and tables, with their places."""

from dataclasses import dataclass
from typing import TypeAlias

from service.core.rules.faults import Place

PLAIN = ""
# The style of what stands for something else, and is refused where it stands: nothing more is said of it.
UNREAD = "*"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single text of the file, decoded.

    ``style`` is one of ``""`` (plain), ``'``, ``"``, ``|``, ``>`` and ``*`` (an alias, or a text with a tag or anchor).
    The raw text, quotes and block mark included, begins at the character ``start`` of the file.
    """

    place: Place
    text: str
    style: str
    start: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of nodes."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and their nodes, in the order of the file; no key stands twice.

    It is not ``whole`` where a part of the file could not be read: then no key is called missing.
    """

    place: Place
    entries: tuple[tuple[Scalar, "Node"], ...]
    whole: bool = True


Node: TypeAlias = Scalar | Listing | Table
