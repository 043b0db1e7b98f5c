from datetime import date, timedelta
from itertools import product

import pytest

from service.core.cases.states import UNDECIDED, State
from service.core.cases.waivers import (
    LONGEST_DAYS,
    AlreadyWaivedError,
    NotWaivableError,
    Waiver,
    WaiverEndedError,
    applying,
    expiry_flaws,
    is_in_force,
    require_in_force,
    require_other,
    require_undecided,
)
from service.core.rules.model import Words

FIRST = date(2026, 11, 23)
LABEL = Words("园区", "Park")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_a_waiver_counts_from_the_day_it_is_granted_to_its_last_day() -> None:
    waiver = Waiver("park", day(0), day(3))
    assert [number for number in range(-2, 6) if is_in_force(waiver, day(number))] == [0, 1, 2, 3]


def test_on_the_day_it_is_revoked_a_waiver_does_not_count_any_more() -> None:
    waiver = Waiver("park", day(0), day(5), revoked_on=day(2))
    assert [number for number in range(-2, 8) if is_in_force(waiver, day(number))] == [0, 1]


def test_a_waiver_of_one_day_counts_that_day_and_one_revoked_at_once_never() -> None:
    assert [number for number in range(-2, 3) if is_in_force(Waiver("park", day(0), day(0)), day(number))] == [0]
    assert not any(is_in_force(Waiver("park", day(0), day(9), day(0)), day(number)) for number in range(-2, 12))


def test_a_gate_is_waived_on_exactly_the_days_on_which_some_waiver_of_it_counts() -> None:
    waivers = [
        Waiver("park", day(0), day(9), day(2)),
        Waiver("park", day(4), day(5)),
        Waiver("payback", day(5), day(6)),
    ]
    found = {number: sorted(applying(waivers, day(number))) for number in range(-1, 8)}
    assert found == {
        -1: [],
        0: ["park"],
        1: ["park"],
        2: [],
        3: [],
        4: ["park"],
        5: ["park", "payback"],
        6: ["payback"],
        7: [],
    }


def test_the_last_day_is_today_at_the_earliest_and_a_leap_year_ahead_at_the_latest() -> None:
    assert LONGEST_DAYS == 366
    sound = [number for number in range(-3, 370) if not expiry_flaws(day(number), FIRST)]
    assert (sound[0], sound[-1], len(sound)) == (0, 366, 367)
    (flaw,) = expiry_flaws(day(-1), FIRST)
    assert (flaw.pointer, flaw.code, dict(flaw.figures)) == (
        "/expires_on",
        "waiver_expiry",
        {"first": FIRST, "last": day(366)},
    )


@pytest.mark.parametrize("state", State)
def test_only_of_an_undecided_case_something_is_waived(state: State) -> None:
    if state in UNDECIDED:
        require_undecided(state)
    else:
        with pytest.raises(NotWaivableError) as refused:
            require_undecided(state)
        assert refused.value.figures == {"state": state.value}


def test_a_second_waiver_is_refused_as_long_as_the_first_counts_and_no_longer() -> None:
    first = Waiver("park", day(0), day(5), revoked_on=day(3))
    for number, gate in product(range(8), ("park", "payback")):
        if gate == "park" and number < 3:
            with pytest.raises(AlreadyWaivedError) as refused:
                require_other([first], gate, LABEL, day(number))
            assert refused.value.figures == {"gate": "park", "label": LABEL, "until": day(5)}
        else:
            require_other([first], gate, LABEL, day(number))


@pytest.mark.parametrize(
    ("waiver", "ended"),
    [
        (Waiver("park", day(-9), day(-1)), day(-1)),
        (Waiver("park", day(-9), day(5), day(-3)), day(-3)),
        (Waiver("park", day(-9), day(5), day(0)), day(0)),
    ],
)
def test_what_is_over_says_when_it_ended(waiver: Waiver, ended: date) -> None:
    with pytest.raises(WaiverEndedError) as refused:
        require_in_force(waiver, FIRST)
    assert refused.value.figures == {"on": ended}
