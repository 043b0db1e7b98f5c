"""Leaves, nodes, checkpoints and cosignatures stay as they were written, whoever asks the database to change them."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.db import rows

KEPT = {
    "ledger_leaf": "leaf_hash",
    "ledger_node": "hash",
    "ledger_checkpoint": "note",
    "ledger_cosignature": "line",
}
ROOT = {"sqlite": f"x'{'aa' * 32}'", "postgresql": f"'\\x{'aa' * 32}'::bytea"}


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Two leaves of four entries, a node, a checkpoint with a cosignature."""
    value = ROOT[engine.dialect.name]
    with engine.begin() as connection:
        rows.add_all(connection)
        for statement in (
            "INSERT INTO ledger_leaf SELECT 0, id, leaf_hash FROM ledger_event WHERE rev = 1",
            "INSERT INTO ledger_leaf SELECT 1, id, leaf_hash FROM ledger_event WHERE rev = 2",
            f"INSERT INTO ledger_node VALUES (8, 0, {value})",  # noqa: S608 - our own
            f"INSERT INTO ledger_checkpoint VALUES (2, {value}, {value}, '{rows.MOMENT}')",  # noqa: S608 - our own
            "INSERT INTO ledger_cosignature VALUES (2, 'w', 'line')",
        ):
            connection.exec_driver_sql(statement)
    return engine


def refused(engine: Engine, *statements: str) -> str:
    """Run statements in one transaction, expect the last to be refused, and give the database's words."""
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
        with pytest.raises(DBAPIError) as told:
            connection.exec_driver_sql(statements[-1])
        connection.rollback()
        assert connection.execute(text("SELECT count(*) FROM ledger_leaf")).scalar_one() == 2
    return str(told.value.orig)


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_neither_changed_nor_deleted(engine: Engine, table: str) -> None:
    assert "only ever added" in refused(engine, f"UPDATE {table} SET {KEPT[table]} = {KEPT[table]}")  # noqa: S608 - our own
    assert "only ever added" in refused(engine, f"DELETE FROM {table}")  # noqa: S608 - our own names


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", KEPT)
def test_postgresql_refuses_truncating_and_sessions_without_triggers(engine: Engine, table: str) -> None:
    assert "only ever added" in refused(engine, f"TRUNCATE {table} CASCADE")
    assert "only ever added" in refused(
        engine,
        "SET LOCAL session_replication_role = replica",
        f"DELETE FROM {table}",  # noqa: S608 - our own names
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO ledger_leaf SELECT * FROM ledger_leaf WHERE seq = 1",
        "INSERT OR REPLACE INTO ledger_leaf SELECT 2, event_id, leaf_hash FROM ledger_leaf WHERE seq = 1",
        "REPLACE INTO ledger_node SELECT * FROM ledger_node",
        "REPLACE INTO ledger_checkpoint SELECT * FROM ledger_checkpoint",
        "REPLACE INTO ledger_cosignature SELECT * FROM ledger_cosignature",
    ],
)
def test_sqlite_does_not_replace_a_row_whatever_the_pragma(engine: Engine, recursive: str, statement: str) -> None:
    refused(engine, f"PRAGMA recursive_triggers={recursive}", statement)


@pytest.mark.parametrize("number", [-1, 3, 4])
def test_a_leaf_takes_no_number_but_the_next(engine: Engine, number: int) -> None:
    statement = f"INSERT INTO ledger_leaf SELECT {number}, id, leaf_hash FROM ledger_event WHERE rev = 3"  # noqa: S608
    assert "a leaf takes the next number" in refused(engine, statement)


@pytest.mark.parametrize("number", [0, 1])
def test_a_leaf_takes_no_number_that_is_taken(engine: Engine, number: int) -> None:
    statement = f"INSERT INTO ledger_leaf SELECT {number}, id, leaf_hash FROM ledger_event WHERE rev = 3"  # noqa: S608
    by = {"sqlite": "a leaf takes the next number", "postgresql": "pk_ledger_leaf"}
    assert by[engine.dialect.name] in refused(engine, statement)


