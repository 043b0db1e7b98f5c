"""Waiting in line for SQLite's one writer.

SQLite makes writers ask again and again, which lets one of many wait for seconds while others go first (measured with
eight processes: 4.8 s at worst against 0.5 s in line). PostgreSQL keeps its own lines.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as WaitedTooLongError

from service.db.engine import PATIENCE_SECONDS

# The threads of this process, by database file; only the first of them stands in the line of processes.
_THREADS: Final[dict[str, threading.Lock]] = {}


@contextmanager
def turn(engine: Engine, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the turn to write until the block ends. The line of processes is a lock on a file beside the database.

    Raises ``sqlalchemy.exc.TimeoutError`` when another thread keeps it too long.
    """
    file = engine.url.database
    if engine.dialect.name != "sqlite" or file is None:
        yield
        return
    threads = _THREADS.setdefault(file, threading.Lock())
    if not threads.acquire(timeout=patience):
        raise WaitedTooLongError(file)
    try:
        with Path(f"{file}-turn").open("wb") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield
    finally:
        threads.release()
