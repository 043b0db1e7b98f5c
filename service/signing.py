"""Signing checkpoints: the log's key, and what was signed last, both in files outside the database.

While the key changes, a second one signs beside it: two lines under one note.

Before anything is signed it is held against what was signed last: never smaller, never another root of the same size,
and a larger tree must begin with the old one. What is signed is remembered, to the disk, before it is given out.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.config import PREFIX, Settings, SettingsError
from service.core.errors import Flaw, MalformedError, SluiceError
from service.core.ledger.checkpoint import Checkpoint, write_checkpoint
from service.core.ledger.keys import KeyType, VerifierKey
from service.core.ledger.merkle import verify_consistency
from service.core.ledger.notes import Note, signed_by, write_note
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import read_base64, write_base64

# Gives the proof that the tree to be signed begins with the one of this size. Raises ``NotProvenError``.
Proves: TypeAlias = Callable[[int], Sequence[bytes]]

_SEED_BYTES: Final = 32
_OTHERS: Final = 0o077
_NEXT: Final = "LEDGER_NEXT_KEY_FILE"


class SignerRefusesError(SluiceError):
    """The tree is not one that follows what was signed before; nothing is signed. Figures: ``because``.

    ``smaller`` and ``other_root``: the database is behind what was signed, or beside it. ``inconsistent``: it does not
    begin with what was signed. ``memory_lost``, ``memory_broken``: what was signed last cannot be read. ``origin``: it
    was of another log. ``too_soon``: it would be signed by a key that signed beside the other for less than 30 days.
    """

    code = "signer_refuses"


@dataclass(frozen=True, slots=True)
class Pair:
    """A key, and what signs with it."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Signer:
    """A log's key and its memory. ``anchor`` is a file to which every checkpoint is added, or None.

    ``following`` is the key that signs as well because it will take the place of this one.
    """

    key: VerifierKey
    sign: Callable[[bytes], bytes]
    memory: Path
    anchor: Path | None = None
    following: Pair | None = None

    def require(self, checkpoint: Checkpoint, proves: Proves, *, is_first: bool) -> None:
        """Raise ``SignerRefusesError`` if a checkpoint does not follow what was signed last.

        ``is_first``: the database knows of no checkpoint, so that there need be none to remember.
        """
        last = self._last()
        if last is None:
            _refuse("memory_lost", unless=is_first)
        else:
            _require_growth(last, checkpoint, proves)

    def signed(self, checkpoint: Checkpoint, proves: Proves, *, is_first: bool) -> bytes:
        """Give the signed note of a checkpoint that follows what was signed last; it is remembered by then.

        Raises ``SignerRefusesError``.
        """
        with _alone(self.memory):
            self.require(checkpoint, proves, is_first=is_first)
            note = self._note(write_checkpoint(checkpoint))
            _replace(self.memory, note)
            if self.anchor is not None:
                _append(self.anchor, note)
        return note

    def _note(self, text: str) -> bytes:
        pairs = (Pair(self.key, self.sign), *filter(None, (self.following,)))
        return write_note(Note(text, tuple(signed_by(one.key, one.sign(text.encode())) for one in pairs)))

    def _last(self) -> Checkpoint | None:
        try:
            return checkpoint_of(self.memory.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, MalformedError) as error:
            raise SignerRefusesError(because="memory_broken") from error


def open_signer(settings: Settings) -> Signer | None:
    """Open the key the settings name, None if they name none. In demo mode one is made where there is none.

    Raises ``SettingsError`` for a file that holds no key, or that others may read, and for one key named twice.
    """
    if not settings.ledger_key_file:
        return None
    path = Path(settings.ledger_key_file)
    if settings.demo and not path.exists():
        make_key(path)
    own = _pair("LEDGER_KEY_FILE", path, settings)
    following = _following(settings, own)
    memory = Path(settings.ledger_memory_file or f"{path}.memory")
    anchor = Path(settings.ledger_anchor_file) if settings.ledger_anchor_file else None
    return Signer(own.key, own.sign, memory, anchor, following)


def make_key(path: Path) -> bytes:
    """Make a key, keep it in a new file that its owner alone may read, and give it. Raises ``FileExistsError``."""
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    keep_secret(path, f"{write_base64(seed)}\n")
    return seed


def keep_secret(path: Path, text: str) -> None:
    """Write a text to a new file that its owner alone may read. Raises ``FileExistsError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def verifier_key(seed: bytes, origin: str) -> VerifierKey:
    """Give the public half of a log's key. Raises ``MalformedError`` for an origin no key can have as its name."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return VerifierKey(origin, KeyType.LOG, public)


def _following(settings: Settings, own: Pair) -> Pair | None:
    if not settings.ledger_next_key_file:
        return None
    found = _pair(_NEXT, Path(settings.ledger_next_key_file), settings)
    if found.key == own.key:
        raise _faulty(_NEXT, "setting_key_twice")
    return found


def _pair(setting: str, path: Path, settings: Settings) -> Pair:
    seed = _read_seed(setting, path)
    return Pair(verifier_key(seed, settings.ledger_origin), Ed25519PrivateKey.from_private_bytes(seed).sign)


def _read_seed(setting: str, path: Path) -> bytes:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii").strip()
        seed = bytes.fromhex(text) if len(text) == 2 * _SEED_BYTES else read_base64(text)
    except (OSError, ValueError, MalformedError) as error:
        raise _faulty(setting, "setting_key") from error
    if len(seed) != _SEED_BYTES:
        raise _faulty(setting, "setting_key")
    if mode & _OTHERS:
        raise _faulty(setting, "setting_key_open")
    return seed


def _faulty(setting: str, code: str) -> SettingsError:
    return SettingsError((Flaw(f"{PREFIX}{setting}", code),))


def _require_growth(last: Checkpoint, checkpoint: Checkpoint, proves: Proves) -> None:
    _refuse("origin", unless=last.origin == checkpoint.origin)
    _refuse("smaller", unless=checkpoint.size >= last.size)
    if checkpoint.size == last.size:
        _refuse("other_root", unless=checkpoint.root == last.root)
        return
    try:
        verify_consistency((last.size, last.root), (checkpoint.size, checkpoint.root), proves(last.size))
    except NotProvenError as error:
        raise SignerRefusesError(because="inconsistent") from error


def _refuse(because: str, *, unless: bool) -> None:
    if not unless:
        raise SignerRefusesError(because=because)


@contextmanager
def _alone(memory: Path) -> Iterator[None]:
    """Hold the memory alone among all processes. The lock is a file of its own, as the memory is replaced."""
    memory.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{memory}.lock").open("wb") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: bytes) -> None:
    """Put content in the place of a file: whole, or not at all, whatever stops it."""
    new = Path(f"{path}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _flush_folder(path.parent)


def _append(path: Path, note: bytes) -> None:
    """Add a note and an empty line to the end of a file."""
    with path.open("ab") as file:
        file.write(note + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
