"""What the minutes of a meeting hold, as frozen values. Names are those known today; none comes from the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from service.core.cases.conditions import Condition
from service.core.rules.model import Outcome
from service.core.values import Json


@dataclass(frozen=True, slots=True)
class Named:
    """A person, and what they are called today."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """A seat: whose it is, the deputy who holds it (None for the person), and whether somebody sat on it."""

    person: Named
    deputy: Named | None
    chair: bool
    voting: bool
    present: bool | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a department said of a case; ``stance`` is None while it is only asked."""

    department: str
    stance: str | None
    reason: str | None
    conditions: tuple[str, ...]
    due_on: date | None
    given_on: date | None
    given_by: Named | None
    late: bool


@dataclass(frozen=True, slots=True)
class Stepped:
    """A seat that has no part in an item; ``deputy`` held it then, if somebody did."""

    person: Named
    deputy: Named | None
    kind: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """The vote of a seat, and who cast it. One of a recused seat does not ``count``."""

    person: Named
    cast_by: Named
    choice: str
    reason: str | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How an assessment stood when the case was tabled."""

    outcome: Outcome
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was decided, from which votes. ``tally`` is as it was recorded."""

    outcome: Outcome
    assessed: Outcome
    override: bool
    reason: str | None
    tally: Mapping[str, Json]
    conditions: tuple[Condition, ...]
    dissent: tuple[Ballot, ...]
    decided_by: Named
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ItemMinutes:
    """One item. ``ballots`` are None until it is decided; ``carried_because`` is why it was carried over, if it was."""

    n: int
    application_id: UUID
    number: str
    applicant: str
    project: str
    of_version: int
    state: str
    rulebook_sha256: str
    declared: Standing
    verified: Standing
    waived: tuple[str, ...]
    opinions: tuple[Said, ...]
    recusals: tuple[Stepped, ...]
    ballots: tuple[Ballot, ...] | None
    decision: Resolved | None
    carried_because: str | None


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """Where the ledger stood: how many entries, and the beginning of the root over them."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there and who was not, each in the order of the seats."""

    present: tuple[SeatTaken, ...]
    absent: tuple[SeatTaken, ...]


def attendance(seats: Iterable[SeatTaken]) -> Attendance:
    """Part the seats into those that were taken and the others."""
    found = tuple(seats)
    return Attendance(tuple(seat for seat in found if seat.present), tuple(seat for seat in found if not seat.present))
