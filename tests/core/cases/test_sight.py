from itertools import combinations, product
from uuid import UUID

import pytest

from service.core.cases.sight import (
    NotYoursError,
    OwnCaseError,
    Standing,
    require_judging,
    require_sight,
    require_whose,
    sight,
)
from service.core.cases.states import State, Whose
from service.core.errors import NotFoundError
from service.core.people import SYSTEM, Actor, Role

ME, OTHER = UUID(int=1), UUID(int=2)


def actor(*roles: Role) -> Actor:
    return Actor("u:1", "甲", frozenset(roles), ME)


def naive(roles: frozenset[Role], standing: Standing) -> bool:
    if Role.OFFICER in roles and standing.owner == ME:
        return True
    if standing.recused:
        return False
    if Role.AUDITOR in roles or standing.seated:
        return True
    is_judge = any(role in roles for role in ("reviewer", "secretary", "chair"))
    return is_judge and standing.filed and standing.state != "draft"


FLAGS = [dict(zip(("filed", "seated", "recused"), flags, strict=True)) for flags in product([True, False], repeat=3)]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("owner", [ME, OTHER])
@pytest.mark.parametrize("flags", FLAGS)
def test_sight_is_what_the_roles_say_together(state: State, owner: UUID, flags: dict[str, bool]) -> None:
    standing = Standing(state, owner, **flags)
    for count in range(4):
        for roles in combinations(Role, count):
            who = actor(*roles)
            assert sight(who).covers(standing) == naive(who.roles, standing)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("owner", [ME, OTHER])
@pytest.mark.parametrize("flags", FLAGS)
def test_nobody_looks_into_the_judging_of_their_own_case(state: State, owner: UUID, flags: dict[str, bool]) -> None:
    standing = Standing(state, owner, **flags)
    for count in range(4):
        for roles in combinations(Role, count):
            who = actor(*roles)
            expected = owner != ME and not standing.recused and naive(who.roles, standing)
            assert sight(who).judges(standing) is expected, roles


def test_one_who_is_no_officer_any_more_sees_their_own_case_as_their_roles_say() -> None:
    mine = Standing(State.TABLED, ME, filed=True)
    assert sight(actor(Role.AUDITOR)).covers(mine)
    assert not sight(actor(Role.AUDITOR)).judges(mine)


def test_whoever_is_recused_sees_nothing_but_what_they_submitted_themselves() -> None:
    mine, theirs = (Standing(State.TABLED, owner, filed=True, seated=True, recused=True) for owner in (ME, OTHER))
    everybody = actor(*Role)
    assert sight(everybody).covers(mine)
    assert not sight(everybody).judges(mine)
    assert not sight(everybody).covers(theirs)
    require_sight(everybody, mine)
    with pytest.raises(NotFoundError):
        require_judging(everybody, mine)


def test_an_officer_does_not_see_how_their_own_case_is_judged() -> None:
    assert not sight(actor(Role.OFFICER)).judges(Standing(State.TABLED, ME, filed=True))


def test_what_is_not_for_your_eyes_does_not_exist() -> None:
    with pytest.raises(NotFoundError):
        require_sight(actor(Role.OFFICER), Standing(State.SUBMITTED, OTHER, filed=True))


def test_an_administrator_and_the_machine_see_no_case() -> None:
    standing = Standing(State.SUBMITTED, ME, filed=True)
    assert not sight(actor(Role.ADMIN)).covers(standing)
    assert not sight(SYSTEM).covers(standing)


def test_nobody_judges_their_own_case_and_nobody_moves_that_of_another() -> None:
    mine, theirs = Standing(State.SUBMITTED, ME, filed=True), Standing(State.SUBMITTED, OTHER, filed=True)
    me = actor(Role.OFFICER, Role.REVIEWER)
    require_whose(me, mine, Whose.OWN)
    require_whose(me, theirs, Whose.OTHERS)
    with pytest.raises(OwnCaseError):
        require_whose(me, mine, Whose.OTHERS)
    with pytest.raises(NotYoursError):
        require_whose(me, theirs, Whose.OWN)
