"""Meetings for the tests: bylaws as they stand in rulebooks, and seats made from the words for their state."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from service.core.cases.seats import Choice, Seat
from tests.core.cases.meeting_text import Plain


def rules(**others: object) -> Mapping[str, Any]:
    return {
        "seats": {"voting_roles": ["member", "chair"]},
        "quorum": {"of": "seats", "at_least": "2/3"},
        "pass": {"of": "votes_cast", "more_than": "1/2"},
        "oppose_is_veto": False,
        "abstentions_count_as_present": True,
        "tie": "chair",
        "override": {
            "needs": {"of": "seats", "at_least": "2/3"},
            "reason_required": True,
            "forbidden_for_levels": ["law"],
        },
    } | others


def seat(number: int, state: str, *, chair: bool = False, voting: bool = True) -> Seat:
    """Make a seat; the person is the number."""
    choice = Choice(state) if state in set(Choice) else None
    return Seat(UUID(int=number), voting, chair, state != "absent", state == "recused", choice)


def seated(plain: Iterable[Plain]) -> list[Seat]:
    """Make the seats that a plain list tells."""
    return [seat(number, state, chair=chair, voting=voting) for number, (state, chair, voting) in enumerate(plain)]
