"""What each role of a production database may do to the ledger; and that the service works as the least of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from service.actions import doctor, ledger, tidying
from service.actions.doctor import Outside
from service.actions.ledger import record
from service.cli.runtime import INSPECTING
from service.core.ledger.canonical import leaf_hash
from service.core.ledger.folding import Trouble
from service.core.people import SYSTEM
from service.db import migrate, tables
from service.work import Runtime
from tests import busy, make
from tests.conftest import Clock, service
from tests.ledger.forging import seen
from tests.ledger.roles import Guarded, guarded

NOTHING: Final = Outside(None, {})
KEPT: Final = {
    "ledger_event": "canon",
    "ledger_leaf": "leaf_hash",
    "ledger_node": "hash",
    "ledger_checkpoint": "note",
    "ledger_cosignature": "line",
    "rulebook": "source",
    "application_version": "facts",
    "assessment": "report_zh",
    "recusal": "reason",
    "decision": "outcome",
}
CANON: Final = (
    b'{"actor":{"ref":"system","roles":[]},"at":"2026-11-23T02:15:30.123456Z","data":{},'
    b'"id":"00000000-0000-7000-8000-000000000000","request":null,'
    b'"subject":{"id":"t-1","kind":"thing","prev":null,"rev":1},"type":"thing.done","v":1}'
)
ENTRY: Final[dict[str, Any]] = {"canon": CANON, "hash": leaf_hash(CANON)}
WRITE: Final = (
    "INSERT INTO ledger_event (canon, leaf_hash, type, subject_kind, subject_id, rev{0}) "
    "VALUES (:canon, :hash, 'thing.done', 'thing', 't-1', 1{1})"
)
PLAIN: Final = WRITE.format("", "")
CHOSEN: Final = {
    "number": WRITE.format(", id", ", 1000000"),
    "time": WRITE.format(", recorded_at", ", '2020-01-01'"),
}
UPSERT: Final = PLAIN + " ON CONFLICT (subject_kind, subject_id, rev) DO UPDATE SET canon = excluded.canon"
OPEN: Final = "ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_leaf_hash"
LOOSE: Final = "ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_columns"
OTHER: Final = "convert_to(replace(convert_from(canon, 'UTF8'), '\"system\"', '\"u:1\"'), 'UTF8')"
RETYPE: Final = f"ALTER TABLE ledger_event ALTER COLUMN canon TYPE bytea USING {OTHER}"
UPDATE: Final = f"UPDATE ledger_event SET canon = {OTHER}"  # noqa: S608 - our own
SWITCH_OFF: Final = "ALTER TABLE ledger_event DISABLE TRIGGER USER"

# What nobody may do who does not own the tables.
FORBIDDEN: Final = (
    RETYPE,
    SWITCH_OFF,
    OPEN,
    "ALTER TABLE ledger_event RENAME TO old",
    "ALTER TABLE ledger_event DROP COLUMN recorded_at",
    "DROP TRIGGER ledger_event_keeps_rows ON ledger_event",
    "DROP TABLE ledger_pending",
    "CREATE OR REPLACE FUNCTION sluice_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE mine (n integer)",
    "CREATE TEMPORARY TABLE ledger_event (n integer)",
    "SET session_replication_role = replica",
)


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A database in which everything has happened, every bit of it done as the application's role."""
    with guarded() as made:
        app = acting(made, "app", tmp_path_factory.mktemp("app"))
        house = make.house(app)
        busy.make_busy(house)
        ledger.tend(app)
        with house.work(house.officer) as work:
            entries = work.entries
            record(work, "thing.done", "thing", "t-0", {})
        assert ledger.include(app, entries).size == entries[0]
        app.engine.dispose()
        yield made


def acting(guard: Guarded, role: str, folder: Path) -> Runtime:
    """The service, connected as a role."""
    return service(guard.as_(role), Clock(), folder)


