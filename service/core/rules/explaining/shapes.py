"""What an explanation is made of: sections of sentences, each with what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    """Who an explanation is for."""

    APPLICANT = "applicant"
    COMMITTEE = "committee"
    INSPECTOR = "inspector"


class About(StrEnum):
    """What a sentence is about."""

    OUTCOME = "outcome"
    CAUSE = "cause"
    SCORE = "score"
    DIMENSION = "dimension"
    GATE = "gate"
    CRITERION = "criterion"
    FACT = "fact"
    CONDITION = "condition"
    SOURCE = "source"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence, and the id of what it is about: of a gate, criterion, dimension, fact, condition, source, cause."""

    about: About
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under a title; never none."""

    id: str
    title: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment in sentences for one reader. ``notice`` says that it supports a decision and is no licence."""

    reader: Reader
    title: str
    sections: tuple[Section, ...]
    notice: str

    @property
    def texts(self) -> tuple[str, ...]:
        """Every sentence in its order, the notice last."""
        return (*(saying.text for section in self.sections for saying in section.sayings), self.notice)


# A section before its title is said: its id and its sentences, perhaps none.
Part = tuple[str, Iterable[Saying]]
