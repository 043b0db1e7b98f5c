"""Settings of the identity server whose access tokens count."""

import re
from collections.abc import Mapping
from typing import Any, Final

from service.config.reading import PREFIX, FaultError, Reader, between
from service.core.errors import Flaw, MalformedError
from service.core.ledger.witnessing import is_url
from service.core.people import Role
from service.core.tokens import ALGORITHMS, USUAL_ALGORITHMS, read_roles

_LONGEST_LEEWAY: Final = 300
_SAFE = re.compile(r"https://.*|http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(/.*)?", re.ASCII)
_TEXT = re.compile(r"[^\s\x00-\x1f]{1,300}")


def taken(reader: Reader, *, demo: bool) -> Mapping[str, Any]:
    """Read them all; what is missing beside an issuer is a fault. Keys go over https, or do not leave the machine."""
    usual: tuple[str, ...] = USUAL_ALGORITHMS
    none: tuple[tuple[str, Role], ...] = ()
    found: dict[str, Any] = {
        "oidc_issuer": reader.take("OIDC_ISSUER", _text, ""),
        "oidc_audience": reader.take("OIDC_AUDIENCE", _text, ""),
        "oidc_jwks_url": reader.take("OIDC_JWKS_URL", _plain_address if demo else _address, ""),
        "oidc_algorithms": reader.take("OIDC_ALGORITHMS", _algorithms, usual),
        "oidc_role_claim": reader.take("OIDC_ROLE_CLAIM", _text, ""),
        "oidc_roles": reader.take("OIDC_ROLES", _roles, none),
        "oidc_leeway_seconds": reader.take("OIDC_LEEWAY_SECONDS", between(0, _LONGEST_LEEWAY), 30),
    }
    faulty = {flaw.pointer for flaw in reader.flaws}
    for name in _wanted(found):
        variable = PREFIX + name.upper()
        if not found[name] and variable not in faulty:
            reader.flaws.append(Flaw(variable, "setting_missing_too"))
    return found


def _wanted(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the settings that must be there because another one is."""
    server = ("oidc_issuer", "oidc_audience", "oidc_jwks_url")
    roles = ("oidc_role_claim", "oidc_roles")
    return tuple(name for group in (server, roles) if any(found[name] for name in group) for name in group)


def _text(text: str) -> str:
    if text and _TEXT.fullmatch(text) is None:
        raise FaultError("setting_text")
    return text


def _plain_address(text: str) -> str:
    if text and not is_url(text):
        raise FaultError("setting_url")
    return text


def _address(text: str) -> str:
    if _plain_address(text) and _SAFE.fullmatch(text) is None:
        raise FaultError("setting_https")
    return text


def _algorithms(text: str) -> tuple[str, ...]:
    known = {name.lower(): name for name in ALGORITHMS}
    named = [name.strip().lower() for name in text.split(",") if name.strip()]
    if not named or not known.keys() >= set(named):
        raise FaultError("setting_choice", known=ALGORITHMS)
    return tuple(dict.fromkeys(known[name] for name in named))


def _roles(text: str) -> tuple[tuple[str, Role], ...]:
    try:
        return read_roles(text)
    except MalformedError as error:
        raise FaultError("setting_roles", number=error.figures["number"]) from error
