"""What is different between two rulebooks, found out once for each pair."""

from dataclasses import dataclass, field
from functools import lru_cache

from service.actions.rulebooks.editions import edition
from service.actions.rulebooks.examples import example
from service.core.people import Permission
from service.core.rules.compare import Comparison
from service.core.rules.compare import compare as compare_rulebooks
from service.core.rules.model import Rulebook
from service.work import Work


@dataclass(frozen=True, slots=True)
class _Side:
    """A rulebook, known again by its hash."""

    sha256: str
    rulebook: Rulebook = field(compare=False)


def compare(work: Work, before: str, after: str) -> Comparison:
    """Say what is different in a released edition from another. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_RULES)
    return compared(edition(work, before).rulebook, edition(work, after).rulebook)


def compared(before: Rulebook, after: Rulebook) -> Comparison:
    """Compare two rulebooks, and try the cases of either with the examples that come with the house."""
    return _compared(_Side(before.sha256, before), _Side(after.sha256, after))


@lru_cache(maxsize=16)
def _compared(before: _Side, after: _Side) -> Comparison:
    return compare_rulebooks(before.rulebook, after.rulebook, (example, example))
