import pytest

from service.core.cases.states import EDITABLE, MOVES, IllegalMoveError, State, after, legal, require_editable
from service.core.errors import ConflictError
from service.core.people import PERMISSIONS, Role

# The whole table once more, written from the description of a case: state, then where each move leads.
TABLE = {
    "draft": {"submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"accept": "in_review", "return": "returned", "withdraw": "withdrawn"},
    "in_review": {"return": "returned", "withdraw": "withdrawn"},
    "tabled": {"withdraw": "withdrawn"},
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
    assert {name for name, move in MOVES.items() if move.reason_due} == {"return", "withdraw", "reconsider"}


def test_officers_move_their_own_cases_and_reviewers_those_of_others() -> None:
    granted = {name: (PERMISSIONS[move.permission], move.whose.value) for name, move in MOVES.items()}
    officer, reviewer = frozenset({Role.OFFICER}), frozenset({Role.REVIEWER})
    assert granted == {
        "submit": (officer, "own"),
        "withdraw": (officer, "own"),
        "reconsider": (officer, "own"),
        "accept": (reviewer, "others"),
        "return": (reviewer, "others"),
    }
