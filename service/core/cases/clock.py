"""The clock of a case: how many of the working days a review may take are used, and when it is due.

It starts when a case is submitted and stops when it is decided or withdrawn; while the case is returned for
supplement, it stands still. A case that is reconsidered starts anew. The day something happens on does not count; the
next working day is the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.core.cases.calendar import Calendar
from service.core.cases.states import State


class ClockState(StrEnum):
    """What the clock does."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """A case came into a state on a day."""

    to_state: State
    on: date


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock stands. ``started_on`` and ``used`` are of the present round.

    ``due_on`` is None before the start, and while a clock that was not overdue is paused.
    """

    state: ClockState
    term: int
    started_on: date | None = None
    used: int = 0
    due_on: date | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Time in which the clock runs, from a day to another, or to the present."""

    start: date
    end: date | None


_RUNS: Final = frozenset({State.SUBMITTED, State.IN_REVIEW, State.TABLED})
_STATES: Final = {State.DRAFT: ClockState.NOT_STARTED, State.RETURNED: ClockState.PAUSED}


def clock(steps: Iterable[Step], calendar: Calendar, term: int, today: date) -> Clock:
    """Read the clock of a case from the states it came into, in their order; ``term`` is in working days.

    Raises ``NoCalendarError`` where one of the days lies in a year the calendar does not know.
    """
    state, stretches = _stretches(steps)
    if not stretches:
        return Clock(state, term)
    last = stretches[-1].end or today
    due_on = _due(stretches, calendar, term, is_paused=state is ClockState.PAUSED)
    return Clock(
        state=state,
        term=term,
        started_on=stretches[0].start,
        used=sum(calendar.between(stretch.start, stretch.end or today) for stretch in stretches),
        due_on=due_on,
        overdue=due_on is not None and last > due_on,
    )


def _stretches(steps: Iterable[Step]) -> tuple[ClockState, tuple[_Stretch, ...]]:
    """Give what the clock does now, and the stretches of the present round."""
    state, ended, start = ClockState.NOT_STARTED, list[_Stretch](), None
    for step in steps:
        if step.to_state is State.DRAFT:
            ended, start = [], None
        runs = step.to_state in _RUNS
        if start is not None and not runs:
            ended.append(_Stretch(start, step.on))
        start = (start or step.on) if runs else None
        state = ClockState.RUNNING if runs else _STATES.get(step.to_state, ClockState.STOPPED)
    return state, (*ended, *(() if start is None else (_Stretch(start, None),)))


def _due(stretches: tuple[_Stretch, ...], calendar: Calendar, term: int, *, is_paused: bool) -> date | None:
    """Give the day the term ends on: the one that went by in an earlier stretch, else the one the last leads to."""
    left = term
    for stretch in stretches[:-1]:
        if _is_over(stretch, calendar, left):
            return calendar.after(stretch.start, left)
        left -= calendar.between(stretch.start, stretch.end or stretch.start)
    last = stretches[-1]
    return None if is_paused and not _is_over(last, calendar, left) else calendar.after(last.start, left)


def _is_over(stretch: _Stretch, calendar: Calendar, left: int) -> bool:
    """Whether the rest of the term went by in a stretch that ended."""
    if stretch.end is None or calendar.between(stretch.start, stretch.end) < left:
        return False
    return calendar.after(stretch.start, left) < stretch.end
