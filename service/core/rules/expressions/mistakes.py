"""What can be wrong with an expression: a place, a stable code and the figures for its sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. ``offset`` counts characters from the start of the expression's text, from 0.

    The sentence of ``code`` is in the section ``expressions`` of the words; ``figures`` fill it.
    """

    offset: int
    code: str
    figures: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def unknown_word(offset: int, code: str, word: str, known: Iterable[str]) -> Mistake:
    """Say that ``word`` is not known; where a known one is close, ``code`` becomes ``<code>_meant`` and names it."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if close:
        return Mistake(offset, f"{code}_meant", {"found": word, "meant": close[0]})
    return Mistake(offset, code, {"found": word})


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Sort by place, keep the order of finding among equals, and drop what was said twice."""
    seen: dict[tuple[int, str], Mistake] = {}
    for mistake in mistakes:
        seen.setdefault((mistake.offset, mistake.code), mistake)
    return tuple(sorted(seen.values(), key=lambda mistake: mistake.offset))
