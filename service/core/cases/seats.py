"""How the votes of a review meeting are counted, and what outcome they carry by the bylaws.

The rules are told in words, with a worked table, in ``docs/meetings.md``; a second reading of that text is compared
with this one over every assignment of seats.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from service.core.cases.bylaws import Bylaws
from service.core.errors import SluiceError
from service.core.rules.model import Outcome
from service.core.rules.voting import ShareOf, Tie


class Choice(StrEnum):
    """What a seat votes."""

    SUPPORT = "support"
    SUPPORT_WITH_CONDITIONS = "support_with_conditions"
    DEFER = "defer"
    OPPOSE = "oppose"
    ABSTAIN = "abstain"


class Because(StrEnum):
    """What an outcome rests on, or why there is none."""

    NO_QUORUM = "no_quorum"
    VETO = "veto"
    MAJORITY = "majority"
    TIE_CHAIR = "tie_chair"
    TIE_DEFER = "tie_defer"
    TIE_REJECT = "tie_reject"
    NOTHING_CARRIED = "nothing_carried"


class SeatsError(SluiceError):
    """Seats that no meeting can have, which is a mistake of whoever counts.

    Figures: ``because`` (``votes_without_right``, ``person_twice``, ``two_chairs``) and ``person``, as text.
    """


# What each vote is for, best first.
LEVELS: Mapping[Choice, Outcome] = MappingProxyType(
    {
        Choice.SUPPORT: Outcome.APPROVE,
        Choice.SUPPORT_WITH_CONDITIONS: Outcome.CONDITIONAL,
        Choice.DEFER: Outcome.DEFER,
        Choice.OPPOSE: Outcome.REJECT,
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place at a meeting as it stands for one item. Who has not voted has no choice."""

    person: UUID
    voting: bool
    chair: bool
    present: bool
    recused: bool
    choice: Choice | None

    @property
    def counts(self) -> bool:
        """Whether the seat belongs to any base at all."""
        return self.voting and not self.recused

    @property
    def may_vote(self) -> bool:
        """Whether it may vote on the item."""
        return self.counts and self.present

    @property
    def cast(self) -> Outcome | None:
        """Give the level its vote is for; None for an abstention and for no vote."""
        return None if self.choice is None else LEVELS.get(self.choice)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough are there: ``present`` of ``of``, where ``needed`` must be."""

    present: int
    of: int
    needed: int
    reached: bool


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How a level fared: votes for it or better, votes cast for worse, and how many it needed of the base."""

    level: Outcome
    yes: int
    no: int
    of: int
    needed: int

    @property
    def carried(self) -> bool:
        """Whether it has the share it needs."""
        return self.yes >= self.needed

    @property
    def tied(self) -> bool:
        """Whether as many are for it as against it, and it is not carried."""
        return not self.carried and self.yes == self.no > 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes carry, and every figure it rests on.

    ``counts`` has every choice, ``silent`` are present without a vote cast or an abstention, ``absent`` and
    ``recused`` are of the voting seats. ``bases`` is what a share of each kind is of. ``levels`` are those that were
    tried, best first, up to the one that settled it; none where it did not come to that.
    """

    outcome: Outcome | None
    because: Because
    quorum: Quorum
    counts: Mapping[Choice, int]
    silent: int
    absent: int
    recused: int
    bases: Mapping[ShareOf, int]
    levels: tuple[LevelCount, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What counts of the seats: nothing below looks at one of them again.

    ``cast`` are the votes for each level, best first; ``chair`` is the level the chair voted for.
    """

    choices: Mapping[Choice | None, int]
    seats: int
    present: int
    recused: int
    cast: tuple[int, ...]
    chair: Outcome | None

    def votes(self, level: Outcome) -> int:
        """Count the votes for a level or a better one."""
        return sum(self.cast[: level.severity + 1])

    def base(self, bylaws: Bylaws, of: ShareOf) -> int:
        """Give what a share is of."""
        if of is ShareOf.SEATS:
            return self.seats
        if of is ShareOf.VOTES_CAST:
            return sum(self.cast)
        return self.present if bylaws.abstentions_count_as_present else self.present - self.choices[Choice.ABSTAIN]


