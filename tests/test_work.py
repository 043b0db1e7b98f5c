import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from service.config import Settings
from service.core.errors import UnauthenticatedError
from service.core.people import SYSTEM, Actor
from service.db.applications import CaseCounter
from service.work import BusyError, Runtime, Work, open_runtime, system_clock
from tests.conftest import Clock


def years(runtime: Runtime) -> list[int]:
    """What another unit of work finds."""
    with runtime.work(SYSTEM, read_only=True) as work:
        return list(work.session.execute(text("SELECT year FROM case_counter ORDER BY year")).scalars())


def add(work: Work, year: int) -> None:
    work.session.execute(text("INSERT INTO case_counter (year, last) VALUES (:year, 1)"), {"year": year})


def test_work_knows_the_moment_in_utc_and_the_date_where_the_zone_is(runtime: Runtime, clock: Clock) -> None:
    clock.move(hours=14)
    with runtime.work(SYSTEM, request_id="r-9", expects=3) as work:
        assert work.now == clock.now
        assert work.today == date(2026, 11, 24)
        assert (work.actor, work.request_id, work.expects) == (SYSTEM, "r-9", 3)


def test_the_moment_does_not_move_while_work_goes_on(runtime: Runtime, clock: Clock) -> None:
    with runtime.work(SYSTEM) as work:
        before = work.now
        clock.move(hours=1)
        assert work.now == before


def test_leaving_work_keeps_what_was_done(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        add(work, 2026)
        work.session.add(CaseCounter(year=2027, last=1))
    assert years(runtime) == [2026, 2027]


def interrupt(runtime: Runtime, error: type[BaseException]) -> None:
    with runtime.work(SYSTEM) as work:
        add(work, 2026)
        raise error


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_interrupts_work_undoes_what_was_done(runtime: Runtime, error: type[BaseException]) -> None:
    with pytest.raises(error):
        interrupt(runtime, error)
    assert years(runtime) == []


def test_a_dry_run_does_everything_and_keeps_nothing(runtime: Runtime) -> None:
    with runtime.work(SYSTEM, dry=True) as work:
        add(work, 2026)
        assert work.session.execute(text("SELECT count(*) FROM case_counter")).scalar_one() == 1
    assert years(runtime) == []


def test_a_dry_run_meets_every_constraint(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError), runtime.work(SYSTEM, dry=True) as work:
        work.session.add_all([CaseCounter(year=2026, last=None)])


def test_work_that_only_reads_cannot_write(runtime: Runtime) -> None:
    with pytest.raises(DBAPIError), runtime.work(SYSTEM, read_only=True) as work:
        add(work, 2026)
    with runtime.work(SYSTEM) as work:
        add(work, 2027)
    assert years(runtime) == [2027]


def test_whoever_acts_is_found_out_inside_the_transaction(runtime: Runtime, clock: Clock) -> None:
    asked: list[tuple[bool, datetime]] = []

    def identify(session: Session, now: datetime) -> Actor:
        asked.append((session.in_transaction() or session.execute(text("SELECT 1")).scalar_one() == 1, now))
        return SYSTEM

    with runtime.work(identify) as work:
        assert work.actor is SYSTEM
    assert asked == [(True, clock.now)]


def test_whoever_is_not_known_does_nothing(runtime: Runtime) -> None:
    def identify(session: Session, now: datetime) -> Actor:
        del session, now
        raise UnauthenticatedError

    with pytest.raises(UnauthenticatedError), runtime.work(identify) as work:
        add(work, 2026)
    assert years(runtime) == []


def wait_for_each_other(runtime: Runtime) -> list[BusyError]:
    """Two threads change two rows in opposite order, and meet halfway where the database lets both start."""
    halfway = threading.Barrier(2 if runtime.engine.dialect.name == "postgresql" else 1)
    told: list[BusyError] = []

    def change(first: int, second: int) -> None:
        try:
            with runtime.work(SYSTEM) as work:
                _count(work, first)
                halfway.wait()
                _count(work, second)
        except BusyError as error:
            told.append(error)

    _together(threading.Thread(target=change, args=pair) for pair in ((1, 2), (2, 1)))
    return told


def test_two_units_of_work_that_wait_for_each_other_end_and_one_is_told_to_try_again(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        add(work, 1)
        add(work, 2)
    told = wait_for_each_other(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        counted = list(work.session.execute(text("SELECT last FROM case_counter ORDER BY year")).scalars())
    loses_one = runtime.engine.dialect.name == "postgresql"
    assert [error.figures for error in told] == ([{"retry_after": 1}] if loses_one else [])
    assert counted == ([2, 2] if loses_one else [3, 3])


def _count(work: Work, year: int) -> None:
    work.session.execute(text("UPDATE case_counter SET last = last + 1 WHERE year = :year"), {"year": year})


def _together(threads: Iterator[threading.Thread]) -> None:
    started = list(threads)
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


@contextmanager
def impatient(runtime: Runtime) -> Iterator[None]:
    """Connections made from now on give up waiting at once."""

    def give_up(connection: object, _record: object) -> None:
        statement = {"sqlite": "PRAGMA busy_timeout=1", "postgresql": "SET lock_timeout = '1ms'"}
        connection.execute(statement[runtime.engine.dialect.name])  # type: ignore[attr-defined]  # either driver's
        if runtime.engine.dialect.name == "postgresql":
            connection.commit()  # type: ignore[attr-defined]  # psycopg's

    event.listen(runtime.engine, "connect", give_up)
    yield
    event.remove(runtime.engine, "connect", give_up)


def test_whoever_waits_too_long_is_told_to_try_again(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        add(work, 2026)
    with runtime.engine.begin() as other, impatient(runtime):
        other.execute(text("UPDATE case_counter SET last = 5"))
        with pytest.raises(BusyError) as told, runtime.work(SYSTEM) as work:
            _count(work, 2026)
    assert told.value.figures == {"retry_after": 1}
    assert told.value.code == "busy"


def test_a_broken_constraint_is_our_bug_not_a_busy_database(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        add(work, 2026)
    with pytest.raises(IntegrityError), runtime.work(SYSTEM) as work:
        add(work, 2026)


def test_rows_can_be_looked_at_after_the_work(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        row = CaseCounter(year=2026, last=4)
        work.session.add(row)
    assert (row.year, row.last) == (2026, 4)


def test_a_process_opens_its_runtime_from_its_settings(database_url: str) -> None:
    runtime = open_runtime(Settings(database_url=database_url))
    assert runtime.clock is system_clock
    assert years(runtime) == []
    with runtime.work(SYSTEM) as work:
        assert work.now.utcoffset() is not None
    runtime.engine.dispose()
