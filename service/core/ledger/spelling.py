"""The one spelling of sizes, hashes and bytes inside notes, checkpoints, proofs and policies.

Base64 is the standard alphabet with padding. Whatever a lenient reader would also take (white space, missing padding,
bits beyond the last byte, leading zeros, a sign) is refused, so that no two texts say the same.
"""

import base64
import binascii
import re

from service.core.errors import MalformedError

HASH_BYTES = 32
LARGEST_SIZE = 2**63 - 1

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def read_number(text: str) -> int:
    """Read a decimal number from 0 to ``LARGEST_SIZE``. Raises ``MalformedError``."""
    if _DECIMAL.fullmatch(text) is None or int(text) > LARGEST_SIZE:
        raise MalformedError(because="number")
    return int(text)


def read_base64(text: str) -> bytes:
    """Read canonical base64. Raises ``MalformedError``."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError(because="base64") from error
    if write_base64(raw) != text:
        raise MalformedError(because="base64")
    return raw


def write_base64(raw: bytes) -> str:
    """Write bytes in standard base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def read_hash(text: str) -> bytes:
    """Read a SHA-256 in base64. Raises ``MalformedError``."""
    raw = read_base64(text)
    if len(raw) != HASH_BYTES:
        raise MalformedError(because="hash")
    return raw
