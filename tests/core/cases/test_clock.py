from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.calendars import shipped
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock, ClockState, Step, clock
from service.core.cases.states import State

CALENDAR = shipped()
MONDAY = date(2026, 3, 2)
TERM = 20


def day(passed: int) -> date:
    return MONDAY + timedelta(days=passed)


def steps(*found: tuple[str, int]) -> list[Step]:
    return [Step(State(state), day(passed)) for state, passed in found]


def read(*found: tuple[str, int], today: int, term: int = TERM) -> Clock:
    return clock(steps(*found), CALENDAR, term, day(today))


def test_a_draft_has_no_time_running() -> None:
    assert read(("draft", 0), today=9) == Clock(ClockState.NOT_STARTED, TERM)


def test_the_day_of_submission_does_not_count_and_the_next_working_day_is_the_first() -> None:
    used = [read(("draft", 0), ("submitted", 0), today=passed).used for passed in range(9)]
    assert used == [0, 1, 2, 3, 4, 4, 4, 5, 6]


def test_a_clock_that_runs_says_when_it_is_due() -> None:
    found = read(("draft", 0), ("submitted", 0), ("in_review", 3), ("tabled", 4), today=7)
    assert found == Clock(ClockState.RUNNING, TERM, day(0), 5, date(2026, 3, 30), overdue=False)


@pytest.mark.parametrize(("today", "overdue"), [(27, False), (28, False), (29, True)])
def test_a_case_is_overdue_from_the_day_after_it_is_due(today: int, overdue: bool) -> None:  # noqa: FBT001 - a parameter
    assert read(("submitted", 0), today=today).overdue is overdue


def test_a_returned_case_stands_still_and_is_due_on_no_day_until_it_comes_back() -> None:
    returned = [("submitted", 0), ("returned", 2)]
    assert read(*returned, today=40) == Clock(ClockState.PAUSED, TERM, day(0), 2, None, overdue=False)
    back = read(*returned, ("submitted", 14), today=15)
    assert (back.state, back.used, back.due_on) == (ClockState.RUNNING, 3, CALENDAR.after(day(14), TERM - 2))


def test_a_case_returned_on_its_last_day_is_due_on_the_day_it_comes_back() -> None:
    back = read(("submitted", 0), ("returned", 28), ("submitted", 30), today=30)
    assert (back.used, back.due_on, back.overdue) == (TERM, day(30), False)
    assert read(("submitted", 0), ("returned", 28), ("submitted", 30), today=31).overdue


def test_a_case_that_was_overdue_when_it_was_returned_stays_so() -> None:
    late = [("submitted", 0), ("returned", 29)]
    for found in (read(*late, today=60), read(*late, ("submitted", 61), today=61)):
        assert (found.due_on, found.overdue) == (day(28), True)


@pytest.mark.parametrize("end", ["approved", "conditional", "deferred", "rejected", "withdrawn"])
def test_a_decision_or_a_withdrawal_stops_the_clock_for_good(end: str) -> None:
    found = read(("submitted", 0), ("in_review", 1), (end, 7), today=200)
    assert found == Clock(ClockState.STOPPED, TERM, day(0), 5, day(28), overdue=False)
    assert read(("submitted", 0), (end, 29), today=200).overdue


def test_a_case_withdrawn_while_it_is_returned_has_used_what_it_had_used() -> None:
    found = read(("submitted", 0), ("returned", 2), ("withdrawn", 20), today=90)
    assert (found.state, found.used, found.due_on) == (ClockState.STOPPED, 2, day(28))


def test_a_draft_that_is_withdrawn_never_had_a_clock() -> None:
    assert read(("draft", 0), ("withdrawn", 1), today=2) == Clock(ClockState.STOPPED, TERM)


def test_a_reconsidered_case_starts_anew() -> None:
    decided = [("submitted", 0), ("rejected", 7), ("draft", 10)]
    assert read(*decided, today=12) == Clock(ClockState.NOT_STARTED, TERM)
    again = read(*decided, ("submitted", 14), today=16)
    assert (again.started_on, again.used, again.due_on) == (day(14), 2, CALENDAR.after(day(14), TERM))


def test_a_day_beyond_the_calendar_is_refused_and_not_guessed() -> None:
    with pytest.raises(NoCalendarError) as refused:
        clock([Step(State.SUBMITTED, date(2026, 12, 20))], CALENDAR, TERM, date(2026, 12, 21))
    assert refused.value.figures == {"year": 2027}


def test_a_paused_clock_needs_no_calendar_of_next_year() -> None:
    found = [Step(State.SUBMITTED, date(2026, 12, 20)), Step(State.RETURNED, date(2026, 12, 22))]
    assert clock(found, CALENDAR, TERM, date(2027, 2, 1)).used == 2


# Gaps in days between submitting, returning, submitting again, and so on.
gaps = st.lists(st.integers(0, 25), min_size=0, max_size=7)
terms = st.integers(1, 40)


def paused(found: list[int]) -> list[Step]:
    """A case that is submitted and then returned and submitted by turns."""
    at, made = 0, [Step(State.SUBMITTED, day(0))]
    for number, gap in enumerate(found):
        at += gap
        made.append(Step(State.SUBMITTED if number % 2 else State.RETURNED, day(at)))
    return made


@given(gaps, terms, st.integers(0, 60))
def test_what_is_used_is_what_lies_between_without_the_pauses(found: list[int], term: int, further: int) -> None:
    made = paused(found)
    today = made[-1].on + timedelta(days=further)
    ends = [step.on for step in made[1:]] + [today]
    pauses = sum(
        CALENDAR.between(step.on, end) for step, end in zip(made, ends, strict=True) if step.to_state is State.RETURNED
    )
    assert clock(made, CALENDAR, term, today).used == CALENDAR.between(MONDAY, today) - pauses


@given(gaps, terms, st.integers(0, 60))
def test_pausing_never_brings_the_due_date_nearer(found: list[int], term: int, further: int) -> None:
    made = paused(found)
    today = made[-1].on + timedelta(days=further)
    without = clock(made[:1], CALENDAR, term, today)
    with_pauses = clock(made, CALENDAR, term, today)
    assert without.due_on is not None
    assert with_pauses.due_on is None or with_pauses.due_on >= without.due_on
    assert with_pauses.used <= without.used
    assert without.overdue or not with_pauses.overdue


@given(gaps, terms, st.integers(0, 60))
def test_a_case_is_overdue_exactly_when_more_than_its_term_was_there_to_be_used(
    found: list[int], term: int, further: int
) -> None:
    made = paused(found)
    today = made[-1].on + timedelta(days=further)
    read = clock(made, CALENDAR, term, today)
    if read.used > term:
        assert read.overdue
    if read.used < term:
        assert not read.overdue


@given(gaps, terms, st.integers(0, 60))
def test_an_overdue_case_stays_overdue_whatever_comes(found: list[int], term: int, further: int) -> None:
    made = paused(found)
    seen = [clock(made[: count + 1], CALENDAR, term, step.on).overdue for count, step in enumerate(made)]
    seen.append(clock(made, CALENDAR, term, made[-1].on + timedelta(days=further)).overdue)
    assert seen == sorted(seen)
