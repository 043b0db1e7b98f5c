"""A copy of an SQLite database as it is at one moment, made while others go on writing."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from service.core.errors import ConflictError

_SOUND: Final = "ok"


class BackupError(ConflictError):
    """No backup was made. Figures: ``because``: ``exists``, ``not_sqlite``, ``broken``."""

    code = "no_backup"


def backup(engine: Engine, path: Path) -> None:
    """Copy a database to a new file that its owner alone may read: whole, sound and on the disk, or not at all.

    Raises ``BackupError``.
    """
    if engine.dialect.name != "sqlite":
        raise BackupError(because="not_sqlite")
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f".{path.name}.part")
    begun.unlink(missing_ok=True)
    try:
        os.close(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(str(engine.url.database), begun)
        _place(begun, path)
    finally:
        begun.unlink(missing_ok=True)


def _copy(database: str, target: Path) -> None:
    place = f"{Path(database).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(place, uri=True)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchall() != [(_SOUND,)]:
            raise BackupError(because="broken")


def _place(begun: Path, path: Path) -> None:
    """Give a file its name, unless there is one of that name; it is on the disk by then."""
    descriptor = os.open(begun, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(begun, path)
    except FileExistsError as error:
        raise BackupError(because="exists") from error
