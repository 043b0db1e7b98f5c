"""The moves a case is shown with are those that whoever asks can make."""

from uuid import UUID

import pytest

from service.actions import applications
from service.core.cases.states import State
from service.core.people import Actor
from tests import make, seating


def moves(house: make.House, case_id: UUID, actor: Actor) -> tuple[str, ...]:
    with house.work(actor) as work:
        alone = applications.case(work, applications.get(work, case_id)).moves
        listed = applications.cases(work, applications.find(work, applications.Query()).items)
        assert {one.id: one.moves for one in listed}[case_id] == alone
        return alone


EXPECTED: dict[State, dict[str, tuple[str, ...]]] = {
    State.SUBMITTED: {"officer": ("withdraw",), "reviewer": ("accept", "return"), "both": ("accept", "return")},
    State.IN_REVIEW: {
        "officer": ("withdraw",),
        "reviewer": ("return",),
        "both": ("return",),
        "secretary": ("table",),
    },
    State.TABLED: {
        "officer": ("withdraw",),
        "secretary": ("untable", "approve", "conditional", "defer", "reject"),
        "chair": ("approve", "conditional", "defer", "reject", "carry_over"),
    },
    State.RETURNED: {"officer": ("replace_facts", "submit", "withdraw")},
    State.REJECTED: {"officer": ("reconsider",)},
    State.APPROVED: {},
}


@pytest.mark.parametrize("state", EXPECTED)
def test_everybody_is_offered_their_own_moves_and_no_others(house: make.House, state: State) -> None:
    case_id = house.create(make.application())
    house.put(case_id, state)
    for name in ("officer", "reviewer", "secretary", "chair", "auditor", "both"):
        assert moves(house, case_id, getattr(house, name)) == EXPECTED[state].get(name, ()), name


def test_nobody_is_offered_to_judge_their_own_case_or_one_they_are_recused_from(house: make.House) -> None:
    mine = house.create(make.application(), house.both)
    assert moves(house, mine, house.both) == ("withdraw",)
    seating.recuse(house, mine, house.both)
    assert moves(house, mine, house.both) == ("withdraw",)


def test_a_page_of_no_cases_offers_nothing(house: make.House) -> None:
    with house.work(house.officer) as work:
        assert applications.cases(work, ()) == ()
