"""Access tokens of an identity server: what must stand in one whose signature is good, before anybody is believed.

Which time it is, is said by whoever asks. Why a token is refused is for the log; whoever showed it is told nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from service.core.errors import MalformedError
from service.core.people import Role

# What a token may be signed with: never nothing, and never a secret that whoever checks it knows too.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
USUAL_ALGORITHMS: Final = ("RS256", "ES256")

# Claims that must be there; ``nbf`` counts where it is there, as most servers leave it out.
REQUIRED: Final = ("iss", "aud", "sub", "exp", "iat")

LONGEST_LIFE: Final = timedelta(days=366)
MOST_ROLES: Final = 100

_LARGEST_MOMENT = 2**53

_TYPES = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
# What only tokens about a sign-in have, which are for the program that asked for it and for nobody else.
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash", "s_hash")
_KINDS = {"typ": "bearer", "token_use": "access"}


class TokenRefusedError(ValueError):
    """A token is not accepted, and why."""

    def __init__(self, because: str) -> None:
        """Keep the reason."""
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose tokens count, for whom they must be meant, and how they are read.

    ``roles`` pairs values of the claim ``role_claim`` with roles; without such a claim a token says nothing of roles.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = USUAL_ALGORITHMS
    role_claim: str = ""
    roles: tuple[tuple[str, Role], ...] = ()
    leeway: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that counts: whom it is about, until when, and the roles it names (None: it says nothing of them)."""

    issuer: str
    subject: str
    expires_at: datetime
    roles: frozenset[Role] | None = None


def read(header: Mapping[str, Any], claims: Mapping[str, Any], policy: Policy, now: datetime) -> Token:
    """Read a token whose signature, issuer and audience are good. Raises ``TokenRefusedError``."""
    _require_access_token(header, claims)
    expires_at = _require_time(claims, policy, now)
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject:
        raise TokenRefusedError("sub")
    roles = frozenset(_roles(claims, policy)) if policy.role_claim else None
    return Token(policy.issuer, subject, expires_at, roles)


def read_roles(text: str) -> tuple[tuple[str, Role], ...]:
    """Read pairs ``value=role``, separated by commas or line ends. Raises ``MalformedError`` with the pair's number."""
    known = {role.value: role for role in Role}
    found: list[tuple[str, Role]] = []
    for number, pair in enumerate((part for part in text.replace("\n", ",").split(",") if part.strip()), start=1):
        value, _, role = (part.strip() for part in pair.rpartition("="))
        if not value or role not in known or number > MOST_ROLES:
            raise MalformedError(number=number)
        found.append((value, known[role]))
    return tuple(found)


def _require_access_token(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in _TYPES:
        raise TokenRefusedError("typ")
    if "crit" in header:
        raise TokenRefusedError("crit")
    if any(name in claims for name in _OF_ID_TOKENS):
        raise TokenRefusedError("id_token")
    if any(str(claims.get(name, kind)).lower() != kind for name, kind in _KINDS.items()):
        raise TokenRefusedError("token_use")
    if "cnf" in claims:  # bound to whoever can prove more than is shown here
        raise TokenRefusedError("cnf")


def _require_time(claims: Mapping[str, Any], policy: Policy, now: datetime) -> datetime:
    """Look at all its times; give when it expires."""
    moment, leeway = now.timestamp(), policy.leeway.total_seconds()
    expires = _number(claims, "exp")
    if moment >= expires + leeway:
        raise TokenRefusedError("expired")
    if expires > moment + LONGEST_LIFE.total_seconds():
        raise TokenRefusedError("lifetime")
    if _number(claims, "iat") > moment + leeway:
        raise TokenRefusedError("iat")
    if "nbf" in claims and _number(claims, "nbf") > moment + leeway:
        raise TokenRefusedError("nbf")
    return datetime.fromtimestamp(expires, UTC)


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST_MOMENT:
        raise TokenRefusedError(name)
    return value


def _roles(claims: Mapping[str, Any], policy: Policy) -> Iterator[Role]:
    values = set(_values(claims, policy.role_claim))
    return (role for value, role in policy.roles if value in values)


def _values(claims: Mapping[str, Any], name: str) -> Iterator[str]:
    """Give the texts of a claim: one of that very name, or one inside others, their names joined by dots."""
    found: Any = claims
    for part in (name,) if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    texts = found.split() if isinstance(found, str) else found
    return (text for text in texts if isinstance(text, str)) if isinstance(texts, list) else iter(())
