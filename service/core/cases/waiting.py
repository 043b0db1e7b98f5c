"""What waits for somebody: each thing once, with its day, what is late first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Waits(StrEnum):
    """Why something waits, in the order in which things of one day are told."""

    SUPPLEMENT = "supplement"
    DRAFT = "draft"
    DEFERRED = "deferred"
    ACCEPT = "accept"
    OPINION = "opinion"
    PAPERS = "papers"
    TABLE = "table"
    OPEN = "open"
    VOTE = "vote"
    DECIDE = "decide"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a case or, without a case's number, a meeting or a rules file. ``due_on`` None: no day.

    ``table`` is where a case lies that waits for a vote or a decision: the meeting, and the number of the item.
    """

    why: Waits
    id: UUID
    number: str | None
    name: str
    due_on: date | None = None
    late: bool = False
    table: tuple[UUID, int] | None = None


def in_order(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Put things in order, each once: what is late first, then by day, what has no day last."""
    ranks = {why: rank for rank, why in enumerate(Waits)}

    def key(one: Waiting) -> tuple[bool, bool, date, int, str]:
        return not one.late, one.due_on is None, one.due_on or date.max, ranks[one.why], one.number or one.name

    return tuple(sorted(dict.fromkeys(found), key=key))
