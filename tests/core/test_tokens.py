"""What must stand in an access token, whoever signed it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.core.errors import MalformedError
from service.core.people import Role
from service.core.tokens import Policy, TokenRefusedError, read, read_roles

NOW = datetime(2026, 11, 23, 2, 15, 30, tzinfo=UTC)
MOMENT = int(NOW.timestamp())
POLICY = Policy("https://id.example", "sluice")
SOUND: Mapping[str, Any] = {"iss": POLICY.issuer, "aud": "sluice", "sub": "s-1", "iat": MOMENT, "exp": MOMENT + 60}


def refused(header: Mapping[str, Any] | None = None, **changes: Any) -> str:  # noqa: ANN401 - claims of any kind
    with pytest.raises(TokenRefusedError) as error:
        read(header or {}, {**SOUND, **changes}, POLICY, NOW)
    return error.value.because


@pytest.mark.parametrize("kind", [None, "JWT", "at+jwt", "AT+JWT", "application/at+jwt"])
def test_a_token_for_access_is_read(kind: str | None) -> None:
    token = read({} if kind is None else {"typ": kind}, SOUND, POLICY, NOW)
    assert (token.issuer, token.subject, token.roles) == (POLICY.issuer, "s-1", None)
    assert token.expires_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("header", "claims", "because"),
    [
        ({"typ": "logout+jwt"}, {}, "typ"),
        ({"typ": 1}, {}, "typ"),
        ({"crit": ["b64"]}, {}, "crit"),
        ({}, {"nonce": "n"}, "id_token"),
        ({}, {"at_hash": "h"}, "id_token"),
        ({}, {"typ": "ID"}, "token_use"),
        ({}, {"typ": "Refresh"}, "token_use"),
        ({}, {"token_use": "id"}, "token_use"),
        ({}, {"cnf": {"jkt": "x"}}, "cnf"),
        ({}, {"sub": ""}, "sub"),
        ({}, {"sub": 7}, "sub"),
        ({}, {"exp": MOMENT - 30}, "expired"),
        ({}, {"exp": MOMENT + 366 * 86_400 + 1}, "lifetime"),
        ({}, {"exp": 10**400}, "exp"),
        ({}, {"exp": True}, "exp"),
        ({}, {"exp": "1"}, "exp"),
        ({}, {"exp": float("nan")}, "exp"),
        ({}, {"exp": None}, "exp"),
        ({}, {"iat": MOMENT + 31}, "iat"),
        ({}, {"nbf": MOMENT + 31}, "nbf"),
        ({}, {"nbf": "soon"}, "nbf"),
    ],
)
def test_any_other_is_refused_with_a_reason(header: dict[str, Any], claims: dict[str, Any], because: str) -> None:
    assert refused(header, **claims) == because


@pytest.mark.parametrize("claims", [{"exp": MOMENT - 29}, {"nbf": MOMENT + 30}, {"iat": MOMENT + 30.0}])
def test_times_may_be_off_by_the_leeway(claims: dict[str, Any]) -> None:
    assert read({}, {**SOUND, **claims}, POLICY, NOW).subject == "s-1"


@pytest.mark.parametrize(
    ("claim", "told", "roles"),
    [
        ("roles", {"roles": ["zone-officer", "zone-chair", "other", 7]}, {Role.OFFICER, Role.CHAIR}),
        ("roles", {"roles": "zone-officer  other"}, {Role.OFFICER}),
        ("roles", {"roles": {"zone-officer": True}}, set()),
        ("roles", {"roles": None}, set()),
        ("roles", {}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["zone-chair"]}}, {Role.CHAIR}),
        ("realm_access.roles", {"realm_access": "roles"}, set()),
        ("https://zone.example/roles", {"https://zone.example/roles": ["zone-officer"]}, {Role.OFFICER}),
    ],
)
def test_roles_are_those_the_claim_names(claim: str, told: dict[str, Any], roles: set[Role]) -> None:
    policy = Policy(
        POLICY.issuer, "sluice", role_claim=claim, roles=(("zone-officer", Role.OFFICER), ("zone-chair", Role.CHAIR))
    )
    assert read({}, {**SOUND, **told}, policy, NOW).roles == frozenset(roles)


def test_pairs_of_a_value_and_a_role_are_read() -> None:
    assert read_roles(" zone=staff = officer,\nchairs=chair,") == (("zone=staff", Role.OFFICER), ("chairs", Role.CHAIR))
    assert read_roles("") == ()


@pytest.mark.parametrize(
    ("text", "number"), [("a", 1), ("a=king", 1), ("a=officer,=chair", 2), ("a=officer," * 101, 101)]
)
def test_what_is_no_pair_is_refused_with_its_number(text: str, number: int) -> None:
    with pytest.raises(MalformedError) as error:
        read_roles(text)
    assert error.value.figures == {"number": number}
