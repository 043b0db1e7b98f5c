"""Thinking through the expressions of one file, as far as there is time for it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from service.core.rules.expressions.nodes import Expression, Node
from service.core.rules.lint.ranges import ANYTHING, Range
from service.core.rules.lint.reasoning import MOST_VISITS, Found, Reasoning, TooMuchError
from service.core.rules.lint.sites import Sites
from service.core.rules.lint.surroundings import Surroundings

MOST_VISITS_IN_ALL: Final = 100_000


@dataclass(frozen=True, slots=True)
class Thought:
    """What came of an expression. Of one that is too entangled nothing is known, and nothing is called impossible.

    ``true`` and ``false`` are the surroundings in which a condition comes out so, None where it never does.
    """

    expression: Expression
    around: Surroundings
    sites: Sites
    value: Range = ANYTHING
    true: Found = None
    false: Found = None

    @property
    def never_true(self) -> bool:
        """Say whether the condition is never true."""
        return self.true is None

    @property
    def never_false(self) -> bool:
        """Say whether the condition is never false."""
        return self.false is None

    @property
    def never_known(self) -> bool:
        """Say whether the condition is neither true nor false, whatever is known."""
        return self.true is None and self.false is None


class Thinking:
    """The expressions of one file; ``known`` are the names that are never unknown."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._left = MOST_VISITS_IN_ALL

    def condition(self, expression: Expression, around: Surroundings) -> Thought:
        """Think through a condition."""
        with self._reasoning() as reasoning:
            true = reasoning.where(expression.root, around, want=True)
            false = reasoning.where(expression.root, around, want=False)
            return Thought(expression, around, reasoning.sites, true=true, false=false)
        return Thought(expression, around, Sites(), true=around, false=around)

    def value(self, expression: Expression, around: Surroundings) -> Thought:
        """Think through an expression of any type."""
        with self._reasoning() as reasoning:
            found = reasoning.value(expression.root, around)
            return Thought(expression, around, reasoning.sites, value=found)
        return Thought(expression, around, Sites())

    def never(self, part: Node, around: Surroundings, *, want: bool) -> bool:
        """Say whether a condition never comes out so; no, where that cannot be told."""
        with self._reasoning() as reasoning:
            return reasoning.where(part, around, want=want) is None
        return False

    def of_part(self, part: Node, around: Surroundings) -> Range:
        """Give what a part of an expression can be."""
        with self._reasoning() as reasoning:
            return reasoning.value(part, around)
        return ANYTHING

    @contextmanager
    def _reasoning(self) -> Iterator[Reasoning]:
        """Begin something new with what time is left; give up where it is too much."""
        reasoning = Reasoning(self._known, min(self._left, MOST_VISITS))
        with suppress(TooMuchError):
            yield reasoning
        self._left -= reasoning.visits