def connected(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.dispose()


@pytest.fixture(params=["app", "sequencer", "reader"])
def role(guard: Guarded, request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from connected(guard.as_(request.param))


@pytest.fixture
def app(guard: Guarded) -> Iterator[Engine]:
    yield from connected(guard.as_("app"))


@pytest.fixture
def owner(guard: Guarded) -> Iterator[Engine]:
    yield from connected(guard.owning())


def refused(engine: Engine, *statements: str, **values: object) -> str:
    """Run statements, expect the last to be refused, and give the database's words."""
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
        with pytest.raises(DBAPIError) as told:
            connection.execute(text(statements[-1]), values)
        connection.rollback()
    return str(told.value.orig)


def test_the_service_may_remove_what_is_kept_for_a_while_only(guard: Guarded, tmp_path: Path) -> None:
    runtime = acting(guard, "app", tmp_path)
    try:
        with runtime.work(SYSTEM, dry=True) as work:
            tidying.tidy(replace(work, now=work.now + timedelta(days=400)))
    finally:
        runtime.engine.dispose()


def found_after(engine: Engine, runtime: Runtime, *statements: str, **values: object) -> set[Trouble]:
    """Run statements that nobody refuses, and give what the doctor finds before they are undone."""
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement), values if ":canon" in statement else {})
        found = findings(connection, runtime)
        connection.rollback()
    return found


def findings(connection: Connection, runtime: Runtime) -> set[Trouble]:
    with seen(connection, runtime) as work:
        return {finding.trouble for finding in doctor.examine(work, NOTHING).findings}


@pytest.fixture
def reader(guard: Guarded, tmp_path: Path) -> Iterator[Runtime]:
    runtime = acting(guard, "reader", tmp_path)
    yield runtime
    runtime.engine.dispose()


def test_everything_was_done_as_the_application_and_the_reader_finds_only_what_no_rule_knows(reader: Runtime) -> None:
    with reader.work(INSPECTING, read_only=True) as work:
        found = doctor.examine(work, NOTHING)
    assert {finding.ledger for finding in found.findings} == {"thing.done"}
    assert (found.size, found.checkpoint, found.rows > 40) == (found.entries, found.entries, True)
    assert migrate.at_head(reader.engine)


def test_the_sequencer_keeps_the_tree_and_sees_no_case(guard: Guarded, tmp_path: Path) -> None:
    sequencer = acting(guard, "sequencer", tmp_path)
    with sequencer.work(SYSTEM, dry=True) as work:
        record(work, "log.heartbeat", "log", "other", {})
        assert ledger.sequence(work) == 1
    assert "permission denied" in refused(sequencer.engine, "SELECT * FROM application")
    sequencer.engine.dispose()


def test_migrations_run_as_the_owner_and_what_they_make_is_given_out_by_running_the_file_again(tmp_path: Path) -> None:
    with guarded() as made:
        owner = made.owning()
        migrate.downgrade(owner, "base")
        migrate.upgrade(owner)
        owner.dispose()
        app = acting(made, "app", tmp_path)
        assert "permission denied" in refused(app.engine, "SELECT * FROM person")
        made.grant()
        make.house(app)
        app.engine.dispose()


def test_rows_are_added_to_every_table_and_changed_where_they_are_not_kept(guard: Guarded) -> None:
    asked = text("SELECT has_any_column_privilege(:role, :table, :what)")
    with guard.engine.connect() as connection:
        may = {
            what: {
                name
                for name in tables.METADATA.tables
                if connection.execute(asked, {"role": guard.name("app"), "table": name, "what": what}).scalar_one()
            }
            for what in ("SELECT", "INSERT", "UPDATE")
        }
    assert may["SELECT"] == may["INSERT"] == set(tables.METADATA.tables)
    assert may["SELECT"] - may["UPDATE"] == {*KEPT, "ledger_pending"}


def test_an_entry_with_a_wrong_leaf_hash_is_refused_to_everybody(app: Engine, owner: Engine, guard: Guarded) -> None:
    for engine in (app, owner, guard.engine):
        assert "ck_ledger_event_leaf_hash" in refused(engine, PLAIN, **ENTRY | {"hash": bytes(32)})


@pytest.mark.parametrize("what", CHOSEN)
def test_no_role_chooses_the_number_or_the_time_of_an_entry(role: Engine, what: str) -> None:
    assert "permission denied" in refused(role, CHOSEN[what], **ENTRY)


