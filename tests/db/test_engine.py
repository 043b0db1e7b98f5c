import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, TextClause, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from service.db.applications import CaseCounter
from service.db.engine import make_engine, reading

WRITE = text("INSERT INTO case_counter (year, last) VALUES (2026, 1)")
COUNT = text("SELECT count(*) FROM case_counter")


def test_postgresql_is_spoken_to_with_psycopg(engine: Engine, database: str) -> None:
    assert engine.driver == {"sqlite": "pysqlite", "postgresql": "psycopg"}[database]


def test_a_foreign_key_holds(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_pending (event_id) VALUES (1)"))


def test_an_error_does_not_tell_the_values_it_was_given(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as refused, engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_pending (event_id) VALUES (:id)"), {"id": 4711})
    assert "4711" not in str(refused.value).partition("DETAIL")[0]


def test_tables_made_in_a_transaction_that_fails_are_not_there(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.rollback()
    with engine.connect() as connection, pytest.raises(DBAPIError, match="half"):
        connection.execute(text("SELECT * FROM half"))


def test_a_savepoint_belongs_to_its_transaction(engine: Engine) -> None:
    with Session(engine) as session:
        with session.begin_nested():
            session.execute(WRITE)
        session.rollback()
    with engine.connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 0


def test_whoever_only_reads_cannot_write_and_whoever_comes_next_can(engine: Engine) -> None:
    with reading(engine).connect() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
        connection.execute(WRITE)
    with engine.begin() as connection:
        connection.execute(WRITE)
    with reading(engine).connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 1


def test_whoever_reads_sees_one_moment_and_stops_no_writer(engine: Engine) -> None:
    with reading(engine).connect() as reader:
        assert reader.execute(COUNT).scalar_one() == 0
        with engine.begin() as writer:
            writer.execute(WRITE)
        assert reader.execute(COUNT).scalar_one() == 0
    with reading(engine).connect() as reader:
        assert reader.execute(COUNT).scalar_one() == 1


def test_what_a_writer_read_is_still_true_when_it_writes(engine: Engine) -> None:
    """Eight writers read a figure and write the next one; none is lost."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO case_counter (year, last) VALUES (2026, 0)"))

    def count_on() -> None:
        with engine.begin() as connection:
            last = connection.execute(select(CaseCounter.last).with_for_update()).scalar_one()
            connection.execute(text("UPDATE case_counter SET last = :next"), {"next": last + 1})

    threads = [threading.Thread(target=count_on) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT last FROM case_counter")).scalar_one() == 8


def commit(engine: Engine, *statements: TextClause) -> None:
    with Session(engine) as session:
        for statement in statements:
            session.execute(statement)
        session.commit()


def test_a_commit_that_fails_leaves_nothing_open(engine: Engine) -> None:
    def fail(_connection: object) -> None:
        raise ZeroDivisionError

    event.listen(engine, "commit", fail)
    with pytest.raises(ZeroDivisionError):
        commit(engine, WRITE)
    event.remove(engine, "commit", fail)
    with engine.begin() as connection:
        assert connection.execute(COUNT).scalar_one() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_commit_that_sqlite_refuses_leaves_nothing_open(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        commit(engine, text("PRAGMA defer_foreign_keys=ON"), text("INSERT INTO ledger_pending (event_id) VALUES (77)"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_pending")).scalar_one() == 0


SQLITE = {"foreign_keys": 1, "recursive_triggers": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000}


def test_every_sqlite_connection_is_set_up(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            connection.rollback()
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in SQLITE}
            assert found == SQLITE
            connection.rollback()
    engine.dispose()
