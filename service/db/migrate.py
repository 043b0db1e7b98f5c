"""Bringing a database to the present tables, and asking whether it is there.

The migrations stand in the folder ``migrations`` beside the package: in a checkout, and wherever it is installed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import service

FOLDER: Final = Path(service.__file__).parent.parent / "migrations"

# The key under which migrations.env finds the connection.
CONNECTION: Final = "connection"

_TURN = 5_317_001


class BrokenKeysError(Exception):
    """A migration left rows that point at nothing: the first table, and how many rows."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database up to a revision, all or nothing. Whoever comes at the same time waits."""
    with migrating(engine) as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take a database back to a revision (``base`` is before the first), all or nothing."""
    with migrating(engine) as connection:
        command.downgrade(config(connection), revision)


def at_head(engine: Engine) -> bool:
    """Whether a database has exactly the present tables."""
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads()


def heads() -> set[str]:
    """Name the newest revisions; there is one."""
    return set(ScriptDirectory(str(FOLDER)).get_heads())


def config(connection: Connection) -> Config:
    """Give Alembic's configuration for work on a connection."""
    made = Config(attributes={CONNECTION: connection})
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return made


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Hold a database alone while its tables change: all or nothing, and every key points at something afterwards."""
    _make_folder(engine)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _loose_keys(connection), connection.begin():
                yield connection
                _require_keys(connection)
        else:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
                yield connection


def _make_folder(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _loose_keys(connection: Connection) -> Iterator[None]:
    """Let tables be rebuilt, which SQLite's ALTER cannot do otherwise; the pragma counts only outside a transaction."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise TypeError(type(driver))
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _require_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenKeysError(broken[0].table, len(broken))