@pytest.mark.parametrize("table", KEPT)
def test_no_role_changes_deletes_or_empties_what_is_kept(role: Engine, table: str) -> None:
    column = KEPT[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608 - our own names
        assert "permission denied" in refused(role, statement)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_no_role_touches_what_the_owner_made(role: Engine, statement: str) -> None:
    assert any(words in refused(role, statement) for words in ("must be owner", "permission denied"))


def test_no_role_writes_over_an_entry_with_an_upsert(role: Engine) -> None:
    assert "permission denied" in refused(role, UPSERT, **ENTRY)


def test_no_role_becomes_another(guard: Guarded, role: Engine) -> None:
    assert "permission denied" in refused(role, f"SET ROLE {guard.name('owner')}")
    assert "permission denied" in refused(role, f"SET SESSION AUTHORIZATION {guard.engine.url.username}")


def test_only_the_owner_cannot_log_in(guard: Guarded) -> None:
    with guard.engine.connect() as connection:
        found = connection.execute(
            text("SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname LIKE :mark"),
            {"mark": f"sluice_%_{guard.mark}"},
        )
        assert {name.split("_")[1]: (login, super_) for name, login, super_ in found} == {
            "owner": (False, False),
            **dict.fromkeys(("app", "sequencer", "reader"), (True, False)),
        }


def test_a_trigger_looks_at_our_table_and_no_temporary_one_of_its_name(guard: Guarded) -> None:
    zeros = "decode(repeat('00', 32), 'hex')"
    mine = f"CREATE TEMPORARY TABLE ledger_event AS SELECT 0 AS id, {zeros} AS leaf_hash"
    leaf = f"INSERT INTO ledger_leaf SELECT max(seq) + 1, 0, {zeros} FROM ledger_leaf"  # noqa: S608 - our own
    assert "a leaf takes the next number and the hash of its entry" in refused(
        guard.engine, "SET session_replication_role = replica", mine, leaf
    )


@pytest.mark.parametrize("statement", [UPDATE, "DELETE FROM ledger_event", "TRUNCATE ledger_event CASCADE"])
def test_the_owner_is_refused_by_triggers(owner: Engine, statement: str) -> None:
    assert "only ever added" in refused(owner, statement)
    assert "permission denied" in refused(owner, "SET session_replication_role = replica")


@pytest.mark.parametrize("statement", [UPDATE, "DELETE FROM ledger_event"])
def test_a_superuser_without_triggers_is_refused_by_those_that_always_fire(guard: Guarded, statement: str) -> None:
    assert "only ever added" in refused(guard.engine, "SET session_replication_role = replica", statement)


def test_the_owner_is_refused_rewriting_every_row_until_the_check_is_gone(
    owner: Engine, guard: Guarded, reader: Runtime
) -> None:
    assert "ck_ledger_event_leaf_hash" in refused(owner, RETYPE)
    for engine in (owner, guard.engine):
        assert {Trouble.ENTRY_HASH, Trouble.CHECKPOINT_ROOT} <= found_after(engine, reader, OPEN, LOOSE, RETYPE)


def test_what_is_changed_without_triggers_is_found(owner: Engine, guard: Guarded, reader: Runtime) -> None:
    for engine in (owner, guard.engine):
        assert "ck_ledger_event_leaf_hash" in refused(engine, SWITCH_OFF, UPDATE)
        assert {Trouble.ENTRY_HASH, Trouble.CHECKPOINT_ROOT} <= found_after(engine, reader, SWITCH_OFF, OPEN, UPDATE)
        assert "fk_" in refused(engine, SWITCH_OFF, "DELETE FROM ledger_event WHERE id = 20")


@pytest.mark.parametrize("what", CHOSEN)
def test_the_owner_chooses_number_and_time_which_are_no_evidence_but_not_what_happened(
    owner: Engine, guard: Guarded, reader: Runtime, what: str
) -> None:
    for engine in (owner, guard.engine):
        found = found_after(engine, reader, CHOSEN[what], **ENTRY)
        assert found >= {Trouble.UNKNOWN_TYPE, Trouble.NOT_SEQUENCED}
