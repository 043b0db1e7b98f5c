"""The ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry and its place in the tree."""

    index: int
    leaf_hash: str
    recorded_at: datetime
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as webhooks tell it. ``index`` is the ``after`` of whoever has read this far."""

    index: int
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerCheckpoint:
    """The newest signed state."""

    size: int
    root: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The newest state that a witness has signed."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A witness by the name of its key, and the newest state it has signed."""

    witness: str
    cosigned: Cosigned | None


@dataclass(frozen=True, slots=True)
class LedgerHealth:
    """How the ledger is: entries in the tree, entries still to come in, the key's name, signatures, what is wrong."""

    entries: int
    pending: int
    oldest_pending_seconds: int | None
    vkey: str | None
    checkpoint: LedgerCheckpoint | None
    cosigned: Cosigned | None
    witnesses: tuple[Witnessed, ...]
    alarm: str | None
