"""Which facts of a case are backed by papers: what a paper must say of itself, and what it is worth on a day."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.core.cases.states import State
from service.core.errors import ConflictError, Flaw
from service.core.rules.model import Grade, Rulebook
from service.core.values import Json

MOST_PAPERS: Final = 500
MOST_FACTS: Final = 100

_LONGEST_SHOWN = 64
_GRADES: Final = tuple(Grade)
_TAKES_PAPERS: Final = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
_TAKES_RULINGS: Final = _TAKES_PAPERS - {State.DRAFT}


class EvidenceState(StrEnum):
    """What a reviewer said of a paper."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Standing(StrEnum):
    """How a fact stands on paper, best first."""

    NOT_NEEDED = "not_needed"
    BACKED = "backed"
    PENDING = "pending"
    EXPIRED = "expired"
    TOO_WEAK = "too_weak"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a new paper says of itself. ``grade`` is None where it cannot be read."""

    grade: Grade | None
    facts: tuple[str, ...]
    issued_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Paper ``n`` of a case: its grade, the names of the facts it backs, its dates, and what was said of it."""

    n: int
    grade: Grade
    facts: tuple[str, ...]
    issued_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    expires_on: date | None = None
    state: EvidenceState = EvidenceState.PENDING


@dataclass(frozen=True, slots=True)
class Backing:
    """How one fact stands: ``needs`` is the grade it needs, ``paper`` the number of the paper that decides it."""

    state: Standing
    needs: Grade
    paper: int | None = None

    @property
    def counts(self) -> bool:
        """Whether the fact counts where only what is verified does."""
        return self.state in (Standing.BACKED, Standing.NOT_NEEDED)


class PapersClosedError(ConflictError):
    """The papers of the case stay as they are. Figures: ``state``, and ``states`` in which they would not."""

    code = "papers_closed"


class TooManyPapersError(ConflictError):
    """The case has as many papers as it may. Figures: ``most``."""

    code = "too_many_papers"


def require_attachable(state: State, papers: int) -> None:
    """Raise ``PapersClosedError`` or ``TooManyPapersError`` unless one more paper is taken."""
    _require(state, _TAKES_PAPERS)
    if papers >= MOST_PAPERS:
        raise TooManyPapersError(most=MOST_PAPERS)


def require_rulable(state: State) -> None:
    """Raise ``PapersClosedError`` unless a reviewer may still rule on the papers of a case."""
    _require(state, _TAKES_RULINGS)


def flaws(rulebook: Rulebook, claims: Claims, today: date) -> tuple[Flaw, ...]:
    """List what is wrong with a new paper by the edition its facts are of."""
    missing = (Flaw("/grade", "member_missing"),) if claims.grade is None else ()
    return (*missing, *_fact_flaws(rulebook, claims.facts), *_date_flaws(claims, today))


def backing(rulebook: Rulebook, given: Collection[str], papers: Iterable[Paper], on: date) -> Mapping[str, Backing]:
    """Say of every given fact how it stands on a day, by the best paper for it, in the order of the rulebook."""
    known = tuple(papers)
    return {
        name: _backing(fact.evidence, [paper for paper in known if name in paper.facts], on)
        for name, fact in rulebook.facts.items()
        if name in given
    }


def verified_values(raw: Mapping[str, Json], backings: Mapping[str, Backing]) -> dict[str, Json]:
    """Leave out the raw facts that need a paper and are not backed by one."""
    return {name: value for name, value in raw.items() if name not in backings or backings[name].counts}


def _require(state: State, taken: frozenset[State]) -> None:
    if state not in taken:
        raise PapersClosedError(state=state.value, states=tuple(item.value for item in State if item in taken))


def _fact_flaws(rulebook: Rulebook, facts: tuple[str, ...]) -> Iterator[Flaw]:
    if not facts:
        yield Flaw("/facts", "member_missing")
    if len(facts) > MOST_FACTS:
        yield Flaw("/facts", "items_count", {"length": len(facts), "most": MOST_FACTS})
        return
    for at, name in enumerate(facts):
        if name not in rulebook.facts:
            yield Flaw(f"/facts/{at}", "fact_unknown", {"found": name[:_LONGEST_SHOWN]})
        elif name in facts[:at]:
            yield Flaw(f"/facts/{at}", "fact_twice", {"found": name})


def _date_flaws(claims: Claims, today: date) -> Iterator[Flaw]:
    issued, start, end, expires = claims.issued_on, claims.covers_from, claims.covers_to, claims.expires_on
    if issued is not None and issued > today:
        yield Flaw("/issued_on", "paper_issued", {"today": today})
    if start is not None and end is not None and end < start:
        yield Flaw("/covers_to", "paper_period", {"first": start})
    if issued is not None and expires is not None and expires < issued:
        yield Flaw("/expires_on", "paper_expiry", {"first": issued})


def _backing(needs: Grade, papers: Iterable[Paper], on: date) -> Backing:
    if needs is Grade.DECLARED:
        return Backing(Standing.NOT_NEEDED, needs)
    standings = ((_standing(needs, paper, on), paper) for paper in papers)
    found = min(standings, key=_worst_last, default=None)
    return Backing(Standing.MISSING, needs) if found is None else Backing(found[0], needs, found[1].n)


def _worst_last(found: tuple[Standing, Paper]) -> tuple[int, int, int]:
    """Order by standing, then the better grade, then the later paper."""
    standing, paper = found
    return (_ORDER.index(standing), -_GRADES.index(paper.grade), -paper.n)


def _standing(needs: Grade, paper: Paper, on: date) -> Standing:
    if paper.state is EvidenceState.REFUSED:
        return Standing.REFUSED
    if _GRADES.index(paper.grade) < _GRADES.index(needs):
        return Standing.TOO_WEAK
    if not _is_current(paper, on):
        return Standing.EXPIRED
    return Standing.BACKED if paper.state is EvidenceState.ACCEPTED else Standing.PENDING


def _is_current(paper: Paper, on: date) -> bool:
    """Whether a paper still holds on a day: its last day, and the last day it covers, count."""
    return all(last is None or on <= last for last in (paper.expires_on, paper.covers_to))


_ORDER: Final = tuple(Standing)
