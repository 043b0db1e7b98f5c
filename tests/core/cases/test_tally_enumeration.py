"""Every way in which seats can stand, counted by the service and by a second reading of docs/meetings.md.

Up to seven seats are gone through as *multisets* of states together with the chair's own state. That loses nothing:

- The text speaks of seats only by counting them: how many are in a state, and among them the one that is the chair's.
  It never speaks of a seat's place. So what the second reading finds is the same for all orders of the same seats; and
  every order of given seats has the same multiset of the others' states and the same state of the chair.
- The service's count might depend on the order by mistake. Therefore all *ordered* assignments of up to four seats,
  with the chair in every place, are compared as well, and of five seats by the bylaws of the default rulebook; that
  order never matters, for any number of seats, is a test of its own in test_seats.py.

A chair without a vote is one more state of the chair: its seat is then in no count, whether it is there or not.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement, product
from typing import Any

import pytest

from service.core.cases.bylaws import bylaws
from service.core.cases.overrides import override_carried
from service.core.cases.seats import Seat, tally
from service.core.rules.model import Outcome
from tests.core.cases import meeting_text
from tests.core.cases.meeting_text import STATES, Plain
from tests.core.cases.meetings import rules, seat

MEETINGS: Mapping[str, Mapping[str, Any]] = {
    "votes cast, the chair settles ties": rules(),
    "two thirds of those present, abstentions left out": rules(
        quorum={"of": "seats", "more_than": "1/2"},
        **{"pass": {"of": "present", "at_least": "2/3"}},
        abstentions_count_as_present=False,
        override={"needs": {"of": "present", "more_than": "3/4"}, "reason_required": False},
    ),
    "more than half of the seats, a tie defers": rules(
        **{"pass": {"of": "seats", "more_than": "1/2"}},
        tie="defer",
        override={"needs": {"of": "votes_cast", "at_least": 1}, "reason_required": False},
    ),
    "one vote against is a veto": rules(
        quorum={"of": "seats", "at_least": "3/4"},
        **{"pass": {"of": "present", "more_than": "1/2"}},
        oppose_is_veto=True,
        override={"needs": {"of": "seats", "more_than": "1/2"}, "reason_required": False},
    ),
    "half of the votes cast, a tie rejects": rules(
        quorum={"of": "present", "at_least": "1/2"},
        **{"pass": {"of": "votes_cast", "at_least": "3/5"}},
        abstentions_count_as_present=False,
        tie="reject",
        override={"needs": {"of": "present", "at_least": "1/2"}, "reason_required": False},
    ),
}
# A seat of each kind in each place is made once.
SEATS: Mapping[tuple[int, Plain], Seat] = {
    (place, (state, chair, voting)): seat(place, state, chair=chair, voting=voting)
    for place, state, chair, voting in product(range(7), STATES, [True, False], [True, False])
    if voting or state in {"silent", "absent", "recused"}
}
CHAIRS: list[Plain] = [*((state, True, True) for state in STATES), ("silent", True, False)]


def unordered(most: int) -> Iterator[list[Plain]]:
    """Every multiset of states of up to so many seats, with each state of the chair."""
    for count in range(most):
        for others in combinations_with_replacement(STATES, count):
            for chair in CHAIRS:
                yield [chair, *((state, False, True) for state in others)]


def ordered(most: int) -> Iterator[list[Plain]]:
    """Every assignment of states to so many seats or fewer, with the chair in every place."""
    for count in range(1, most + 1):
        for states in product(STATES, repeat=count):
            for place in range(count):
                yield [(state, place == at, True) for at, state in enumerate(states)]


def compare(of: Mapping[str, Any], meetings: Iterator[list[Plain]]) -> dict[tuple[str | None, str], int]:
    """Count every meeting both ways; say how often each outcome came of it."""
    laws = bylaws(of)
    seen: dict[tuple[str | None, str], int] = {}
    for plain in meetings:
        found = tally(laws, [SEATS[place] for place in enumerate(plain)])
        expected = meeting_text.outcome(of, plain)
        assert (found.outcome, found.because) == expected, plain
        seen[expected] = seen.get(expected, 0) + 1
    return seen


@pytest.mark.parametrize("name", MEETINGS)
def test_every_meeting_of_up_to_seven_seats_ends_as_the_text_says(name: str) -> None:
    seen = compare(MEETINGS[name], unordered(7))
    assert sum(seen.values()) == 9 * 3003
    assert {outcome for outcome, _ in seen} == {None, *Outcome}


@pytest.mark.parametrize("name", MEETINGS)
def test_every_order_of_up_to_four_seats_ends_as_the_text_says(name: str) -> None:
    seen = compare(MEETINGS[name], ordered(4))
    assert sum(seen.values()) == sum(count * 8**count for count in range(1, 5))


def test_every_order_of_five_seats_ends_as_the_text_says_by_the_default_bylaws() -> None:
    five = ([(state, at == 0, True) for at, state in enumerate(states)] for states in product(STATES, repeat=5))
    assert sum(compare(rules(), five).values()) == 8**5


def test_between_them_the_bylaws_come_to_every_reason() -> None:
    reasons = {because for of in MEETINGS.values() for _, because in compare(of, unordered(4))}
    assert reasons == {
        "no_quorum",
        "veto",
        "majority",
        "tie_chair",
        "tie_defer",
        "tie_reject",
        "nothing_carried",
    }


@pytest.mark.parametrize("name", MEETINGS)
def test_every_meeting_of_up_to_five_seats_overrides_as_the_text_says(name: str) -> None:
    of = MEETINGS[name]
    laws = bylaws(of)
    for plain in unordered(5):
        seats = [SEATS[place] for place in enumerate(plain)]
        for level, outcome in enumerate(Outcome):
            assert override_carried(laws, seats, outcome).reached is meeting_text.overrides(of, plain, level), plain
