import pytest

from service.core.cases.states import EDITABLE, MOVES, IllegalMoveError, State, after, legal, require_editable
from service.core.errors import ConflictError
from service.core.people import PERMISSIONS, Role
from service.core.rules.model import Outcome

# The whole table once more, written from the description of a case: state, then where each move leads.
TABLE = {
    "draft": {"submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"accept": "in_review", "return": "returned", "withdraw": "withdrawn"},
    "in_review": {"return": "returned", "withdraw": "withdrawn", "table": "tabled"},
    "tabled": {
        "withdraw": "withdrawn",
        "untable": "in_review",
        "carry_over": "in_review",
        "approve": "approved",
        "conditional": "conditional",
        "defer": "deferred",
        "reject": "rejected",
    },
    "returned": {"submit": "submitted", "withdraw": "withdrawn"},
    "deferred": {"reconsider": "draft"},
    "rejected": {"reconsider": "draft"},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state_is_as_described(state: State, move: str) -> None:
    led_to = TABLE.get(state.value, {}).get(move)
    if led_to is None:
        with pytest.raises(IllegalMoveError) as refused:
            after(state, move)
        assert isinstance(refused.value, ConflictError)
        assert refused.value.figures == {"state": state.value, "move": move, "legal": legal(state)}
    else:
        assert after(state, move) == State(led_to)


@pytest.mark.parametrize("state", State)
def test_the_legal_moves_named_are_exactly_those_that_work(state: State) -> None:
    edit = {"replace_facts"} if state.value in {"draft", "returned"} else set()
    assert set(legal(state)) == set(TABLE.get(state.value, {})) | edit


@pytest.mark.parametrize("state", State)
def test_facts_are_replaced_only_in_a_draft_or_a_returned_case(state: State) -> None:
    if state in EDITABLE:
        require_editable(state)
    else:
        with pytest.raises(IllegalMoveError):
            require_editable(state)


def test_moves_that_undo_or_end_something_need_a_reason() -> None:
    assert {name for name, move in MOVES.items() if move.reason_due} == {
        "return",
        "withdraw",
        "reconsider",
        "carry_over",
    }


def test_there_is_a_move_for_every_outcome_a_meeting_may_decide() -> None:
    assert {outcome.value for outcome in Outcome} <= set(MOVES)


def test_officers_move_their_own_cases_and_all_others_only_those_of_others() -> None:
    granted = {name: (PERMISSIONS[move.permission], move.whose.value) for name, move in MOVES.items()}
    officer, reviewer = frozenset({Role.OFFICER}), frozenset({Role.REVIEWER})
    secretary, chair = frozenset({Role.SECRETARY}), frozenset({Role.CHAIR})
    assert granted == {
        "submit": (officer, "own"),
        "withdraw": (officer, "own"),
        "reconsider": (officer, "own"),
        "accept": (reviewer, "others"),
        "return": (reviewer, "others"),
        "table": (secretary, "others"),
        "untable": (secretary, "others"),
        **{outcome.value: (secretary | chair, "others") for outcome in Outcome},
        "carry_over": (chair, "others"),
    }
