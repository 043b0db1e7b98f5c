"""What SQLite refuses to whoever opens a filled database, whatever the pragmas, and that the rest is found."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from service.actions import doctor, ledger
from service.actions.doctor import Outside
from service.core.ledger.canonical import leaf_hash
from service.core.ledger.folding import Trouble
from service.db.engine import make_engine
from service.work import Runtime
from tests import busy, databases, make
from tests.conftest import Clock, service
from tests.ledger.forging import seen

NOTHING: Final = Outside(None, {})
CANON: Final = (
    b'{"actor":{"ref":"system","roles":[]},"at":"2026-11-23T02:15:30.123456Z","data":{},'
    b'"id":"00000000-0000-7000-8000-000000000000","request":null,'
    b'"subject":{"id":"t-1","kind":"thing","prev":null,"rev":1},"type":"thing.done","v":1}'
)
ENTRY: Final[dict[str, Any]] = {"canon": CANON, "hash": leaf_hash(CANON), "time": "2026-11-23 02:15:30.123456"}
WRITE: Final = (
    "INSERT INTO ledger_event (id, canon, leaf_hash, recorded_at, type, subject_kind, subject_id, rev) "
    "VALUES ({0}, :canon, :hash, :time, 'thing.done', 'thing', 't-1', 1)"
)
NEXT: Final = WRITE.format("(SELECT max(id) + 1 FROM ledger_event)")
PRAGMAS: Final = (
    "SELECT 1",
    "PRAGMA recursive_triggers=OFF",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA ignore_check_constraints=ON",
)
OTHER: Final = "canon = CAST(replace(CAST(canon AS TEXT), '\"system\"', '\"u:1\"') AS BLOB)"
REFUSED: Final = (
    f"UPDATE ledger_event SET {OTHER}",  # noqa: S608 - our own
    "UPDATE OR REPLACE ledger_event SET id = id + 1",
    "DELETE FROM ledger_event",
    "DELETE FROM ledger_event WHERE id = (SELECT max(id) FROM ledger_event)",
    "REPLACE INTO ledger_event SELECT * FROM ledger_event WHERE id = 1",
    "INSERT OR REPLACE INTO ledger_event SELECT * FROM ledger_event WHERE id = (SELECT max(id) FROM ledger_event)",
    "INSERT INTO ledger_event SELECT * FROM ledger_event WHERE id = 1 ON CONFLICT (id) DO UPDATE SET type = 'x'",
    "REPLACE INTO ledger_leaf SELECT * FROM ledger_leaf WHERE seq = 1",
    "REPLACE INTO ledger_checkpoint SELECT * FROM ledger_checkpoint",
    "REPLACE INTO decision SELECT * FROM decision",
    "UPDATE decision SET outcome = 'approve'",
    "DELETE FROM ledger_leaf",
    WRITE.format("(SELECT max(id) + 2 FROM ledger_event)"),
    WRITE.format("NULL"),
    WRITE.format("1"),
)
OFF: Final = "DROP TRIGGER ledger_event_keeps_rows_on_update"
REWRITE: Final = f"UPDATE ledger_event SET {OTHER}"  # noqa: S608 - our own
SWAPPED: Final = (
    "CREATE TABLE other AS SELECT * FROM ledger_event",
    f"UPDATE other SET {OTHER}",  # noqa: S608 - our own
    "DROP TABLE ledger_event",
    "CREATE TABLE ledger_event AS SELECT * FROM other",
)
FORGED: Final = {
    "no trigger": ((OFF, REWRITE), Trouble.ENTRY_HASH),
    "another table of that name": (SWAPPED, Trouble.ENTRY_HASH),
    "no row": (("DROP TRIGGER ledger_event_keeps_rows_on_delete", "DELETE FROM ledger_event"), Trouble.LEAF_HASH),
    "no checkpoint's bytes": (
        ("DROP TRIGGER ledger_checkpoint_keeps_rows_on_update", "UPDATE ledger_checkpoint SET note = X'00'"),
        Trouble.CHECKPOINT_NOTE,
    ),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A service in which everything has happened, signed."""
    with databases.fresh("sqlite") as engine:
        runtime = service(engine, Clock(), tmp_path_factory.mktemp("filled"))
        busy.make_busy(make.house(runtime))
        ledger.tend(runtime)
        yield runtime
        assert findings_of(runtime) == set()


@pytest.fixture
def opened(filled: Runtime) -> Iterator[Engine]:
    """The database, opened by somebody of whom the service knows nothing."""
    engine = make_engine(databases.text_of(filled.engine))
    yield engine
    engine.dispose()


def findings_of(runtime: Runtime) -> set[Trouble]:
    with runtime.engine.connect() as connection:
        found = findings(connection, runtime)
        connection.rollback()
    return found


def findings(connection: Connection, runtime: Runtime) -> set[Trouble]:
    with seen(connection, runtime) as work:
        return {finding.trouble for finding in doctor.examine(work, NOTHING).findings}


def say(connection: Connection, statement: str) -> None:
    connection.execute(text(statement), ENTRY if ":canon" in statement else {})


@pytest.mark.parametrize("pragma", PRAGMAS)
@pytest.mark.parametrize("statement", REFUSED)
def test_it_is_refused_whatever_the_pragma(opened: Engine, pragma: str, statement: str) -> None:
    with opened.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(pragma)
        with pytest.raises(DBAPIError):
            say(connection, statement)
        connection.rollback()


def test_a_wrong_leaf_hash_is_taken_if_it_is_one_and_found(opened: Engine, filled: Runtime) -> None:
    with opened.connect() as connection:
        say(connection, NEXT.replace(":hash", "zeroblob(32)"))
        assert findings(connection, filled) >= {Trouble.ENTRY_HASH, Trouble.UNKNOWN_TYPE, Trouble.NOT_SEQUENCED}
        connection.rollback()
        with pytest.raises(DBAPIError, match="ck_ledger_event_leaf_hash"):
            say(connection, NEXT.replace(":hash", "zeroblob(31)"))
        connection.rollback()


def test_a_time_that_somebody_chose_is_no_evidence(opened: Engine, filled: Runtime) -> None:
    with opened.connect() as connection:
        say(connection, NEXT.replace(":time", "'2020-01-01 00:00:00.000000'"))
        assert findings(connection, filled) == {Trouble.UNKNOWN_TYPE, Trouble.NOT_SEQUENCED}
        connection.rollback()


@pytest.mark.parametrize("way", FORGED)
def test_what_is_done_without_triggers_is_found(opened: Engine, filled: Runtime, way: str) -> None:
    statements, trouble = FORGED[way]
    with opened.connect() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for statement in statements:
            say(connection, statement)
        assert trouble in findings(connection, filled)
        connection.rollback()


@pytest.mark.parametrize("table", ["ledger_event", "ledger_leaf", "ledger_checkpoint", "decision"])
def test_a_table_that_is_gone_is_not_passed_over(opened: Engine, filled: Runtime, table: str) -> None:
    with opened.connect() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql(f"DROP TABLE {table}")
        with pytest.raises(OperationalError):
            findings(connection, filled)
        connection.rollback()


def test_an_entry_that_a_row_rests_on_is_kept_by_its_key_alone(opened: Engine) -> None:
    with opened.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_event_keeps_rows_on_delete")
        with pytest.raises(DBAPIError, match="FOREIGN KEY"):
            connection.exec_driver_sql("DELETE FROM ledger_event WHERE id = (SELECT max(event_id) FROM decision)")
        connection.rollback()
