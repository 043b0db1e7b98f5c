from collections.abc import Sequence
from datetime import date
from itertools import product
from uuid import UUID

import pytest

from service.core.cases.conditions import NewCondition, Planned, conditions
from service.core.cases.deciding import dissenting
from service.core.cases.meetings import (
    Bonds,
    Deputy,
    ItemSettledError,
    ItemState,
    Matter,
    MeetingState,
    MeetingStateError,
    Place,
    Tie,
    acts,
    conflicts,
    deputy_flaws,
    require_meeting,
    require_tabled,
    seat_flaws,
    sit,
    tie,
)
from service.core.cases.seats import Choice, Seat
from service.core.people import Role
from service.core.rules.model import Outcome

A, B, C, D = (UUID(int=number) for number in range(1, 5))
MEETING = UUID(int=9)
TODAY = date(2026, 11, 23)
VOTING = {Role.MEMBER, Role.CHAIR}
FIRM = "91379999DEM0000140"
MATTER = Matter(UUID(int=7), D, FIRM)


def place(person: UUID, *, chair: bool = False, voting: bool = True) -> Place:
    return Place(person, person, chair, voting)


def deputy(person: UUID, stands_in: UUID) -> Deputy:
    return Deputy(person, stands_in, TODAY, TODAY, None, revoked=False)


def seated(present: Sequence[UUID], *deputies: Deputy) -> list[UUID | None]:
    """Who sits on the seats of A, B and C."""
    places, _ = sit([place(A, chair=True), place(B), place(C)], present, deputies)
    return [one.held_by if one.present else None for one in places]


@pytest.mark.parametrize("state", MeetingState)
def test_a_meeting_in_a_state_nobody_wants_is_refused(state: MeetingState) -> None:
    for wanted in product(MeetingState, repeat=2):
        if state in wanted:
            require_meeting(state, *wanted)
        else:
            with pytest.raises(MeetingStateError) as refused:
                require_meeting(state, *wanted)
            assert refused.value.figures == {"meeting": state, "meetings": wanted}


@pytest.mark.parametrize("state", ItemState)
def test_only_what_is_on_the_table_can_be_dealt_with(state: ItemState) -> None:
    if state is ItemState.TABLED:
        require_tabled(state)
    else:
        with pytest.raises(ItemSettledError):
            require_tabled(state)


def test_seats_are_sound_when_each_has_its_right_and_one_is_the_chairs() -> None:
    roles = {A: {Role.CHAIR}, B: {Role.MEMBER}, C: {Role.OFFICER}}
    sound = [place(A, chair=True), place(B), place(C, voting=False)]
    assert seat_flaws(sound, roles, VOTING) == ()
    assert [flaw.code for flaw in seat_flaws([], roles, VOTING)] == ["seat_chairs"]
    assert [flaw.pointer for flaw in seat_flaws([*sound, place(C), place(D)], roles, VOTING)] == [
        "/seats/3/person",
        "/seats/3/voting",
        "/seats/4/person",
    ]


def test_whoever_is_there_sits_on_their_own_seat() -> None:
    assert seated([C, A]) == [A, None, C]


def test_a_deputy_sits_for_whoever_is_absent_and_for_nobody_else() -> None:
    assert seated([A, C, D], deputy(B, D)) == [A, D, C]
    assert seated([A, B, C, D], deputy(B, D)) == [A, B, C]


def test_of_several_deputies_the_one_appointed_first_sits() -> None:
    other = UUID(int=5)
    assert seated([A, C, D, other], deputy(B, other), deputy(B, D)) == [A, other, C]


def test_whoever_has_a_seat_or_sits_on_one_sits_on_no_second() -> None:
    assert seated([A, C], deputy(B, C)) == [A, None, C]
    assert seated([A, D], deputy(B, D), deputy(C, D)) == [A, D, None]


def test_whoever_finds_no_seat_is_told_where_they_were_named() -> None:
    _, flaws = sit([place(A, chair=True), place(B)], [D, A, A, B], [deputy(B, D)])
    assert [(flaw.pointer, flaw.code) for flaw in flaws] == [
        ("/present/0", "present_without_seat"),
        ("/present/2", "present_twice"),
    ]


