"""Cursors: where a page ended, opaque to callers and good for one query only."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from service.core.errors import MalformedError

LONGEST = 1_000
_LARGEST_SERIAL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Position:
    """The last item of a page: its sort key as text (None where it has none) and its serial."""

    key: str | None
    serial: int


def write(position: Position, query: tuple[str | None, ...]) -> str:
    """Write a position of one query as URL-safe text."""
    content = json.dumps([position.key, position.serial, _mark(query)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read(cursor: str, query: tuple[str | None, ...]) -> Position:
    """Read a cursor. Raises ``MalformedError`` for one that is broken or of another query."""
    try:
        padded = cursor[:LONGEST] + "=" * (-len(cursor) % 4)
        key, serial, mark = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise MalformedError(because="cursor") from error
    if mark != _mark(query) or not _is_serial(serial) or not (key is None or isinstance(key, str)):
        raise MalformedError(because="cursor")
    return Position(key, serial)


def _is_serial(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST_SERIAL


def _mark(query: tuple[str | None, ...]) -> str:
    return hashlib.sha256(json.dumps(query).encode()).hexdigest()[:16]
