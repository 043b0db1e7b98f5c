"""A paper as it is printed or filed: headings, sentences, terms and tables in one language, without any format."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias


class Style(StrEnum):
    """How a sentence stands."""

    BODY = "body"
    LEAD = "lead"
    NOTE = "note"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Heading:
    """A title within a paper; level 2 or 3."""

    text: str
    level: int = 2
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One paragraph."""

    text: str
    style: Style = Style.BODY
    kind: ClassVar[str] = "sentence"


@dataclass(frozen=True, slots=True)
class Listing:
    """Sentences that are numbered."""

    items: tuple[str, ...]
    kind: ClassVar[str] = "listing"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said of several things: a name and a text each."""

    pairs: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "terms"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width in percent, and whether it holds figures."""

    title: str
    width: int
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, each as long as there are columns; ``nothing`` is said where there is no row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str
    kind: ClassVar[str] = "table"


Block: TypeAlias = Heading | Sentence | Listing | Terms | Table

_TAGS: Final[Mapping[str, str]] = MappingProxyType({"zh": "zh-CN", "en": "en"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. ``mark`` is written across what is not final; ``dated`` is the moment its file carries."""

    language: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    mark: str | None = None
    dated: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    @property
    def tag(self) -> str:
        """The language as documents name it."""
        return _TAGS[self.language]
