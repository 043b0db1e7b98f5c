"""The states of a case and the one table of moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.core.errors import ConflictError
from service.core.people import Permission

RECONSIDER: Final = "reconsider"


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    TABLED = "tabled"
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SIGNED = "signed"
    OPERATING = "operating"
    COMPLETED = "completed"
    EXITED = "exited"


class Whose(StrEnum):
    """On whose cases a move is made: the mover's own, or other people's only (nobody judges their own case)."""

    OWN = "own"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Move:
    """One way from some states to another, who is granted it, on whose cases, and whether a reason is due."""

    name: str
    from_states: frozenset[State]
    to_state: State
    permission: Permission
    whose: Whose
    reason_due: bool


class IllegalMoveError(ConflictError):
    """A move that does not start in the state the case is in. Figures: ``state``, ``move``, ``legal`` (move names)."""

    code = "illegal_move"


EDITABLE = frozenset({State.DRAFT, State.RETURNED})
UNDECIDED = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.TABLED, State.RETURNED})

_SUBMITTED = frozenset({State.SUBMITTED})
_IN_REVIEW = frozenset({State.IN_REVIEW})
_TABLED = frozenset({State.TABLED})
DECIDED_AGAINST = frozenset({State.DEFERRED, State.REJECTED})


def _own(name: str, starts: frozenset[State], to: State, permission: Permission, *, reason: bool = True) -> Move:
    return Move(name, starts, to, permission, Whose.OWN, reason)


def _judging(name: str, starts: frozenset[State], to: State, permission: Permission, *, reason: bool = False) -> Move:
    return Move(name, starts, to, permission, Whose.OTHERS, reason)


# The moves from a table are named like the outcomes they record.
MOVES: Mapping[str, Move] = MappingProxyType(
    {
        move.name: move
        for move in (
            _own("submit", EDITABLE, State.SUBMITTED, Permission.SUBMIT_CASES, reason=False),
            _judging("accept", _SUBMITTED, State.IN_REVIEW, Permission.ACCEPT_CASES),
            _judging("return", _SUBMITTED | _IN_REVIEW, State.RETURNED, Permission.RETURN_CASES, reason=True),
            _own("withdraw", UNDECIDED, State.WITHDRAWN, Permission.WITHDRAW_CASES),
            _judging("table", _IN_REVIEW, State.TABLED, Permission.CALL_MEETINGS),
            _judging("untable", _TABLED, State.IN_REVIEW, Permission.CALL_MEETINGS),
            _judging("approve", _TABLED, State.APPROVED, Permission.DECIDE_ITEMS),
            _judging("conditional", _TABLED, State.CONDITIONAL, Permission.DECIDE_ITEMS),
            _judging("defer", _TABLED, State.DEFERRED, Permission.DECIDE_ITEMS),
            _judging("reject", _TABLED, State.REJECTED, Permission.DECIDE_ITEMS),
            _judging("carry_over", _TABLED, State.IN_REVIEW, Permission.CLOSE_MEETINGS, reason=True),
            _own(RECONSIDER, DECIDED_AGAINST, State.DRAFT, Permission.RECONSIDER_CASES),
        )
    }
)


def legal(state: State) -> tuple[str, ...]:
    """Name the moves that start in a state, in the order of the table; facts may be replaced where editable."""
    edit = ("replace_facts",) if state in EDITABLE else ()
    return edit + tuple(name for name, move in MOVES.items() if state in move.from_states)


def after(state: State, move: str) -> State:
    """Give the state a move leads to. Raises ``IllegalMoveError`` when it does not start here."""
    if state not in MOVES[move].from_states:
        raise IllegalMoveError(state=state.value, move=move, legal=legal(state))
    return MOVES[move].to_state


def require_editable(state: State) -> None:
    """Raise ``IllegalMoveError`` unless the facts of a case in this state may be replaced."""
    if state not in EDITABLE:
        raise IllegalMoveError(state=state.value, move="replace_facts", legal=legal(state))
