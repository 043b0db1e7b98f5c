"""Roles, permissions and scopes: who may do what, and with which key."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from service.core.errors import ForbiddenError
from service.core.people import (
    PERMISSIONS,
    SCOPES,
    Actor,
    Credential,
    Permission,
    Role,
    Scope,
    ScopeMissingError,
    person_ref,
    role_flaws,
)

WHO = UUID(int=1)


def shown(*scopes: Scope) -> Credential:
    return Credential("abcdefgh", frozenset(scopes), datetime(2026, 12, 1, tzinfo=UTC))


def actor(credential: Credential | None, *roles: Role) -> Actor:
    return Actor(person_ref(WHO), "甲", frozenset(roles), WHO, credential)


def test_every_permission_has_roles_and_exactly_one_scope() -> None:
    assert set(PERMISSIONS) == set(SCOPES) == set(Permission)
    assert set(SCOPES.values()) == set(Scope)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_may_do_what_roles_and_scope_both_allow(scope: Scope) -> None:
    everybody = actor(shown(scope), *Role)
    assert {one for one in Permission if everybody.may(one)} == {
        one for one in Permission if SCOPES[one] in {scope, Scope.ME}
    }
    officer = actor(shown(scope), Role.OFFICER)
    assert {one for one in Permission if officer.may(one)} == {
        one for one in Permission if everybody.may(one) and Role.OFFICER in PERMISSIONS[one]
    }


def test_a_key_without_scopes_may_do_all_that_its_person_may() -> None:
    for credential in (None, Credential("abcdefgh", None, datetime(2026, 12, 1, tzinfo=UTC))):
        assert all(
            actor(credential, role).may(one) == (role in PERMISSIONS[one]) for role in Role for one in Permission
        )


def test_a_scope_that_is_missing_is_named_only_to_whom_the_role_would_let() -> None:
    reading = actor(shown(Scope.CASES_READ), Role.OFFICER)
    with pytest.raises(ScopeMissingError) as missing:
        reading.require(Permission.CREATE_CASES)
    assert missing.value.figures == {"scope": "cases:write", "permission": "create_cases"}
    with pytest.raises(ForbiddenError) as refused:
        reading.require(Permission.MANAGE_PEOPLE)
    assert (type(refused.value), refused.value.figures) == (ForbiddenError, {"permission": "manage_people"})


def test_a_key_covers_another_that_is_for_no_more() -> None:
    narrow, wide = shown(Scope.CASES_READ), Credential("abcdefgh", None, datetime(2026, 12, 1, tzinfo=UTC))
    assert narrow.covers_all(frozenset({Scope.CASES_READ, Scope.ME}))
    assert not narrow.covers_all(frozenset({Scope.CASES_READ, Scope.CASES_WRITE}))
    assert not narrow.covers_all(None)
    assert wide.covers_all(None)
    assert wide.covers_all(frozenset(Scope))


def test_what_somebody_shows_makes_them_nobody_else() -> None:
    assert actor(shown(Scope.ME), Role.OFFICER) == actor(None, Role.OFFICER)


@pytest.mark.parametrize(
    ("roles", "codes"),
    [
        ([], ["roles_missing"]),
        ([Role.ADMIN], []),
        ([Role.ADMIN, Role.ADMIN], []),
        ([Role.OFFICER, Role.REVIEWER], []),
        ([Role.ADMIN, Role.AUDITOR], ["roles_admin_alone"]),
    ],
)
def test_an_administrator_is_nothing_else(roles: list[Role], codes: list[str]) -> None:
    assert [(flaw.pointer, flaw.code) for flaw in role_flaws(roles)] == [("/roles", code) for code in codes]
