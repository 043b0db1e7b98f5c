"""What may be remembered of a database: anything, for exactly as long as nothing in it changes.

Each pooled connection asks the database for a stamp that differs after every commit, whoever made it. SQLite counts
other connections' commits (``data_version``) and the driver this connection's own changes; PostgreSQL's snapshot names
the transactions that are over. What was remembered under another stamp is forgotten, and so is everything when the
connection ends.
"""

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Engine

_KEPT: Final = "sluice_kept"


def memory(engine: Engine) -> dict[Hashable, Any]:
    """Give what was put here since the last change; what is put in must have been read after this call."""
    connection = engine.raw_connection()
    try:
        stamp = _STAMPS[engine.dialect.name](connection.driver_connection)
        known, kept = connection.info.get(_KEPT, (None, {}))
        if known != stamp:
            kept = {}
            connection.info[_KEPT] = (stamp, kept)
        found: dict[Hashable, Any] = kept
        return found
    finally:
        connection.close()


def _of_sqlite(connection: Any) -> Hashable:  # noqa: ANN401 - a driver's connection has no type
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return version, connection.total_changes


def _of_postgresql(connection: Any) -> Hashable:  # noqa: ANN401 - as above
    (snapshot,) = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
    text: str = snapshot
    return text


_STAMPS: Final[Mapping[str, Callable[[Any], Hashable]]] = MappingProxyType(
    {"sqlite": _of_sqlite, "postgresql": _of_postgresql}
)
