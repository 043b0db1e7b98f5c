"""Verifier keys in C2SP's text form: name, key id, and the public key with its type."""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from service.core.errors import MalformedError
from service.core.ledger.ed25519 import KEY_BYTES
from service.core.ledger.spelling import read_base64, write_base64

ID_BYTES = 4

_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", re.ASCII)


class KeyType(IntEnum):
    """What a key signs: the note itself, or a checkpoint together with a time."""

    LOG = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key under its name. Raises ``MalformedError`` for a bad name or another length."""

    name: str
    type: KeyType
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse what no signature line could name."""
        check_name(self.name)
        if len(self.public_key) != KEY_BYTES:
            raise MalformedError(because="key_length")

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names this key beside its name."""
        material = bytes([self.type]) + self.public_key
        return hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:ID_BYTES]


def check_name(name: str) -> None:
    """Raise ``MalformedError`` for a key name that is empty or holds a space, a plus or a control character."""
    if not name or any(sign == "+" or sign.isspace() or sign < " " for sign in name):
        raise MalformedError(because="key_name")
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        raise MalformedError(because="utf8")


def write_vkey(key: VerifierKey) -> str:
    """Write a key as ``name+id+base64``."""
    return f"{key.name}+{key.id.hex()}+{write_base64(bytes([key.type]) + key.public_key)}"


def read_vkey(text: str) -> VerifierKey:
    """Read a key. Raises ``MalformedError`` for a bad form, an unknown type, and an id that is not the key's own."""
    parts = _VKEY.fullmatch(text)
    if parts is None:
        raise MalformedError(because="key_form")
    name, key_id, material = parts[1], parts[2], read_base64(parts[3])
    if material[0] not in (KeyType.LOG, KeyType.COSIGNATURE):
        raise MalformedError(because="key_type")
    key = VerifierKey(name, KeyType(material[0]), material[1:])
    if key.id.hex() != key_id:
        raise MalformedError(because="key_id")
    return key


def fingerprint(vkey: str) -> str:
    """Give the SHA-256 of a verifier key's line in groups of four hex digits, to compare on paper."""
    digits = hashlib.sha256(vkey.encode()).hexdigest()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
