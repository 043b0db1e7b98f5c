"""Connecting to either database so that both behave alike.

Work that changes something holds SQLite's only writer from its first statement (``BEGIN IMMEDIATE``): what it read
is still true when it writes. On PostgreSQL it runs at READ COMMITTED and locks the rows it will change. Work that only
reads sees one snapshot on both, and the database refuses its writes.
"""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event

# How long anybody waits for somebody else's lock before giving up.
PATIENCE_SECONDS: Final = 10

# The connection used last is used first: what is remembered of the database, each connection remembers for itself.
_POOL: Final[dict[str, Any]] = {
    "hide_parameters": True,
    "pool_timeout": PATIENCE_SECONDS,
    "pool_use_lifo": True,
}
_READ_ONLY = "sluice_read_only"
_SQLITE_SETTINGS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
)
_POSTGRESQL_SETTINGS = (
    f"SET lock_timeout = '{PATIENCE_SECONDS}s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)


def make_engine(url: str) -> Engine:
    """Make the engine of a process for a database URL. Nothing is connected yet."""
    if url.startswith("sqlite"):
        patience = {"timeout": PATIENCE_SECONDS}
        engine = create_engine(url, connect_args=patience, **_POOL)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, **_POOL)
        event.listen(engine, "connect", _set_up_postgresql)
    event.listen(engine, "reset", _leave_clean)
    return engine


@lru_cache(maxsize=8)
def reading(engine: Engine) -> Engine:
    """Give the same engine for work that only reads."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READ_ONLY: True})
    return engine.execution_options(**{_READ_ONLY: True}, isolation_level="REPEATABLE READ", postgresql_readonly=True)


def is_reading(engine: Engine) -> bool:
    """Whether an engine is for work that only reads."""
    return _READ_ONLY in engine.get_execution_options()


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection has no type
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _leave_clean(connection: Any, _record: object, _state: object) -> None:  # noqa: ANN401 - as above
    """End what a failed COMMIT left open: SQLAlchemy takes such a connection back without rolling it back."""
    connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _set_up_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - as above
    for setting in _POSTGRESQL_SETTINGS:
        connection.execute(setting)
    connection.commit()
