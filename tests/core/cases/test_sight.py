from itertools import combinations
from uuid import UUID

import pytest

from service.core.cases.sight import NotYoursError, OwnCaseError, Standing, require_sight, require_whose, sight
from service.core.cases.states import State, Whose
from service.core.errors import NotFoundError
from service.core.people import SYSTEM, Actor, Role

ME, OTHER = UUID(int=1), UUID(int=2)


def actor(*roles: Role) -> Actor:
    return Actor("u:1", "甲", frozenset(roles), ME)


def naive(roles: frozenset[Role], standing: Standing) -> bool:
    if Role.AUDITOR in roles:
        return True
    if Role.OFFICER in roles and standing.owner == ME:
        return True
    return Role.REVIEWER in roles and standing.filed and standing.state != "draft"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("owner", [ME, OTHER])
@pytest.mark.parametrize("filed", [True, False])
def test_sight_is_what_the_roles_say_together(state: State, owner: UUID, filed: bool) -> None:  # noqa: FBT001 - a case of the table
    standing = Standing(state, owner, filed)
    for count in range(4):
        for roles in combinations(Role, count):
            who = actor(*roles)
            assert sight(who).covers(standing) == naive(who.roles, standing)


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
