from itertools import product
from uuid import UUID

import pytest

from service.core.cases.sight import Standing
from service.core.cases.states import State
from service.core.cases.timelines import AUDIENCES, OF_MEETINGS, Audience, Reader, reader, shown
from service.core.people import Actor, Role

ME, OTHER = UUID(int=1), UUID(int=2)
READERS = {
    Audience.EVERYBODY: Reader(judges=False, of_meeting=False),
    Audience.JUDGES: Reader(judges=True, of_meeting=False),
    Audience.MEETING: Reader(judges=True, of_meeting=True),
}

# Who reads a case of somebody else's that is tabled: how, by role and seat.
ROLES = {
    (Role.OFFICER, False): Audience.EVERYBODY,
    (Role.REVIEWER, False): Audience.JUDGES,
    (Role.REVIEWER, True): Audience.MEETING,
    (Role.SECRETARY, False): Audience.MEETING,
    (Role.MEMBER, True): Audience.MEETING,
    (Role.CHAIR, False): Audience.MEETING,
    (Role.AUDITOR, False): Audience.MEETING,
}


def types(to: Reader, *entries: str, **data: object) -> list[str]:
    """The types of the entries that are shown."""
    given = [(type_, dict(data)) for type_ in entries]
    return [given[at][0] for at, _ in shown(to, given)]


@pytest.mark.parametrize(("noun", "audience"), AUDIENCES.items())
@pytest.mark.parametrize("to", READERS)
def test_an_entry_is_shown_to_its_audience_and_to_nobody_else(noun: str, audience: Audience, to: Audience) -> None:
    order = list(Audience)
    found = types(READERS[to], f"{noun}.happened", "decision.recorded", meeting="m", item=1)
    assert (f"{noun}.happened" in found) is (order.index(audience) <= order.index(to))


def test_what_nobody_thought_of_is_for_those_who_judge() -> None:
    assert types(READERS[Audience.EVERYBODY], "rumour.heard") == []
    assert types(READERS[Audience.JUDGES], "rumour.heard") == ["rumour.heard"]


@pytest.mark.parametrize("state", [State.TABLED, State.APPROVED])
@pytest.mark.parametrize(("who", "expected"), ROLES.items())
def test_a_role_reads_as_its_part_in_judging_says(who: tuple[Role, bool], expected: Audience, state: State) -> None:
    role, seated = who
    owner = ME if role is Role.OFFICER else OTHER
    actor = Actor("u:1", "甲", frozenset({role}), ME)
    assert reader(actor, Standing(state, owner, filed=True, seated=seated)) == READERS[expected]


@pytest.mark.parametrize(("role", "seated"), list(product(Role, [True, False])))
def test_whoever_is_recused_reads_as_one_who_does_not_judge(role: Role, seated: bool) -> None:  # noqa: FBT001 - a parameter
    actor = Actor("u:1", "甲", frozenset({role, Role.OFFICER}), ME)
    standing = Standing(State.TABLED, ME, filed=True, seated=seated, recused=True)
    assert reader(actor, standing) == READERS[Audience.EVERYBODY]


def test_votes_are_shown_when_the_item_they_were_cast_on_is_decided_and_not_before() -> None:
    to = READERS[Audience.MEETING]
    first, second = {"meeting": "m", "item": 1}, {"meeting": "n", "item": 1}
    story = [("vote.cast", first), ("application.carried_over", first), ("vote.cast", second)]
    assert [at for at, _ in shown(to, story)] == [1]
    assert [at for at, _ in shown(to, [*story, ("decision.recorded", second)])] == [1, 2, 3]


@pytest.mark.parametrize("type_", sorted(OF_MEETINGS))
def test_those_who_do_not_judge_are_told_no_more_of_a_meeting_than_where_it_led(type_: str) -> None:
    data = {"from": "tabled", "to": "approved", "version": 4, "n": 1, "outcome": "approve", "reason": "理由"}
    held_back = {"meeting": "m", "item": 2, "tally": {}, "assessed": "defer", "verified_outcome": "defer"}
    assert list(shown(READERS[Audience.EVERYBODY], [(type_, data | held_back)])) == [(0, data)]
    assert list(shown(READERS[Audience.JUDGES], [(type_, data | held_back)])) == [(0, data | held_back)]


def test_all_else_is_told_whole() -> None:
    data = {"from": "submitted", "to": "returned", "version": 2, "reason": "补充", "paper": 1}
    assert list(shown(READERS[Audience.EVERYBODY], [("application.returned", data)])) == [(0, data)]
