"""The one spelling of an event: RFC 8785, restricted so far that any careful JSON writer agrees on every byte.

Allowed are objects with keys ``[a-z][a-z0-9_]*``, strings, arrays, true, false, null and integers within
±(2^53 - 1). Figures with decimals are strings. There are no floats, so nobody has to agree on how to print one, and no
NUL, which PostgreSQL cannot read back out of JSON.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

LARGEST_EVENT = 65_535
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 32

# What an event may hold. Exact types only: an enum or a Decimal must be spelled out by whoever records it.
Plain: TypeAlias = "bool | int | str | list[Plain] | tuple[Plain, ...] | dict[str, Plain] | None"

_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)
_LEAF = b"\x00"
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class NotCanonicalError(ValueError):
    """A value that has no canonical bytes: where (path from the root) and why (stable code)."""

    def __init__(self, path: str, because: str) -> None:
        """Keep the place and the reason."""
        super().__init__(f"{path or '/'}: {because}")
        self.path = path
        self.because = because


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about, and its place in that subject's own chain.

    ``rev`` counts from 1; ``prev`` is the leaf hash (64 hex digits) of the entry before, None for the first.
    """

    kind: str
    id: str
    rev: int
    prev: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One change of state: who, when, about what, on which request, and what changed.

    ``roles`` are the actor's at that moment. ``at`` is aware; it is written in UTC with microseconds. ``data`` holds
    no personal data: references, codes, hashes and figures as decimal strings.
    """

    id: UUID
    type: str
    at: datetime
    actor: str
    roles: tuple[str, ...]
    subject: Subject
    request: str | None
    data: Mapping[str, Plain]


def event_bytes(event: Event) -> bytes:
    """Write an event. Raises ``NotCanonicalError``, also for a type that is not ``noun.past`` and a naive moment."""
    if _TYPE.fullmatch(event.type) is None:
        raise NotCanonicalError("/type", "not_noun_past")
    if event.at.tzinfo is None:
        raise NotCanonicalError("/at", "naive")
    subject = event.subject
    return canonical_bytes(
        {
            "actor": {"ref": event.actor, "roles": tuple(sorted(event.roles))},
            "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": dict(event.data),
            "id": str(event.id),
            "request": event.request,
            "subject": {"id": subject.id, "kind": subject.kind, "prev": subject.prev, "rev": subject.rev},
            "type": event.type,
            "v": 1,
        }
    )


def canonical_bytes(value: Plain) -> bytes:
    """Write a value in its one spelling, UTF-8. Raises ``NotCanonicalError`` for anything outside the subset."""
    _check(value, 0)
    try:
        text = _WRITER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError("", "surrogate") from error
    if len(text) > LARGEST_EVENT:
        raise NotCanonicalError("", "too_long")
    return text


def written_bytes(text: str) -> int:
    """Count the bytes a text takes in an event, with its escapes and without its quotes."""
    return len(_WRITER.encode(text).encode("utf-8", "surrogatepass")) - 2


def read_canonical(canon: bytes) -> Plain:
    """Read a value back from its one spelling. Raises ``NotCanonicalError`` for any bytes that are not one.

    Two members of one name, a float, an escape that need not be, white space, minus zero: all of them are written
    otherwise, or not at all.
    """
    try:
        value: Plain = json.loads(canon.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("", "syntax") from error
    if canonical_bytes(value) != canon:
        raise NotCanonicalError("", "spelling")
    return value


def leaf_hash(canon: bytes) -> bytes:
    """Hash an entry as a leaf of the tree: SHA-256 over a zero byte and the canonical bytes (32 bytes)."""
    return hashlib.sha256(_LEAF + canon).digest()


def _check(value: object, depth: int) -> None:
    """Refuse what is outside the subset; whoever holds it adds to the path on the way out."""
    if depth > DEEPEST:
        raise NotCanonicalError("", "too_deep")
    if type(value) is str:
        if "\x00" in value:
            raise NotCanonicalError("", "nul")
    elif isinstance(value, dict):
        _check_keys(value)
        _check_parts(value.items(), depth + 1)
    elif isinstance(value, list | tuple):
        _check_parts(enumerate(value), depth + 1)
    else:
        _check_scalar(value)


def _check_keys(keys: Iterable[Any]) -> None:
    if set(map(type, keys)) - {str} or None in map(_KEY.fullmatch, keys):
        raise NotCanonicalError("", "key")


def _check_parts(parts: Iterable[tuple[object, object]], depth: int) -> None:
    for name, part in parts:
        try:
            _check(part, depth)
        except NotCanonicalError as error:
            path = f"/{name}{error.path}"
            raise NotCanonicalError(path, error.because) from None


def _check_scalar(value: object) -> None:
    if value is not None and type(value) not in (bool, int):
        raise NotCanonicalError("", f"type_{type(value).__name__}")
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise NotCanonicalError("", "integer_range")