def quorate(bylaws: Bylaws, seats: Iterable[Seat]) -> Quorum:
    """Say whether enough voting seats are present. Raises ``SeatsError``."""
    return _quorum(bylaws, room_of(seats))


def tally(bylaws: Bylaws, seats: Iterable[Seat]) -> Tally:
    """Count the votes on an item and say what they carry. Raises ``SeatsError``."""
    room = room_of(seats)
    quorum = _quorum(bylaws, room)
    outcome, because, levels = _settled(bylaws, room) if quorum.reached else (None, Because.NO_QUORUM, ())
    return Tally(
        outcome=outcome,
        because=because,
        quorum=quorum,
        counts=MappingProxyType({choice: room.choices[choice] for choice in Choice}),
        silent=room.choices[None],
        absent=room.seats - room.present,
        recused=room.recused,
        bases=MappingProxyType({of: room.base(bylaws, of) for of in ShareOf}),
        levels=levels,
    )


def room_of(seats: Iterable[Seat]) -> Room:
    """Count the seats. Raises ``SeatsError``."""
    found = tuple(seats)
    for because, person in _unsound(found):
        raise SeatsError(because=because, person=str(person))
    choices = Counter(seat.choice for seat in found if seat.may_vote)
    return Room(
        choices=choices,
        seats=sum(seat.counts for seat in found),
        present=choices.total(),
        recused=sum(seat.voting and seat.recused for seat in found),
        cast=tuple(choices[choice] for choice in LEVELS),
        chair=next((seat.cast for seat in found if seat.chair), None),
    )


def _unsound(seats: tuple[Seat, ...]) -> Iterator[tuple[str, UUID]]:
    people: set[UUID] = set()
    chairs = 0
    for seat in seats:
        chairs += seat.chair
        if seat.choice is not None and not seat.may_vote:
            yield "votes_without_right", seat.person
        if seat.person in people:
            yield "person_twice", seat.person
        if seat.chair and chairs > 1:
            yield "two_chairs", seat.person
        people.add(seat.person)


def _quorum(bylaws: Bylaws, room: Room) -> Quorum:
    """Count who is there. Who abstains is there too, whatever the bylaws say of shares of those present."""
    of = room.base(bylaws, bylaws.quorum.of)
    needed = bylaws.quorum.needed(of)
    return Quorum(room.present, of, needed, room.present >= needed)


def _settled(bylaws: Bylaws, room: Room) -> tuple[Outcome, Because, tuple[LevelCount, ...]]:
    if bylaws.oppose_is_veto and room.choices[Choice.OPPOSE]:
        return Outcome.REJECT, Because.VETO, ()
    tried: list[LevelCount] = []
    for level in Outcome:
        tried.append(_level(bylaws, room, level))
        found = _settles(bylaws, room, tried[-1])
        if found is not None:
            return *found, tuple(tried)
    return Outcome.DEFER, Because.NOTHING_CARRIED, tuple(tried)


def _level(bylaws: Bylaws, room: Room, level: Outcome) -> LevelCount:
    yes, of = room.votes(level), room.base(bylaws, bylaws.pass_.of)
    return LevelCount(level, yes, sum(room.cast) - yes, of, bylaws.pass_.needed(of))


def _settles(bylaws: Bylaws, room: Room, count: LevelCount) -> tuple[Outcome, Because] | None:
    """Say what a level settles; None where the next one is tried. At the last all votes cast are for it: no tie."""
    if count.carried:
        return count.level, Because.MAJORITY
    if not count.tied:
        return None
    if bylaws.tie is Tie.CHAIR:
        is_for = room.chair is not None and room.chair.severity <= count.level.severity
        return (count.level, Because.TIE_CHAIR) if is_for else None
    if bylaws.tie is Tie.DEFER:
        return Outcome.DEFER, Because.TIE_DEFER
    return Outcome.REJECT, Because.TIE_REJECT
