"""What a key looks like, and what is kept of it."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.core.people import Scope
from service.core.values import write_json
from service.db.people import ApiKey

PREFIX: Final = "slc"

_ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is called, what it may be used for (None: whatever its person may), when it ends (None: latest)."""

    label: str | None = None
    scopes: tuple[Scope, ...] | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that is new, and the text of it, which nobody can give again."""

    row: ApiKey
    text: str


def key_text(key_id: str, secret: str) -> str:
    """Write a key the way it is shown."""
    return f"{PREFIX}_{key_id}_{secret}"


def new_key_id() -> str:
    """Make the public part of a key."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


def new_secret() -> str:
    """Make the secret part of a key: 256 bits."""
    return secrets.token_urlsafe(32)


def is_key_id(text: str) -> bool:
    """Whether a text could be the public part of a key."""
    return len(text) == _ID_LENGTH and set(text) <= set(_ID_ALPHABET)


def digest(secret: str) -> bytes:
    """Give what is kept of a secret part."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def written(scopes: Iterable[Scope] | None) -> str | None:
    """Write scopes the way they are kept, each once and in the order of their names."""
    return None if scopes is None else write_json([scope.value for scope in sorted(set(scopes))])
