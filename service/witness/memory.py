"""What a witness remembers: for each log the newest checkpoint it signed, in one table of an SQLite file.

What is decided on what is remembered is remembered in the same transaction, so that of two requests at the same moment
the second sees what the first left. The table itself refuses to forget and to go back.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.core.ledger.witnessing import Seen

PATIENCE_SECONDS: Final = 5

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS seen"
    " (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL)"
)
_GROWS: Final = (
    "CREATE TRIGGER IF NOT EXISTS seen_grows BEFORE UPDATE ON seen"
    " WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)"
    " BEGIN SELECT RAISE(ABORT, 'what was seen only grows'); END"
)
_STAYS: Final = (
    "CREATE TRIGGER IF NOT EXISTS seen_stays BEFORE DELETE ON seen"
    " BEGIN SELECT RAISE(ABORT, 'what was seen is not forgotten'); END"
)
_KEEP: Final = (
    "INSERT INTO seen (origin, size, root, note) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note"
)


@dataclass(frozen=True, slots=True)
class Recollection:
    """The memory, held alone until the work on it ends."""

    connection: sqlite3.Connection

    def seen(self, origin: str) -> Seen:
        """Give the newest state of a log that was signed."""
        row = self.connection.execute("SELECT size, root FROM seen WHERE origin = ?", (origin,)).fetchone()
        return Seen() if row is None else Seen(*row)

    def keep(self, origin: str, seen: Seen, note: bytes) -> None:
        """Remember a state that is about to be signed, with its note."""
        self.connection.execute(_KEEP, (origin, seen.size, seen.root, note))


@dataclass(frozen=True, slots=True)
class Memory:
    """The file of a witness's memory."""

    path: Path

    def prepare(self) -> bool:
        """Make the table if there is none; tell whether the file is new. Raises ``sqlite3.Error``."""
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.alone() as recollection:
            for statement in (_TABLE, _GROWS, _STAYS):
                recollection.connection.execute(statement)
        return is_new

    @contextmanager
    def alone(self) -> Iterator[Recollection]:
        """Hold the memory alone. What was kept is on the disk when this ends, or, after an error, was not kept."""
        with closing(sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("PRAGMA recursive_triggers=ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Recollection(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def notes(self) -> tuple[bytes, ...]:
        """Give the newest signed note of every log. Raises ``sqlite3.Error`` where there is no memory."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return tuple(bytes(row[0]) for row in connection.execute("SELECT note FROM seen ORDER BY origin"))
