"""The cases of a meeting side by side: ranked, with how far each is from a better and from a worse outcome."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from service.core.cases.reported import Reported, ReportedGate, ReportedUnknown
from service.core.rules.model import Decision, Mark, Outcome
from service.core.values import CONTEXT, round_half_up

# The figure that is no dimension.
TOTAL: Final = "total"
# How many unknown facts a line names.
FEW: Final = 3
DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Stances:
    """How many departments say what; ``awaited`` were asked and are silent, ``late`` are or were after their day."""

    support: int = 0
    with_conditions: int = 0
    oppose: int = 0
    awaited: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Pinned:
    """A case as it was tabled, with what was declared and what is verified.

    ``serial`` orders case numbers; ``decision`` are the marks of its rulebook.
    """

    n: int
    serial: int
    declared: Reported
    verified: Reported
    decision: Decision
    stances: Stances = Stances()


@dataclass(frozen=True, slots=True)
class Margin:
    """How many points a figure (``total`` or a dimension) is from where the score would give another outcome."""

    outcome: Outcome
    by: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A case among the others. Cases that stand alike share a rank.

    ``to_better`` is the figure that lacks most for the next better outcome of the score, ``to_worse`` the one with
    the least to spare before the next worse. Both are of the verified score alone; what else holds the outcome
    back, its gates and causes say.
    """

    rank: int
    of: Pinned
    to_better: Margin | None
    to_worse: Margin | None

    @property
    def open_gates(self) -> tuple[ReportedGate, ...]:
        """The gates that are not passed, waived or not, in the order of the rulebook."""
        return tuple(gate for gate in self.of.verified.gates if gate.is_open)

    @property
    def most_missed(self) -> tuple[ReportedUnknown, ...]:
        """The unknown facts that weigh most."""
        return self.of.verified.unknown[:FEW]


@dataclass(frozen=True, slots=True)
class Summary:
    """All lines together: how many end how, and the mean of every figure that is known, None where none is."""

    count: int
    outcomes: Mapping[Outcome, int]
    mean_declared: Decimal | None
    mean_verified: Decimal | None


def ranked(pinned: Iterable[Pinned]) -> tuple[Line, ...]:
    """Rank cases: by the worse outcome of the two, then by verified total; those alike in the order of their numbers.

    What an applicant declares against their own case counts though no paper shows it.
    """
    ordered = sorted(pinned, key=lambda one: (*_standing(one), one.serial))
    standings = [_standing(one) for one in ordered]
    return tuple(
        Line(standings.index(standing) + 1, one, to_better(one), to_worse(one))
        for one, standing in zip(ordered, standings, strict=True)
    )


def summary(lines: Sequence[Line]) -> Summary:
    """Sum the lines up."""
    outcomes = Counter(line.of.verified.outcome for line in lines)
    return Summary(
        count=len(lines),
        outcomes=MappingProxyType({outcome: outcomes[outcome] for outcome in Outcome}),
        mean_declared=_mean([line.of.declared.total for line in lines]),
        mean_verified=_mean([line.of.verified.total for line in lines]),
    )


def to_better(pinned: Pinned) -> Margin | None:
    """Say what lacks most for the next better outcome; None where there is no better one, or no total."""
    found = pinned.verified
    if found.score_outcome is Outcome.APPROVE or found.total is None:
        return None
    better = tuple(Outcome)[found.score_outcome.severity - 1]
    spare = _spare(found, _marks(pinned.decision)[better])
    by = min(spare, key=lambda name: spare[name])
    return Margin(better, by, CONTEXT.minus(spare[by]))


def to_worse(pinned: Pinned) -> Margin | None:
    """Say what has the least to spare before the next worse outcome; None where there is no worse, or no total."""
    found = pinned.verified
    if found.score_outcome is Outcome.REJECT or found.total is None:
        return None
    spare = _spare(found, _marks(pinned.decision)[found.score_outcome])
    by = min(spare, key=lambda name: spare[name])
    return Margin(tuple(Outcome)[found.score_outcome.severity + 1], by, spare[by])


def _standing(pinned: Pinned) -> tuple[int, bool, Decimal]:
    found = pinned.verified
    total = Decimal(0) if found.total is None else CONTEXT.minus(found.total)
    severity = max(found.outcome.severity, pinned.declared.outcome.severity)
    return severity, found.total is None, total


def _marks(decision: Decision) -> Mapping[Outcome, Mark]:
    return {
        Outcome.APPROVE: decision.approve,
        Outcome.CONDITIONAL: decision.conditional,
        Outcome.DEFER: decision.defer,
    }


def _spare(found: Reported, mark: Mark) -> dict[str, Decimal]:
    """Give how far every known figure is above a mark (below: negative), the total first."""
    figures = {TOTAL: (found.total, mark.total)}
    figures |= {name: (score, mark.each_dimension) for name, score in found.dimensions.items()}
    return {name: CONTEXT.subtract(score, least) for name, (score, least) in figures.items() if score is not None}


def _mean(totals: Iterable[Decimal | None]) -> Decimal | None:
    known = [total for total in totals if total is not None]
    if not known:
        return None
    added = sum(known, Decimal(0))
    return round_half_up(CONTEXT.divide(added, Decimal(len(known))), DECIMALS)
