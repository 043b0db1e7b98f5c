"""Commitments: what an entry says of a personal value without holding it, or anything it could be guessed from.

A plain hash of a name is found by trying names. A commitment is keyed with a random salt that is kept beside the value,
outside the ledger; when both are erased, the entry stays as it is, every proof holds, and nobody learns the value.
"""

import hashlib
import hmac
from typing import Final

from service.core.ledger.canonical import Plain, canonical_bytes

SALT_BYTES: Final = 32


def commitment(salt: bytes, value: Plain) -> str:
    """Commit to a value: HMAC-SHA256 (hex) over its canonical bytes, keyed with its own random salt of 32 bytes.

    Raises ``ValueError`` for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(len(salt))
    return hmac.new(salt, canonical_bytes(value), hashlib.sha256).hexdigest()
