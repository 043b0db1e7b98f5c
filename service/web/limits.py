"""How often somebody may ask, counted by all processes of one server in memory that they share.

Kept of each is one moment: when all they have asked for will have been theirs at an even pace (the generic cell rate
algorithm). Nobody need clean up: a moment that is past says the same as none. Callers have slots by a hash with a
secret of this server's, so that nobody can choose to share one; where too many meet, the one that has asked least is
forgotten.

Made before the processes are forked. A slot is changed under a lock on its bytes of a file, which the system takes
back from a process however it ends.
"""

import fcntl
import mmap
import os
import secrets
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from pathlib import Path
from time import monotonic_ns
from typing import Final

MINUTE: Final = 60_000_000_000

_ROWS = 4_096
_WAYS = 8
_SLOT = struct.Struct("=QQ")
_ROW_BYTES = _WAYS * _SLOT.size
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """Whether a request was within its budget of ``most`` a minute, how many are left, and how many seconds to wait.

    ``full_in`` is when all of it is there again.
    """

    allowed: bool
    most: int
    left: int
    retry_after: int
    full_in: int


class Limits:
    """The budgets of all callers of a server."""

    def __init__(self) -> None:
        """Start with nobody having asked for anything."""
        self._memory = mmap.mmap(-1, _ROWS * _ROW_BYTES)
        self._file, name = tempfile.mkstemp(prefix="sluice-limits-")
        Path(name).unlink()
        weakref.finalize(self, os.close, self._file)
        self._threads = threading.Lock()
        self._secret = secrets.token_bytes(32)

    def spend(self, who: bytes, most: int, now: int | None = None) -> Spent:
        """Take one from a budget of ``most`` a minute, unless it is spent. ``now`` is the monotonic clock's."""
        moment = monotonic_ns() if now is None else now
        pace = MINUTE // most
        with self._slot(who) as (offset, tag, held):
            until = max(held, moment) + pace
            allowed = until - moment <= MINUTE
            if allowed:
                _SLOT.pack_into(self._memory, offset, tag, until)
        return _spent(until - moment if allowed else until - pace - moment, most, allowed=allowed)

    def stands(self, who: bytes, most: int, now: int | None = None) -> Spent:
        """Say how a budget stands, and whether one more could be taken."""
        moment = monotonic_ns() if now is None else now
        ahead = max(self.until(who) - moment, 0)
        return _spent(ahead, most, allowed=ahead + MINUTE // most <= MINUTE)

    def mark(self, who: bytes, until: int) -> None:
        """Keep a moment for somebody."""
        with self._slot(who) as (offset, tag, _):
            _SLOT.pack_into(self._memory, offset, tag, until)

    def until(self, who: bytes) -> int:
        """Give the moment kept for somebody, 0 for none."""
        row, tag = self._place(who)
        return next((until for found, until in self._row(row) if found == tag), 0)

    @contextmanager
    def _slot(self, who: bytes) -> Iterator[tuple[int, int, int]]:
        """Hold somebody's slot alone: where it is, its tag, and the moment kept; it may have been another's."""
        row, tag = self._place(who)
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, row)
            try:
                slots = list(self._row(row))
                own = next((way for way, (found, _) in enumerate(slots) if found == tag), None)
                way = min(range(_WAYS), key=lambda at: slots[at][1]) if own is None else own
                yield row * _ROW_BYTES + way * _SLOT.size, tag, 0 if own is None else slots[way][1]
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, row)

    def _row(self, row: int) -> Iterator[tuple[int, int]]:
        return _SLOT.iter_unpack(self._memory[row * _ROW_BYTES : (row + 1) * _ROW_BYTES])

    def _place(self, who: bytes) -> tuple[int, int]:
        number = int.from_bytes(blake2b(who, digest_size=8, key=self._secret).digest(), "big")
        return number % _ROWS, number | 1 << 63


def _spent(ahead: int, most: int, *, allowed: bool) -> Spent:
    pace = MINUTE // most
    left = max((MINUTE - ahead) // pace, 0)
    retry_after = 0 if allowed else max(ceil((ahead + pace - MINUTE) / _SECOND), 1)
    return Spent(allowed, most, left, retry_after, ceil(ahead / _SECOND))
