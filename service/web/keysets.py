"""The keys that an identity server signs with: fetched when they are needed, kept for a while, and never fetched often.

A key that nobody has heard of makes the set be fetched again, once within ``COOLDOWN`` whatever comes in. When the
server does not answer, the keys that were read last go on counting for ``STALE``.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from service.core.errors import MalformedError
from service.core.values import Json, read_json

FRESH: Final = timedelta(minutes=10)
COOLDOWN: Final = timedelta(seconds=30)
STALE: Final = timedelta(days=1)
MOST_KEYS: Final = 100

_SMALLEST_RSA: Final = 2_048
_LONGEST_WAIT: Final = 2.0
_NEVER: Final = timedelta(0)

# What an algorithm needs: the kind of key, and its curve.
_NEEDS: Final[Mapping[str, tuple[str, str | None]]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", None)),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
}
_READERS: Final = {"RSA": RSAAlgorithm, "EC": ECAlgorithm, "OKP": OKPAlgorithm}
# The public half of a key, and nothing else of what a careless server publishes.
_PUBLIC = ("kty", "n", "e", "crv", "x", "y")

# Gives the set as the server sends it, None when it does not.
Fetch: TypeAlias = Callable[[], bytes | None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A key of the set: its name and kind, the one algorithm it is for if it says so, and the key itself."""

    id: str | None
    kind: tuple[str, str | None]
    algorithm: str | None
    key: Any

    def serves(self, algorithm: str) -> bool:
        """Whether it is for this algorithm."""
        return self.kind == _NEEDS[algorithm] and self.algorithm in (None, algorithm)


class KeySet:
    """The keys of one server, for all threads of a process. ``clock`` says what time it is."""

    def __init__(self, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        """Start without a key; the first who needs one fetches them."""
        self._fetch, self._clock = fetch, clock
        self._keys: tuple[VerifyingKey, ...] = ()
        self._read_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._fetching = Lock()

    def find(self, key_id: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
        """Give the keys that may have made a signature: those of the name, or without one the only one it can be."""
        if not _within(self._read_at, self._clock(), FRESH):
            self._refresh(wait=not self._keys)
        found = self._matching(key_id, algorithm)
        if not found:
            self._refresh(wait=True)
            found = self._matching(key_id, algorithm)
        return found

    def _matching(self, key_id: str | None, algorithm: str) -> tuple[VerifyingKey, ...]:
        if not _within(self._read_at, self._clock(), STALE):
            return ()
        found = tuple(key for key in self._keys if key.serves(algorithm))
        if key_id is None:
            return found if len(found) == 1 else ()
        return tuple(key for key in found if key.id == key_id)

    def _refresh(self, *, wait: bool) -> None:
        """Fetch the set, unless it was tried a moment ago; whoever can do without does not wait for who is at it."""
        if not self._fetching.acquire(timeout=_LONGEST_WAIT if wait else 0):
            return
        try:
            now = self._clock()
            if not _within(self._tried_at, now, COOLDOWN):
                self._tried_at = now
                self._take(self._fetch(), now)
        finally:
            self._fetching.release()

    def _take(self, content: bytes | None, now: datetime) -> None:
        keys = () if content is None else tuple(read_keys(content))
        if keys:
            self._keys, self._read_at = keys, now
        else:
            _log.warning("no keys from the identity server", extra={"since": str(self._read_at)})


def read_keys(content: bytes) -> Iterator[VerifyingKey]:
    """Go through the keys of a set that can be used; whatever else it holds, and what is no set, is passed over."""
    try:
        found = read_json(content)
    except MalformedError:
        return
    listed = found.get("keys") if isinstance(found, dict) else None
    for written in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        key = _read_key(written) if isinstance(written, dict) else None
        if key is not None:
            yield key


def _read_key(written: Mapping[str, Json]) -> VerifyingKey | None:
    kind = str(written.get("kty")), None if written.get("kty") == "RSA" else written.get("crv")
    if kind not in _NEEDS.values() or not _verifies(written):
        return None
    try:
        key = _READERS[kind[0]].from_jwk({name: written[name] for name in _PUBLIC if name in written})  # type: ignore[attr-defined]  # each has it
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < _SMALLEST_RSA:
        return None
    id_, algorithm = written.get("kid"), written.get("alg")
    return VerifyingKey(_text(id_), (kind[0], _text(kind[1])), _text(algorithm), key)


def _verifies(written: Mapping[str, Json]) -> bool:
    operations = written.get("key_ops")
    return written.get("use") in (None, "sig") and (not isinstance(operations, list) or "verify" in operations)


def _text(value: Json) -> str | None:
    return None if value is None else str(value)


def _within(then: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether something was less than a span ago; a clock that was set back makes it long ago."""
    return then is not None and _NEVER <= now - then < span
