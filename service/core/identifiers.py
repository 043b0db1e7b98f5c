"""Identifiers that sort by time: UUID version 7 (RFC 9562), from a moment and random bytes given by the caller."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

NOISE = 10

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def uuid7(at: datetime, noise: bytes) -> UUID:
    """Make an identifier from an aware moment (kept to the millisecond) and ``NOISE`` random bytes, 74 bits used."""
    if len(noise) != NOISE:
        raise ValueError(len(noise))
    milliseconds = (at - _EPOCH) // _MILLISECOND
    random = int.from_bytes(noise)
    high = (random >> 62) & 0xFFF
    low = random & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
