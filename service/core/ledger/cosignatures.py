"""A witness's timestamped signature under a checkpoint (C2SP tlog-cosignature, Ed25519): its message and its bytes."""

from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.ledger.ed25519 import SIGNATURE_BYTES
from service.core.ledger.spelling import LARGEST_SIZE

LATEST = LARGEST_SIZE  # C2SP's bound for a time is the same 2^63 - 1

_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Cosignature:
    """When (seconds since 1970) a witness signed, and the Ed25519 signature itself."""

    at: int
    signature: bytes


def cosigned_message(text: str, at: int) -> bytes:
    """Give what a witness signs: a header, the time, and the whole text of the note."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def write_cosignature(cosignature: Cosignature) -> bytes:
    """Write a cosignature as the body of a signature line."""
    return cosignature.at.to_bytes(_TIME_BYTES, "big") + cosignature.signature


def read_cosignature(body: bytes) -> Cosignature:
    """Read the body of a witness's signature line. Raises ``MalformedError``, also for a time beyond ``LATEST``."""
    at = int.from_bytes(body[:_TIME_BYTES], "big")
    if len(body) != _TIME_BYTES + SIGNATURE_BYTES or at > LATEST:
        raise MalformedError(because="cosignature")
    return Cosignature(at, body[_TIME_BYTES:])