@pytest.mark.parametrize(
    ("changed", "acting"),
    [
        ({}, True),
        ({"meeting": MEETING}, True),
        ({"meeting": UUID(int=8)}, False),
        ({"revoked": True}, False),
        ({"from_on": date(2026, 11, 24), "to_on": date(2026, 11, 25)}, False),
        ({"from_on": date(2026, 11, 21), "to_on": date(2026, 11, 22)}, False),
    ],
)
def test_an_appointment_counts_in_its_time_at_its_meeting(changed: dict[str, object], *, acting: bool) -> None:
    told = {"from_on": TODAY, "to_on": TODAY, "meeting": None, "revoked": False} | changed
    assert acts(Deputy(A, D, **told), MEETING, TODAY) is acting  # type: ignore[arg-type]  # members by name


def test_a_person_is_bound_by_the_first_tie_there_is() -> None:
    applied, interested = Bonds(frozenset({FIRM})), Bonds(interests=frozenset({FIRM}))
    assert tie(D, applied, MATTER) is Tie.SAME_SUBMITTER
    assert tie(A, applied, MATTER) is Tie.SAME_FIRM
    assert tie(A, interested, MATTER) is Tie.DECLARED_INTEREST
    assert tie(A, Bonds(recused_from=frozenset({MATTER.case})), MATTER) is Tie.RECUSED_BEFORE
    assert tie(A, Bonds(frozenset({"other"}), frozenset({"other"}), frozenset({A})), MATTER) is None


def test_a_seat_is_bound_by_its_person_and_by_whoever_sits_on_it() -> None:
    bonds = {A: Bonds(frozenset({FIRM})), D: Bonds(interests=frozenset({FIRM}))}
    stood_in, free = Place(B, D, chair=False, voting=True, present=True), place(C)
    found = list(conflicts([place(A), stood_in, free], bonds, Matter(MATTER.case, UUID(int=5), FIRM)))
    assert [(one.person, kind) for one, kind in found] == [(A, Tie.SAME_FIRM), (B, Tie.DECLARED_INTEREST)]


def test_nobody_is_their_own_deputy_and_none_is_appointed_for_the_past() -> None:
    assert deputy_flaws(A, B, (TODAY, TODAY), TODAY) == ()
    for days, code in (
        ((TODAY, date(2026, 11, 22)), "deputy_days"),
        ((date(2026, 11, 1), date(2026, 11, 22)), "deputy_past"),
    ):
        assert [flaw.code for flaw in deputy_flaws(A, A, days, TODAY)] == ["deputy_self", code]


def test_a_planned_condition_is_what_the_plan_says_where_nothing_else_is_said() -> None:
    plan = {"green": Planned("绿电", "green_share", "30", "24_months_after_production")}
    (made,), flaws = conditions([NewCondition(plan="green", owner="企业", evidence="账单")], plan)
    assert flaws == ()
    assert (made.text, made.metric, made.target, made.due) == (
        "绿电",
        "green_share",
        "30",
        "24_months_after_production",
    )
    changed = NewCondition(plan="green", owner="企业", evidence="账单", text="全绿电", due_on=TODAY, metric="份额")
    (made,), _ = conditions([changed], plan)
    assert (made.text, made.metric, made.due, made.due_on) == ("全绿电", "份额", None, TODAY)


def test_whoever_voted_for_another_outcome_dissents_and_an_abstention_does_not() -> None:
    seats = [
        Seat(person, voting=True, chair=False, present=True, recused=False, choice=choice)
        for person, choice in zip((A, B, C, D), (Choice.SUPPORT, Choice.OPPOSE, Choice.ABSTAIN, None), strict=True)
    ]
    assert [seat.person for seat in dissenting(seats, Outcome.APPROVE)] == [B]
    assert [seat.person for seat in dissenting(seats, Outcome.CONDITIONAL)] == [A, B]
