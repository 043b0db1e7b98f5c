"""Webhooks: what is announced, how it is written and signed, and when it is tried again.

Messages follow the Standard Webhooks specification: a type, a moment and data, signed with HMAC-SHA256 over the
message's identifier, the moment it is sent and its bytes.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import AddressValueError, IPv6Address
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from service.core.errors import Flaw
from service.core.ledger.canonical import Plain, canonical_bytes
from service.core.ledger.tellings import EFFECTS

EVERYTHING: Final = "*"
SECRET_BYTES: Final = 32
LONGEST_URL: Final = 2_000

# How long after a rotation messages carry both signatures.
BOTH_FOR: Final = timedelta(hours=24)

# How long after each attempt that failed the next one is made; after the last there is none.
SCHEDULE: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS: Final = len(SCHEDULE) + 1

TESTED: Final = "webhook.tested"
# Entries that say nothing to the world: that the log lives, and what is done to the webhooks themselves.
_QUIET: Final = ("log.", "webhook.")
ANNOUNCED: Final = frozenset(name for name in EFFECTS if not name.startswith(_QUIET))

_URL = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]\\]+)(:[0-9]{1,5})?([/?][^\s#\\]*)?", re.ASCII | re.IGNORECASE
)
_LAST_PORT: Final = 65_535
_SECRET = "whsec_"  # noqa: S105 - how every secret begins
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of an entry: its number and identifier, what it is about, and who did it.

    ``case`` is the number of the application it is about, ``state`` what its subject came to; None where there is none.
    """

    entry: int
    id: UUID
    type: str
    at: str
    subject_kind: str
    subject_id: str
    actor: str
    case: str | None = None
    state: str | None = None


def message(told: Told) -> bytes:
    """Write a message: the same bytes whenever it is sent, and to whom."""
    data: dict[str, Plain] = {
        "actor": told.actor,
        "entry": told.entry,
        "id": str(told.id),
        "number": told.case,
        "state": told.state,
        "subject": {"id": told.subject_id, "kind": told.subject_kind},
    }
    return canonical_bytes({"data": data, "timestamp": told.at, "type": told.type})


def told(number: int, entry: Mapping[str, Any], case: str | None) -> Told:
    """Take from an entry what a message tells; nothing else of it leaves."""
    subject, state = entry["subject"], (entry["data"] or _NONE).get("to")
    return Told(
        number,
        UUID(entry["id"]),
        entry["type"],
        entry["at"],
        subject["kind"],
        subject["id"],
        entry["actor"]["ref"],
        case,
        state if isinstance(state, str) else None,
    )


def wants(events: Iterable[str], type_: str) -> bool:
    """Whether a webhook for these events is sent an entry of this type."""
    return type_ in ANNOUNCED and any(event in (EVERYTHING, type_) for event in events)


def write_secret(noise: bytes) -> str:
    """Write a secret the way receivers' libraries read it."""
    return _SECRET + base64.b64encode(noise).decode()


def sign(secrets: Sequence[str], message_id: str, at: int, body: bytes) -> str:
    """Sign a message sent at a moment (seconds) with each of the secrets."""
    signed = f"{message_id}.{at}.".encode() + body
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets)


def flaws(url: str, events: Sequence[str]) -> tuple[Flaw, ...]:
    """List what is wrong with where a webhook sends, and what."""
    found = () if _is_url(url) else (Flaw("/url", "webhook_url", {"most": LONGEST_URL}),)
    if not events:
        return (*found, Flaw("/events", "webhook_events_missing"))
    return (*found, *(_event_flaw(at, name) for at, name in enumerate(events) if not _is_event(name)))


def host_of(url: str) -> str:
    """Give the host of an address that has no flaw, without the brackets of an IPv6 address."""
    match = _URL.fullmatch(url)
    return "" if match is None else match[1].strip("[]").lower()


def _is_url(url: str) -> bool:
    match = _URL.fullmatch(url)
    if match is None or len(url) > LONGEST_URL or not url.isascii():
        return False
    host, port = match[1], int((match[2] or ":443")[1:])
    return 0 < port <= _LAST_PORT and (not host.startswith("[") or _is_ipv6(host.strip("[]")))


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def is_encrypted(url: str) -> bool:
    """Whether what is sent to an address is read by nobody on the way."""
    return url[:8].lower() == "https://"


def due_after(attempts: int) -> timedelta | None:
    """Say how long after a failed attempt, by its number from 1, the next is due; None: there is none."""
    return SCHEDULE[attempts - 1] if attempts <= len(SCHEDULE) else None


def _is_event(name: str) -> bool:
    return name == EVERYTHING or name in ANNOUNCED


def _event_flaw(at: int, name: str) -> Flaw:
    return Flaw(f"/events/{at}", "webhook_event", {"found": name})


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_SECRET))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
