from datetime import date

from sqlalchemy import text

from service.core.people import SYSTEM
from service.work import Runtime
from tests.conftest import Clock


def test_work_knows_the_moment_in_utc_and_the_date_where_the_zone_is(runtime: Runtime, clock: Clock) -> None:
    clock.move(hours=14)
    with runtime.work(SYSTEM, request_id="r-9", expects=3) as work:
        assert work.now == clock.now
        assert work.today == date(2026, 11, 24)
        assert (work.actor, work.request_id, work.expects) == (SYSTEM, "r-9", 3)


def test_leaving_work_keeps_what_was_done(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        work.session.execute(text("INSERT INTO case_counter (year, last) VALUES (2026, 7)"))
    with runtime.work(SYSTEM) as work:
        assert work.session.execute(text("SELECT last FROM case_counter")).scalar_one() == 7
