"""The kinds of mutants, and what a mutant is."""

from dataclasses import dataclass
from enum import StrEnum

from service.core.rules.clauses import Way
from service.core.rules.model import Rulebook


class Kind(StrEnum):
    """What was changed."""

    COMPARISON = "comparison"
    LOGIC = "logic"
    NEGATION = "negation"
    PART = "part"
    ARITHMETIC = "arithmetic"
    LIST = "list"
    THRESHOLD = "threshold"
    PRECISION = "precision"
    WEIGHT = "weight"
    CONDITION = "condition"
    OUTCOME = "outcome"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one thing changed: the way to it, the character in its text, how it reads before and after."""

    kind: Kind
    way: Way
    at: int
    before: str
    after: str
    rulebook: Rulebook
