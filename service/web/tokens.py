"""Access tokens: whose signature they bear, and what the core says of what stands in them."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import jwt

from service import outbound
from service.core import tokens
from service.core.tokens import Policy, Token, TokenRefusedError
from service.web.keysets import Fetch, KeySet, VerifyingKey
from service.work import Runtime

LONGEST: Final = 16_384

_DOTS: Final = 2
_LIMITS = outbound.Limits(connect=3, silent=3, whole=5, answer=262_144)
# The library looks at who issued a token and for whom; times are looked at by our own clock.
_LEFT_TO_US = {"require": list(tokens.REQUIRED), "verify_exp": False, "verify_nbf": False, "verify_iat": False}

_log = logging.getLogger(__name__)


class Verifier:
    """What believes the tokens of one identity server."""

    def __init__(self, policy: Policy, keys: KeySet) -> None:
        """Take what must stand in a token, and the keys that may sign it."""
        self._policy, self._keys = policy, keys

    def read(self, text: str, now: datetime) -> Token:
        """Read a token. Raises ``TokenRefusedError``; the reason is for the log."""
        if len(text) > LONGEST or not text.isascii():
            raise TokenRefusedError("form")
        try:
            header = jwt.get_unverified_header(text)
            algorithm, key_id = header.get("alg"), header.get("kid")
            if not isinstance(algorithm, str) or algorithm not in self._policy.algorithms:
                raise TokenRefusedError("alg")
            claims = self._claims(text, algorithm, self._keys.find(key_id, algorithm))
        except (jwt.PyJWTError, RecursionError) as error:
            raise TokenRefusedError(type(error).__name__) from error
        return tokens.read(header, claims, self._policy, now)

    def _claims(self, text: str, algorithm: str, keys: Sequence[VerifyingKey]) -> dict[str, Any]:
        refused: jwt.PyJWTError | None = None
        for one in keys:
            try:
                return jwt.decode(
                    text,
                    one.key,
                    algorithms=[algorithm],
                    audience=self._policy.audience,
                    issuer=self._policy.issuer,
                    options=_LEFT_TO_US,  # type: ignore[arg-type]  # a dict of them
                )
            except jwt.InvalidSignatureError as error:
                refused = error
        if refused is not None:
            raise refused
        raise TokenRefusedError("kid")


def open_verifier(runtime: Runtime) -> Verifier | None:
    """Make what believes the tokens of the identity server that is set; None where none is."""
    settings = runtime.settings
    if not settings.oidc_issuer:
        return None
    policy = Policy(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithms=settings.oidc_algorithms,
        role_claim=settings.oidc_role_claim,
        roles=settings.oidc_roles,
        leeway=timedelta(seconds=settings.oidc_leeway_seconds),
    )
    return Verifier(policy, KeySet(_fetching(settings.oidc_jwks_url), runtime.clock))


def is_token(text: str) -> bool:
    """Whether what was shown looks like a token rather than a key."""
    return text.count(".") == _DOTS and not text.startswith("slc_")


def refused(because: str, request_id: str) -> None:
    """Write to the log why a token was refused, and nothing of the token."""
    _log.info("access refused", extra={"because": because, "request_id": request_id})


def _fetching(url: str) -> Fetch:
    def fetch() -> bytes | None:
        reply = outbound.fetch(url, _LIMITS)
        return reply.body if isinstance(reply, outbound.Answer) and reply.status == HTTPStatus.OK else None

    return fetch