@pytest.mark.parametrize("numbers", ["(3, 4)", "(2, 4)", "(4, 2)", "(-1, 2)"])
def test_leaves_added_together_take_no_numbers_but_the_next(engine: Engine, numbers: str) -> None:
    third, fourth = numbers.strip("()").split(", ")
    statement = (
        f"INSERT INTO ledger_leaf SELECT CASE rev WHEN 3 THEN {third} ELSE {fourth} END, id, leaf_hash "  # noqa: S608
        "FROM ledger_event WHERE rev > 2 ORDER BY rev"
    )
    assert "a leaf takes the next number" in refused(engine, statement)


def test_leaves_added_together_take_each_the_hash_of_its_entry(engine: Engine) -> None:
    statement = (
        "INSERT INTO ledger_leaf SELECT rev - 1, id, CASE rev WHEN 3 THEN leaf_hash ELSE "
        "(SELECT leaf_hash FROM ledger_event WHERE rev = 1) END FROM ledger_event WHERE rev > 2 ORDER BY rev"
    )
    assert "the hash of its entry" in refused(engine, statement)


def test_the_next_leaves_are_taken_together(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ledger_leaf SELECT rev - 1, id, leaf_hash FROM ledger_event WHERE rev > 2 ORDER BY rev"
        )


def test_a_leaf_of_no_entry_is_refused(engine: Engine) -> None:
    statement = f"INSERT INTO ledger_leaf VALUES (2, 99, {ROOT[engine.dialect.name]})"  # noqa: S608 - our own
    by = {"sqlite": "the hash of its entry", "postgresql": "fk_ledger_leaf_event_id_ledger_event"}
    assert by[engine.dialect.name] in refused(engine, statement)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_checks_leaves_of_sessions_without_triggers(engine: Engine) -> None:
    statement = f"INSERT INTO ledger_leaf VALUES (2, 99, {ROOT[engine.dialect.name]})"  # noqa: S608 - our own
    assert "the hash of its entry" in refused(engine, "SET LOCAL session_replication_role = replica", statement)


def test_the_next_leaf_is_taken(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO ledger_leaf SELECT 2, id, leaf_hash FROM ledger_event WHERE rev = 3")


def test_a_leaf_with_the_hash_of_another_entry_is_refused(engine: Engine) -> None:
    statement = (
        "INSERT INTO ledger_leaf SELECT 2, (SELECT id FROM ledger_event WHERE rev = 4), leaf_hash "
        "FROM ledger_event WHERE rev = 3"
    )
    assert "the hash of its entry" in refused(engine, statement)


def test_an_entry_is_a_leaf_once(engine: Engine) -> None:
    refused(engine, "INSERT INTO ledger_leaf SELECT 2, event_id, leaf_hash FROM ledger_leaf WHERE seq = 0")


@pytest.mark.parametrize("place", ["0, 0", "7, 0", "8, 0", "8, 2", "16, 1", "-8, 0"])
def test_a_node_takes_the_next_number_of_a_kept_level(engine: Engine, place: str) -> None:
    refused(engine, f"INSERT INTO ledger_node VALUES ({place}, {ROOT[engine.dialect.name]})")  # noqa: S608


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_checkpoint_is_larger_than_all_before_it(engine: Engine, size: int) -> None:
    value = ROOT[engine.dialect.name]
    told = refused(engine, f"INSERT INTO ledger_checkpoint VALUES ({size}, {value}, {value}, '{rows.MOMENT}')")  # noqa: S608
    assert "larger than all before" in told


def test_there_is_one_head(engine: Engine) -> None:
    refused(engine, f"INSERT INTO ledger_head VALUES (2, 0, {ROOT[engine.dialect.name]})")  # noqa: S608
