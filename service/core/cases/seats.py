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
from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome
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


# What each vote is for.
LEVELS: Mapping[Choice, Outcome] = MappingProxyType(
    {
        Choice.SUPPORT: Outcome.APPROVE,
        Choice.SUPPORT_WITH_CONDITIONS: Outcome.CONDITIONAL,
        Choice.DEFER: Outcome.DEFER,
        Choice.OPPOSE: Outcome.REJECT,
    }
)
# The levels that are put to the vote, in this order.
_TRIED = (Outcome.APPROVE, Outcome.CONDITIONAL, Outcome.DEFER)


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

    def is_for(self, level: Outcome) -> bool:
        """Whether its vote is for a level or a better one."""
        return self.cast is not None and self.cast.severity <= level.severity


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
class OverrideCount:
    """Whether enough are for deciding better than the assessment: ``yes`` of ``of``, where ``needed`` must be."""

    yes: int
    of: int
    needed: int
    reached: bool


@dataclass(frozen=True, slots=True)
class GateStanding:
    """How a gate stands for a case that is decided: its level, what the assessment says of it, and any waiver."""

    id: str
    level: Level
    state: GateState
    waived: bool = False


def quorate(bylaws: Bylaws, seats: Iterable[Seat]) -> Quorum:
    """Say whether enough voting seats are present. Raises ``SeatsError``."""
    return _quorum(bylaws, _sound(seats))


def tally(bylaws: Bylaws, seats: Iterable[Seat]) -> Tally:
    """Count the votes on an item and say what they carry. Raises ``SeatsError``."""
    sound = _sound(seats)
    outcome, because, levels = _settled(bylaws, sound)
    choices = Counter(seat.choice for seat in sound)
    return Tally(
        outcome=outcome,
        because=because,
        quorum=_quorum(bylaws, sound),
        counts=MappingProxyType({choice: choices[choice] for choice in Choice}),
        silent=sum(seat.may_vote and seat.choice is None for seat in sound),
        absent=sum(seat.counts and not seat.present for seat in sound),
        recused=sum(seat.voting and seat.recused for seat in sound),
        bases=MappingProxyType({of: _base(bylaws, sound, of) for of in ShareOf}),
        levels=levels,
    )


def override_carried(bylaws: Bylaws, seats: Iterable[Seat], outcome: Outcome) -> OverrideCount:
    """Say whether enough votes are for an outcome, or a better one, to decide it against the assessment.

    Raises ``NoOverrideError`` and ``SeatsError``.
    """
    needs = bylaws.overriding().needs
    sound = _sound(seats)
    yes, of = sum(seat.is_for(outcome) for seat in sound), _base(bylaws, sound, needs.of)
    needed = needs.needed(of)
    return OverrideCount(yes, of, needed, yes >= needed)


def override_forbidden(bylaws: Bylaws, gates: Iterable[GateStanding]) -> tuple[str, ...]:
    """Name the gates that rule an override out, in the order given: those of a forbidden level not shown to hold.

    A failed gate does, and an unknown one. A waiver takes a gate out, but has no force against law. Raises
    ``NoOverrideError``.
    """
    forbidden = bylaws.overriding().forbidden_for_levels
    return tuple(
        gate.id
        for gate in gates
        if gate.level in forbidden
        and gate.state in {GateState.FAIL, GateState.UNKNOWN}
        and (not gate.waived or gate.level is Level.LAW)
    )


def _sound(seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Take the seats as they are. Raises ``SeatsError``."""
    found = tuple(seats)
    for because, person in _unsound(found):
        raise SeatsError(because=because, person=str(person))
    return found


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


def _base(bylaws: Bylaws, seats: tuple[Seat, ...], of: ShareOf) -> int:
    if of is ShareOf.SEATS:
        return sum(seat.counts for seat in seats)
    if of is ShareOf.VOTES_CAST:
        return sum(seat.cast is not None for seat in seats)
    left_out = None if bylaws.abstentions_count_as_present else Choice.ABSTAIN
    return sum(seat.may_vote and (seat.choice is None or seat.choice is not left_out) for seat in seats)


def _quorum(bylaws: Bylaws, seats: tuple[Seat, ...]) -> Quorum:
    """Count who is there. Who abstains is there too, whatever the bylaws say of shares of those present."""
    present, of = sum(seat.may_vote for seat in seats), _base(bylaws, seats, bylaws.quorum.of)
    needed = bylaws.quorum.needed(of)
    return Quorum(present, of, needed, present >= needed)


def _settled(bylaws: Bylaws, seats: tuple[Seat, ...]) -> tuple[Outcome | None, Because, tuple[LevelCount, ...]]:
    if not _quorum(bylaws, seats).reached:
        return None, Because.NO_QUORUM, ()
    if bylaws.oppose_is_veto and any(seat.choice is Choice.OPPOSE for seat in seats):
        return Outcome.REJECT, Because.VETO, ()
    tried: list[LevelCount] = []
    for level in _TRIED:
        tried.append(_level(bylaws, seats, level))
        found = _settles(bylaws, seats, tried[-1])
        if found is not None:
            return *found, tuple(tried)
    tried.append(_level(bylaws, seats, Outcome.REJECT))
    if tried[-1].carried:
        return Outcome.REJECT, Because.MAJORITY, tuple(tried)
    return Outcome.DEFER, Because.NOTHING_CARRIED, tuple(tried)


def _level(bylaws: Bylaws, seats: tuple[Seat, ...], level: Outcome) -> LevelCount:
    yes = sum(seat.is_for(level) for seat in seats)
    of = _base(bylaws, seats, bylaws.pass_.of)
    no = sum(seat.cast is not None for seat in seats) - yes
    return LevelCount(level, yes, no, of, bylaws.pass_.needed(of))


def _settles(bylaws: Bylaws, seats: tuple[Seat, ...], count: LevelCount) -> tuple[Outcome, Because] | None:
    """Say what a level settles; None where the next one is tried."""
    if count.carried:
        return count.level, Because.MAJORITY
    if not count.tied:
        return None
    if bylaws.tie is Tie.CHAIR:
        chair_is_for = any(seat.chair and seat.is_for(count.level) for seat in seats)
        return (count.level, Because.TIE_CHAIR) if chair_is_for else None
    if bylaws.tie is Tie.DEFER:
        return Outcome.DEFER, Because.TIE_DEFER
    return Outcome.REJECT, Because.TIE_REJECT
