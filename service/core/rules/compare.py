"""Two editions of a rulebook compared by their meaning, and what the cases of either make of the difference."""

from dataclasses import dataclass

from service.core.rules.cases import Examples
from service.core.rules.comparison.outcomes import Tried, try_cases
from service.core.rules.comparison.sections import sections
from service.core.rules.comparison.values import Change
from service.core.rules.model import Rulebook

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one rulebook to another, in the order of the file, and which cases it turns."""

    before: Rulebook
    after: Rulebook
    changes: tuple[Change, ...]
    tried: Tried


def compare(before: Rulebook, after: Rulebook, examples: tuple[Examples, Examples]) -> Comparison:
    """Compare two rulebooks; ``examples`` give the facts that the cases of each are ``like``. Never raises."""
    both = sections(before, after)
    renamed = {name: both.entries(name).renamed() for name in ("facts", "gates")}
    tried = try_cases((before, examples[0]), (after, examples[1]), renamed)
    return Comparison(before, after, tuple(both.changes()), tried)
