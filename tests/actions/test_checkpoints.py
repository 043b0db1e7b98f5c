"""What is signed of a ledger, and what no longer is once its database went back."""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.actions import ledger
from service.core.ledger.proofs import checkpoint_of
from service.signing import SignerRefusesError
from service.work import Runtime
from tests.actions import tables, tending

TABLES = ("ledger_cosignature", "ledger_checkpoint", "ledger_node", "ledger_leaf")


def sign(runtime: Runtime, *subjects: str) -> int:
    """Record, sequence and sign; give the size that is signed."""
    tending.wait(runtime, *subjects)
    ledger.catch_up(runtime)
    signed = ledger.checkpoint(runtime)
    assert signed is not None
    return signed.size


def refused(runtime: Runtime) -> object:
    with tables.nothing_changes(runtime), pytest.raises(SignerRefusesError) as told:
        ledger.checkpoint(runtime)
    return told.value.figures["because"]


def tamper(runtime: Runtime, *statements: str) -> None:
    """Say to the database what its triggers would refuse, as its owner can."""
    with runtime.engine.begin() as connection:
        guards = _guards(connection)
        for off, _ in guards:
            connection.exec_driver_sql(off)
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _, on in guards:
            connection.exec_driver_sql(on)


def _guards(connection: Connection) -> list[tuple[str, str]]:
    """What takes each trigger out of the way, and puts it back."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        return [(f"DROP TRIGGER {name}", sql) for name, sql in found]
    names = ("keeps_rows", "keeps_all", "adds_next")
    return [
        (
            f"ALTER TABLE {table} DISABLE TRIGGER {table}_{name}",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
        )
        for table in TABLES
        for name in names
    ]


def test_a_tree_that_did_not_grow_is_not_signed_again(runtime: Runtime) -> None:
    assert sign(runtime, "a", "b") == 2
    with tables.nothing_changes(runtime):
        assert sign(runtime) == 2


def test_an_empty_tree_is_not_signed(runtime: Runtime) -> None:
    assert ledger.checkpoint(runtime) is None


def test_the_memory_holds_what_was_signed_last(runtime: Runtime) -> None:
    assert runtime.signer is not None
    for subjects in (("a",), ("b", "c"), ("d",) * 3):
        assert checkpoint_of(runtime.signer.memory.read_bytes() if sign(runtime, *subjects) else b"").size
    assert checkpoint_of(runtime.signer.memory.read_bytes()).size == 6


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_restored_backup_is_not_signed(runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sign(runtime, "a", "b")
    path = Path(str(runtime.engine.url.database))
    runtime.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, tmp_path / "backup.db")
    sign(runtime, "c")
    runtime.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", path)
    with caplog.at_level(logging.CRITICAL):
        assert refused(runtime) == "smaller"
    assert [line.message for line in caplog.records] == ["signer refuses"]
    tending.wait(runtime, "d")
    ledger.catch_up(runtime)
    assert refused(runtime) == "other_root"
    tending.wait(runtime, "e")
    ledger.catch_up(runtime)
    assert refused(runtime) == "inconsistent"


def test_a_tree_that_was_cut_back_is_not_signed(runtime: Runtime) -> None:
    sign(runtime, "a", "b")
    sign(runtime, "c")
    tamper(runtime, "DELETE FROM ledger_checkpoint", "DELETE FROM ledger_leaf", "DELETE FROM ledger_head")
    assert refused(runtime) == "smaller"


def test_a_rewritten_leaf_is_not_signed_over(runtime: Runtime) -> None:
    sign(runtime, "a", "b", "c")
    first = "(SELECT leaf_hash FROM ledger_leaf WHERE seq = 0)"
    tamper(runtime, f"UPDATE ledger_leaf SET leaf_hash = {first} WHERE seq = 1")  # noqa: S608 - our own names
    tending.wait(runtime, "d", "e")
    ledger.catch_up(runtime)
    assert refused(runtime) == "inconsistent"


def test_entries_are_in_the_tree_even_where_the_signer_refuses(runtime: Runtime) -> None:
    assert runtime.signer is not None
    sign(runtime, "a")
    runtime.signer.memory.write_bytes(b"torn")
    tending.wait(runtime, "b")
    included = ledger.include(runtime, [2])
    assert (included.indices, included.size) == ((1,), None)


def test_whoever_waits_is_served_by_a_checkpoint_of_another(runtime: Runtime) -> None:
    tending.wait(runtime, "a", "b")
    assert ledger.include(runtime, [1]).size == 2
    with tables.nothing_changes(runtime):
        assert ledger.include(runtime, [2]) == ledger.Included((1,), 2)
