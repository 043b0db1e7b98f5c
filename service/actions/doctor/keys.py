"""Which keys may have signed a checkpoint: the one that is trusted, and those it changed places with.

That the log names a key is not enough: whoever has the database could name their own. It must have signed a checkpoint
together with one that is trusted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from service.actions.ledger.overlap import KEY_ADDED, KEY_RETIRED
from service.core.errors import MalformedError
from service.core.ledger.folding import Entry
from service.core.ledger.keys import VerifierKey, read_vkey
from service.core.ledger.notes import read_note, verify
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import LARGEST_SIZE
from service.db.ledger import LedgerCheckpoint


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that are trusted, each with the last size that it signs. Without any nothing is known of signatures."""

    last: Mapping[VerifierKey, int]

    def of(self, size: int) -> list[VerifierKey]:
        """List the keys that may have signed a size."""
        return [key for key, last in self.last.items() if size <= last]


def exchanged(key: VerifierKey | None, entries: Sequence[Entry], kept: Iterable[LedgerCheckpoint]) -> Keys:
    """Give the key and all that it changed places with, as the log tells and checkpoints signed by both show."""
    if key is None:
        return Keys(MappingProxyType({}))
    told = {one for entry in entries if entry.type == KEY_ADDED for one in _read(entry, "vkey", "beside")}
    signed = [_signers(one, {key, *told}) for one in kept] if told else []
    trusted, before = {key}, 0
    while len(trusted) > before:
        before = len(trusted)
        trusted |= {one for signers in signed if signers & trusted for one in signers}
    return Keys({one: _last(one, entries) for one in sorted(trusted, key=lambda one: one.public_key)})


def _last(key: VerifierKey, entries: Iterable[Entry]) -> int:
    """Give the last size that a key signs: that of the entry that retires it, unless a later one adds it again."""
    last = LARGEST_SIZE
    for entry in entries:
        if entry.type == KEY_RETIRED and key in _read(entry, "vkey"):
            last = int(entry.data["size"])
        elif entry.type == KEY_ADDED and key in _read(entry, "vkey"):
            last = LARGEST_SIZE
    return last


def _read(entry: Entry, *members: str) -> list[VerifierKey]:
    try:
        return [read_vkey(str(entry.data[name])) for name in members]
    except (MalformedError, KeyError):
        return []


def _signers(kept: LedgerCheckpoint, keys: set[VerifierKey]) -> set[VerifierKey]:
    try:
        return {one.key for one in verify(read_note(bytes(kept.note)), list(keys))}
    except (MalformedError, NotProvenError):
        return set()
