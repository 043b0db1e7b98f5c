from itertools import combinations, product
from uuid import UUID

import pytest

from service.core.cases.options import open_to
from service.core.cases.sight import Standing
from service.core.cases.states import State
from service.core.people import SYSTEM, Actor, Role

ME, OTHER = UUID(int=1), UUID(int=2)

# The whole table once more, as people would say it: who makes which moves, from where, and on whose cases.
TOLD = {
    Role.OFFICER: {
        "draft": ["replace_facts", "submit", "withdraw"],
        "submitted": ["withdraw"],
        "in_review": ["withdraw"],
        "tabled": ["withdraw"],
        "returned": ["replace_facts", "submit", "withdraw"],
        "deferred": ["reconsider"],
        "rejected": ["reconsider"],
    },
    Role.REVIEWER: {"submitted": ["accept", "return"], "in_review": ["return"]},
    Role.SECRETARY: {"in_review": ["table"], "tabled": ["untable", "approve", "conditional", "defer", "reject"]},
    Role.CHAIR: {"tabled": ["approve", "conditional", "defer", "reject", "carry_over"]},
}
FLAGS = [dict(zip(("seated", "recused"), flags, strict=True)) for flags in product([True, False], repeat=2)]


def actor(*roles: Role) -> Actor:
    return Actor("u:1", "甲", frozenset(roles), ME)


def naive(roles: tuple[Role, ...], standing: Standing) -> set[str]:
    """What the roles together may do, from the table above."""
    is_mine = standing.owner == ME
    may = {role for role in roles if (role is Role.OFFICER) == is_mine}
    if standing.recused:
        may &= {Role.OFFICER}
    return {move for role in may for move in TOLD.get(role, {}).get(standing.state.value, [])}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("owner", [ME, OTHER])
@pytest.mark.parametrize("flags", FLAGS)
def test_a_case_is_open_to_the_moves_of_whoever_asks(state: State, owner: UUID, flags: dict[str, bool]) -> None:
    standing = Standing(state, owner, filed=state is not State.DRAFT, **flags)
    for count in range(4):
        for roles in combinations(Role, count):
            assert set(open_to(actor(*roles), standing)) == naive(roles, standing), roles


def test_moves_are_named_in_the_order_of_the_table() -> None:
    mine = Standing(State.RETURNED, ME, filed=True)
    assert open_to(actor(Role.OFFICER), mine) == ("replace_facts", "submit", "withdraw")
    theirs = Standing(State.SUBMITTED, OTHER, filed=True)
    assert open_to(actor(Role.OFFICER, Role.REVIEWER), theirs) == ("accept", "return")


def test_whoever_is_recused_may_still_take_back_what_they_submitted() -> None:
    everybody = actor(*Role)
    assert open_to(everybody, Standing(State.TABLED, ME, filed=True, recused=True)) == ("withdraw",)
    assert open_to(everybody, Standing(State.TABLED, OTHER, filed=True, recused=True)) == ()


def test_what_was_decided_against_stays_so_when_the_time_is_over() -> None:
    for state in (State.DEFERRED, State.REJECTED):
        assert open_to(actor(Role.OFFICER), Standing(state, ME, filed=True)) == ("reconsider",)
        assert open_to(actor(Role.OFFICER), Standing(state, ME, filed=True, closed=True)) == ()


def test_nothing_is_open_to_the_machine() -> None:
    assert all(open_to(SYSTEM, Standing(state, OTHER, filed=True)) == () for state in State)
