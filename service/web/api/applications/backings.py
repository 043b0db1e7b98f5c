"""How facts stand on paper, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.core.cases.evidence import Backing
from service.words import sections


@dataclass(frozen=True, slots=True)
class Backed:
    """How one fact stands on paper, with its words."""

    fact: str
    needs: str
    state: str
    paper: int | None
    because: str


def backed(found: Mapping[str, Backing], spoken: str) -> Sequence[Backed]:
    """Say of every fact how it stands, in ``zh`` or ``en``."""
    words = sections("domain")[spoken]
    return [
        Backed(fact, item.needs.value, item.state.value, item.paper, words[f"backing_{item.state.value}"])
        for fact, item in found.items()
    ]
