"""A witness's key in a file, in the text form of Go's signed notes, with its name: ``PRIVATE+KEY+name+id+base64``."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.core.errors import MalformedError
from service.core.ledger.cosignatures import Cosignature, cosigned_message, write_cosignature
from service.core.ledger.keys import KeyType, VerifierKey
from service.core.ledger.notes import signed_by, write_signature
from service.core.ledger.spelling import read_base64, write_base64
from service.signing import keep_secret

_SKEY: Final = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", re.ASCII)
_SEED_BYTES: Final = 32
_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's key, both halves."""

    key: VerifierKey
    private: Ed25519PrivateKey

    def line(self, text: str, at: int) -> str:
        """Sign the text of a checkpoint at a time (seconds since 1970); give the line, with its newline."""
        signature = self.private.sign(cosigned_message(text, at))
        return write_signature(signed_by(self.key, write_cosignature(Cosignature(at, signature))))


def cosigner(name: str, seed: bytes) -> Cosigner:
    """Give the key of a name and a seed. Raises ``MalformedError`` for a name no key can have."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Cosigner(VerifierKey(name, KeyType.COSIGNATURE, private.public_key().public_bytes_raw()), private)


def make(path: Path, name: str) -> VerifierKey:
    """Make a key in a new file and give its public half. Raises ``FileExistsError`` and ``MalformedError``."""
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    made = cosigner(name, seed)
    keep_secret(path, f"{write_key(made)}\n")
    return made.key


def write_key(made: Cosigner) -> str:
    """Write a key, the private half too."""
    material = bytes([made.key.type]) + made.private.private_bytes_raw()
    return f"PRIVATE+KEY+{made.key.name}+{made.key.id.hex()}+{write_base64(material)}"


def read_key(path: Path) -> Cosigner:
    """Read a key from its file.

    Raises ``MalformedError``: ``key_file`` if there is none in it, ``key_open`` if others than its owner may read it.
    """
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedError(because="key_file") from error
    if mode & _OTHERS:
        raise MalformedError(because="key_open")
    return _parse(text)


def _parse(text: str) -> Cosigner:
    parts = _SKEY.fullmatch(text)
    material = b"" if parts is None else read_base64(parts[3])
    if parts is None or len(material) != 1 + _SEED_BYTES or material[0] != KeyType.COSIGNATURE:
        raise MalformedError(because="key_file")
    found = cosigner(parts[1], material[1:])
    if found.key.id.hex() != parts[2]:
        raise MalformedError(because="key_file")
    return found
