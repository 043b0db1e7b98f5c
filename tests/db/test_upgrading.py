"""From every revision there ever was to the present tables, with rows in every table of it: nothing is lost on the way.

The rows are those of a house in which everything has happened, as far as the revision has tables and columns for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect

from service.actions import doctor, ledger, people, replies
from service.actions.doctor import Outside
from service.actions.replies import Asked, Reply
from service.cli.runtime import INSPECTING
from service.core.ledger.folding import Finding
from service.core.ledger.notes import read_note, write_signature
from service.core.ledger.tiles import WIDTH
from service.core.people import SYSTEM, Role
from service.db import migrate, tables
from service.db.ledger import LedgerCosignature
from tests import busy, databases, make
from tests.conftest import Clock, service
from tests.core.ledger.logs import INSPECTOR

REVISIONS = sorted(path.name[:4] for path in (migrate.FOLDER / "versions").glob("*.py"))

Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


@dataclass(frozen=True)
class Old:
    """A database at some revision, and the rows put into it then."""

    engine: Engine
    rows: Rows


def read(connection: Connection, columns: dict[str, tuple[str, ...]]) -> Rows:
    """The rows of tables in the order of their keys, as the driver gives them."""
    found: Rows = {}
    for table in tables.METADATA.sorted_tables:
        names = columns.get(table.name, ())
        if names:
            order = ", ".join(column.name for column in table.primary_key)
            query = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}"  # noqa: S608 - our own names
            found[table.name] = names, [tuple(row) for row in connection.exec_driver_sql(query)]
    return found


def columns(engine: Engine) -> dict[str, tuple[str, ...]]:
    """The columns of every table."""
    inspector = inspect(engine)
    return {
        table: tuple(column["name"] for column in inspector.get_columns(table))
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def write(connection: Connection, rows: Rows) -> None:
    place = "?" if connection.dialect.name == "sqlite" else "%s"
    for table, (names, found) in rows.items():
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([place] * len(names))})"  # noqa: S608 - our own names
        for row in found:
            connection.exec_driver_sql(statement, row)
    if connection.dialect.name == "postgresql":
        _count_on(connection, [table for table, (names, _) in rows.items() if "id" in names])


def _count_on(connection: Connection, names: list[str]) -> None:
    """Let numbers go on after those given."""
    for table in names:
        column = f"pg_get_serial_sequence('{table}', 'id')"
        if connection.exec_driver_sql(f"SELECT {column}").scalar_one() is not None:
            connection.exec_driver_sql(f"SELECT setval({column}, max(id)) FROM {table}")  # noqa: S608 - our own names


@pytest.fixture(scope="module", params=databases.KINDS)
def lively(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[make.House]:
    with databases.fresh(request.param) as engine:
        house = make.house(service(engine, Clock(), tmp_path_factory.mktemp("lively")))
        busy.make_busy(house)
        fill(house)
        yield house


def fill(house: make.House) -> None:
    """Put something into the tables that nobody has to be busy for."""
    with house.runtime.work(SYSTEM) as work:
        for _ in range(WIDTH):
            people.add(work, "众人", [Role.OFFICER])
    signed = ledger.tend(house.runtime)
    assert signed is not None
    with house.work(house.officer) as work:
        replies.remember(work, Asked("POST", "/v1/applications", "key", b"{}"), Reply(201, b"{}", {"ETag": '"1"'}))
        line = write_signature(INSPECTOR.sign(read_note(signed.note).text)).rstrip()
        work.session.add(LedgerCosignature(size=signed.size, witness=INSPECTOR.key.name, line=line))


@contextmanager
def old(house: make.House, revision: str) -> Iterator[Old]:
    """A database at a revision, with all that it can hold of a house."""
    held = house.runtime.engine
    with databases.fresh(held.dialect.name, migrated=False) as engine:
        migrate.upgrade(engine, revision)
        present = columns(held)
        common = {
            table: tuple(name for name in names if name in present.get(table, ()))
            for table, names in columns(engine).items()
        }
        with held.connect() as connection:
            rows = read(connection, common)
        if "ledger_leaf" not in rows:
            rows["ledger_pending"] = ("event_id",), [(row[0],) for row in rows["ledger_event"][1]]
        with engine.begin() as connection:
            write(connection, rows)
        yield Old(engine, rows)


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_of_a_revision_is_there_after_the_upgrade(lively: make.House, revision: str, tmp_path: Path) -> None:
    with old(lively, revision) as found:
        assert {table for table, (_, rows) in found.rows.items() if not rows} <= {"ledger_pending"}
        migrate.upgrade(found.engine)
        assert migrate.at_head(found.engine)
        with found.engine.connect() as connection:
            kept = read(connection, {table: names for table, (names, _) in found.rows.items()})
        assert kept == found.rows
        runtime = service(found.engine, Clock(), tmp_path)
        ledger.catch_up(runtime)
        with runtime.work(SYSTEM, read_only=True) as work:
            assert ledger.health(work, None).entries == len(found.rows["ledger_event"][1])
        with runtime.work(INSPECTING, read_only=True) as work:
            findings = doctor.examine(work, Outside(None, {})).findings
        assert [finding for finding in findings if is_about(finding, found.rows)] == []


def is_about(finding: Finding, rows: Rows) -> bool:
    """Whether a finding is about something that was there before the upgrade."""
    names, _ = rows.get(finding.table, ((), []))
    return bool(names) and (finding.column is None or finding.column in names)
