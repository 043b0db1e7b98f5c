"""People, the keys they show, who they are to an identity server, and oneself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody and the roles they hold; ``name`` is a dash once erased. ``version`` is the one that was read."""

    id: UUID
    name: str | None
    roles: tuple[str, ...]
    department: str | None
    erased: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is to an identity server; ``subject`` is None once it is unlinked."""

    id: UUID
    issuer: str
    subject: str | None
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; ``scopes`` is None for all that its person may do."""

    id: str
    label: str | None
    scopes: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. It is told once: ``key`` is None where the first answer was lost and this one is its repetition."""

    key: str | None
    id: str
    label: str | None
    scopes: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credential:
    """What was shown: a key or a token, what it may be used for, until when."""

    kind: str
    id: str | None
    scopes: tuple[str, ...] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks, and what they may do."""

    id: UUID
    name: str
    department: str | None
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    credential: Credential | None
