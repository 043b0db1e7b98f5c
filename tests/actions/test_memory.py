"""What is remembered between works is forgotten with the first change in the database, whoever makes it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.actions import people
from service.actions.memory import remembered
from service.core.errors import UnauthenticatedError
from service.core.people import SYSTEM, Actor, Role
from service.db.engine import make_engine
from service.db.memory import memory
from service.work import Runtime
from tests import databases, make


def counting() -> tuple[list[int], Callable[[], int]]:
    """Something to ask, and how often it was asked."""
    asked: list[int] = []

    def ask() -> int:
        asked.append(len(asked))
        return len(asked)

    return asked, ask


def read(runtime: Runtime, ask: Callable[[], int]) -> int:
    with runtime.work(SYSTEM, read_only=True) as work:
        return remembered(work.session, "name", ask)


def test_what_has_not_changed_is_asked_once(runtime: Runtime) -> None:
    while True:
        asked, ask = counting()
        before = seen(runtime)
        found = [read(runtime, ask) for _ in range(5)]
        if seen(runtime) == before:
            break
    assert (found, len(asked)) == ([1] * 5, 1)


def seen(runtime: Runtime) -> str:
    """What a PostgreSQL server shows of all its databases: another test's commit in another one looks like a change."""
    if runtime.engine.dialect.name == "sqlite":
        return ""
    with runtime.engine.connect() as connection:
        return str(connection.execute(text("SELECT pg_current_snapshot()")).scalar_one())


def test_a_change_of_ones_own_is_noticed(runtime: Runtime) -> None:
    _, ask = counting()
    assert read(runtime, ask) == 1
    with runtime.work(SYSTEM) as work:
        people.add(work, "招商", [Role.OFFICER])
    assert read(runtime, ask) == 2


def test_a_change_by_somebody_else_is_noticed(runtime: Runtime) -> None:
    _, ask = counting()
    assert read(runtime, ask) == 1
    other = make_engine(databases.text_of(runtime.engine))
    with other.begin() as connection:
        connection.execute(text("INSERT INTO case_counter (year, last) VALUES (2026, 1)"))
    assert read(runtime, ask) == 2
    with other.begin() as connection:
        connection.execute(text("UPDATE case_counter SET last = 2"))
    other.dispose()
    assert read(runtime, ask) == 3


def test_a_change_that_is_not_over_is_noticed_when_it_is(runtime: Runtime) -> None:
    other = make_engine(databases.text_of(runtime.engine))
    with other.begin() as connection:
        connection.execute(text("INSERT INTO case_counter (year, last) VALUES (2026, 1)"))
        kept = memory(runtime.engine)
        kept["name"] = "before"
    other.dispose()
    assert "name" not in memory(runtime.engine)


def test_an_error_is_not_remembered(runtime: Runtime) -> None:
    asked, ask = counting()

    def fail() -> int:
        raise LookupError(ask())

    for _ in range(2):
        with runtime.work(SYSTEM, read_only=True) as work, pytest.raises(LookupError):
            remembered(work.session, "name", fail)
    assert len(asked) == 2


def test_work_that_writes_asks_every_time(runtime: Runtime) -> None:
    _, ask = counting()
    assert read(runtime, ask) == 1
    with runtime.work(SYSTEM) as work:
        assert [remembered(work.session, "name", ask) for _ in range(2)] == [2, 3]


def test_work_that_has_a_view_of_its_own_already_puts_nothing_old_under_a_new_stamp(runtime: Runtime) -> None:
    _, ask = counting()
    with runtime.work(SYSTEM, read_only=True) as work:
        work.session.execute(text("SELECT count(*) FROM case_counter"))
        with runtime.work(SYSTEM) as other:
            other.session.execute(text("INSERT INTO case_counter (year, last) VALUES (2026, 1)"))
        assert remembered(work.session, "name", ask) == 1
    assert read(runtime, ask) == 2


def test_a_session_without_an_engine_of_ours_is_asked_every_time(runtime: Runtime) -> None:
    _, ask = counting()
    with Session(runtime.engine) as session:
        assert [remembered(session, "name", ask) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("key", ["", "slc_abcdefgh_x", "slc_abcdefgi_y"])
def test_a_key_that_is_none_leaves_nothing_in_memory(house: make.House, key: str) -> None:
    def identify(session: Session, now: datetime) -> Actor:
        return people.who(session, key, now)

    with pytest.raises(UnauthenticatedError), house.runtime.work(identify, read_only=True):
        pass
    assert memory(house.runtime.engine) == {}
