from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from service.actions import applications
from service.actions.letters import decision_letter
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock, ClockState
from service.core.cases.reconsidering import ReconsiderationOverError
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import Actor
from tests import make, meeting
from tests.actions import tables
from tests.conftest import Clock as Watch


def read(house: make.House, case_id: UUID, actor: Actor | None = None) -> Clock:
    with house.runtime.work(actor or house.officer, read_only=True) as work:
        return applications.clock(work, case_id)


def test_the_clock_of_a_draft_has_not_started(house: make.House) -> None:
    assert read(house, house.create(make.draft())) == Clock(ClockState.NOT_STARTED, 20)


def test_a_decision_stands_when_the_day_of_its_letter_is_over(house: make.House, clock: Watch) -> None:
    case_id = meeting.decided(house, choice=meeting.DEFER).item(1).application_id
    with house.work(house.officer) as work:
        until = decision_letter(work, case_id, "zh").ruling.reconsider_until
    assert until == date(2027, 1, 22)
    clock.move(days=60)
    assert offered(house, case_id) == ("reconsider",)
    clock.move(hours=13, minutes=44)
    assert offered(house, case_id) == ("reconsider",)
    clock.move(minutes=1)
    assert offered(house, case_id) == ()
    with tables.nothing_changes(house.runtime), pytest.raises(ReconsiderationOverError) as refused:
        house.do(house.officer, applications.reconsider, case_id, "已补充")
    assert refused.value.figures == {"until": until}


def offered(house: make.House, case_id: UUID) -> tuple[str, ...]:
    with house.work(house.officer) as work:
        return applications.case(work, applications.get(work, case_id)).moves


def test_the_clock_follows_a_case_through_its_life(house: make.House, clock: Watch) -> None:
    case_id = house.create(make.application())
    clock.move(days=1)
    house.do(house.reviewer, applications.accept, case_id)
    started = date(2026, 11, 23)
    assert read(house, case_id) == Clock(ClockState.RUNNING, 20, started, 1, date(2026, 12, 21))
    house.do(house.reviewer, applications.return_, case_id, "补充")
    clock.move(days=6)
    assert read(house, case_id) == Clock(ClockState.PAUSED, 20, started, 1)
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    assert read(house, case_id).due_on == date(2026, 12, 25)
    clock.move(days=1)
    meeting.decided(house, case_id, meeting.DEFER)
    clock.move(days=20)
    stopped = read(house, case_id)
    assert (stopped.state, stopped.used, stopped.overdue) == (ClockState.STOPPED, 2, False)
    house.do(house.officer, applications.reconsider, case_id, "已补充")
    assert read(house, case_id) == Clock(ClockState.NOT_STARTED, 20)


def test_a_case_at_a_meeting_or_carried_over_from_it_runs_on(house: make.House, clock: Watch) -> None:
    case_id = meeting.in_review(house)
    held = meeting.opened(house, case_id)
    clock.move(days=1)
    assert (read(house, case_id).state, read(house, case_id).used) == (ClockState.RUNNING, 1)
    held.close("到会人数不足")
    clock.move(days=1)
    assert (read(house, case_id).state, read(house, case_id).used) == (ClockState.RUNNING, 2)


def test_days_are_those_of_the_zone(house: make.House, clock: Watch) -> None:
    clock.now = clock.now.replace(day=23, hour=15, minute=59, second=59)
    case_id = house.create(make.application())
    assert (read(house, case_id).started_on, read(house, case_id).used) == (date(2026, 11, 23), 0)
    clock.move(seconds=1)
    assert read(house, case_id).used == 1


def test_a_case_is_overdue_by_the_term_that_is_set(house: make.House, clock: Watch) -> None:
    case_id = house.create(make.application())
    clock.move(days=3)
    strict = replace(house, runtime=replace(house.runtime, settings=replace(house.runtime.settings, review_days=2)))
    found = read(strict, case_id)
    assert (found.term, found.used, found.due_on, found.overdue) == (2, 3, date(2026, 11, 25), True)
    assert not read(house, case_id).overdue


def test_a_year_that_was_not_announced_is_refused_and_not_guessed(house: make.House, clock: Watch) -> None:
    clock.move(days=20)
    case_id = house.create(make.application())
    with pytest.raises(NoCalendarError) as refused:
        read(house, case_id)
    assert refused.value.figures == {"year": 2027}


def test_the_clock_is_read_by_those_in_whose_sight_the_case_is(house: make.House) -> None:
    case_id = house.create(make.application())
    for actor in (house.officer, house.reviewer, house.secretary, house.chair, house.auditor):
        assert read(house, case_id, actor).state is ClockState.RUNNING
    for actor in (house.colleague, house.member):
        with pytest.raises(NotFoundError):
            read(house, case_id, actor)
    with pytest.raises(ForbiddenError):
        read(house, case_id, house.admin)
