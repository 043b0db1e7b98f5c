"""What a vote is worth, what settles an item, and what holds whatever the votes are."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.core.cases.bylaws import NoOverrideError, bylaws
from service.core.cases.overrides import GateStanding, OverrideCount, override_carried, override_forbidden
from service.core.cases.seats import Because, Choice, LevelCount, Quorum, Seat, SeatsError, Tally, quorate, tally
from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome, Words
from service.core.rules.voting import ShareOf
from tests.core.cases.meeting_text import STATES
from tests.core.cases.meetings import rules, seat, seated

ROOT = Path(__file__).parents[3]
LETTERS = dict(zip("SCDOA–XR", STATES, strict=True))
VOTES = {"of": "votes_cast", "more_than": "1/2"}
# The rules of the worked table.
WORKED: Mapping[str, Mapping[str, Any]] = {
    "votes": rules(),
    "present": rules(**{"pass": {"of": "present", "at_least": "2/3"}}, abstentions_count_as_present=False),
    "seats": rules(**{"pass": {"of": "seats", "more_than": "1/2"}}),
    "veto": rules(oppose_is_veto=True),
}


def meeting(letters: str) -> list[Seat]:
    """Make a seat of each letter, as in the worked table; the first is the chair's."""
    return seated([(LETTERS[letter], place == 0, True) for place, letter in enumerate(letters)])


def counted(letters: str, **others: object) -> Tally:
    return tally(bylaws(rules(**others)), meeting(letters))


def table() -> list[list[str]]:
    """Read the worked table of docs/meetings.md."""
    lines = (ROOT / "docs" / "meetings.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| rule | tie |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


@pytest.mark.parametrize("row", table(), ids=lambda row: " ".join(row[:3]))
def test_every_line_of_the_worked_table_comes_out_as_written(row: list[str]) -> None:
    rule, tie, letters, quorum, needed, yes, outcome, because = row
    laws = bylaws({**WORKED[rule], "tie": tie})
    seats = meeting(letters)
    found = tally(laws, seats)
    there = re.fullmatch(r"(\d+) of (\d+), (\d+) needed", quorum)
    assert there is not None
    assert (found.quorum.present, found.quorum.of, found.quorum.needed) == tuple(map(int, there.groups()))
    assert laws.pass_.needed(found.bases[laws.pass_.of]) == int(needed)
    assert [
        sum(one.cast is not None and one.cast.severity <= level.severity for one in seats) for level in Outcome
    ] == [int(count) for count in yes.split(", ")]
    assert (found.outcome or "none", found.because) == (outcome, because)


def test_the_worked_table_is_long_enough_to_show_every_reason() -> None:
    assert {row[-1] for row in table()} == set(Because)


def test_a_tally_holds_every_figure_that_minutes_need() -> None:
    assert counted("SSCDOA–XR") == Tally(
        outcome=Outcome.CONDITIONAL,
        because=Because.MAJORITY,
        quorum=Quorum(present=7, of=8, needed=6, reached=True),
        counts={
            Choice.SUPPORT: 2,
            Choice.SUPPORT_WITH_CONDITIONS: 1,
            Choice.DEFER: 1,
            Choice.OPPOSE: 1,
            Choice.ABSTAIN: 1,
        },
        silent=1,
        absent=1,
        recused=1,
        bases={ShareOf.SEATS: 8, ShareOf.PRESENT: 7, ShareOf.VOTES_CAST: 5},
        levels=(
            LevelCount(Outcome.APPROVE, yes=2, no=3, of=5, needed=3),
            LevelCount(Outcome.CONDITIONAL, yes=3, no=2, of=5, needed=3),
        ),
    )


def test_without_a_quorum_and_with_a_veto_no_level_is_tried() -> None:
    assert counted("SSSSXXX").levels == ()
    assert counted("SSSSSSO", oppose_is_veto=True).levels == ()


def test_a_meeting_of_nobody_has_no_quorum() -> None:
    assert quorate(bylaws(rules()), []) == Quorum(present=0, of=0, needed=1, reached=False)
    assert counted("RRR").outcome is None


def test_seats_without_a_vote_are_in_no_count() -> None:
    guests = [
        seat(10, "silent", voting=False),
        seat(11, "absent", voting=False),
        seat(12, "recused", voting=False),
    ]
    laws = bylaws(rules())
    assert tally(laws, [*meeting("SSCOX"), *guests]) == tally(laws, meeting("SSCOX"))


def test_a_chair_without_a_vote_settles_no_tie() -> None:
    laws = bylaws(rules())
    found = tally(
        laws,
        [seat(10, "silent", chair=True, voting=False), *seated([("support", False, True), ("oppose", False, True)])],
    )
    assert (found.outcome, found.because) == (Outcome.REJECT, Because.MAJORITY)


def test_who_abstains_counts_for_the_quorum_whatever_the_bylaws_say_of_shares_of_those_present() -> None:
    found = counted("SSAAAAA", abstentions_count_as_present=False)
    assert found.quorum == Quorum(present=7, of=7, needed=5, reached=True)
    assert found.bases[ShareOf.PRESENT] == 2


@pytest.mark.parametrize("without", ["voting", "presence", "a part in it"])
@pytest.mark.parametrize("choice", Choice)
def test_a_vote_without_the_right_to_it_stops_the_count(without: str, choice: Choice) -> None:
    person = UUID(int=2)
    wrong = Seat(person, without != "voting", False, without != "presence", without == "a part in it", choice)  # noqa: FBT003
    with pytest.raises(SeatsError) as refused:
        tally(bylaws(rules()), [seat(1, "support", chair=True), wrong])
    assert refused.value.figures == {"because": "votes_without_right", "person": str(wrong.person)}


def test_nobody_sits_twice_and_nobody_presides_beside_another() -> None:
    laws = bylaws(rules())
    with pytest.raises(SeatsError, match="person_twice"):
        quorate(laws, [seat(1, "support"), seat(1, "absent")])
    with pytest.raises(SeatsError, match="two_chairs"):
        override_carried(laws, [seat(1, "support", chair=True), seat(2, "absent", chair=True)], Outcome.APPROVE)


# Deciding better than the assessment


def test_an_override_is_carried_by_its_own_share_of_votes_for_the_outcome_or_better() -> None:
    laws = bylaws(rules())
    assert override_carried(laws, meeting("SSSSCOR"), Outcome.APPROVE) == OverrideCount(4, 6, 4, reached=True)
    assert override_carried(laws, meeting("SSSCCOO"), Outcome.APPROVE) == OverrideCount(3, 7, 5, reached=False)
    assert override_carried(laws, meeting("SSSCCOO"), Outcome.CONDITIONAL) == OverrideCount(5, 7, 5, reached=True)
    assert override_carried(laws, meeting("SSSCDOO"), Outcome.DEFER) == OverrideCount(5, 7, 5, reached=True)


def standing(name: str, level: Level, state: GateState, *, waived: bool = False) -> GateStanding:
    return GateStanding(name, Words(name, name), level, state, waived)


def gate(level: Level, state: GateState, *, waived: bool = False) -> GateStanding:
    return standing(f"{level}-{state}-{waived}", level, state, waived=waived)


@pytest.mark.parametrize("state", GateState)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("waived", [True, False])
@pytest.mark.parametrize("named", [["law", "ministry"], ["ministry"]])
def test_only_open_gates_of_law_or_of_a_forbidden_level_rule_an_override_out(
    level: Level,
    state: GateState,
    waived: bool,  # noqa: FBT001 - a column of the table
    named: list[str],
) -> None:
    forbidden = {"needs": VOTES, "reason_required": True, "forbidden_for_levels": named}
    found = override_forbidden(bylaws(rules(override=forbidden)), [gate(level, state, waived=waived)])
    is_open = state in {"fail", "unknown"}
    against = level == "law" or (level == "ministry" and not waived)
    assert (found != ()) is (is_open and against)


def test_the_gates_that_rule_an_override_out_are_all_named_in_order() -> None:
    gates = [
        standing("water", Level.LAW, GateState.UNKNOWN),
        standing("park", Level.ZONE_POLICY, GateState.FAIL),
        standing("shore", Level.LAW, GateState.PASS),
        standing("farmland", Level.LAW, GateState.FAIL),
    ]
    assert override_forbidden(bylaws(rules()), gates) == (gates[0], gates[3])


def test_without_an_override_in_the_bylaws_there_is_nothing_to_carry() -> None:
    raw = dict(rules())
    del raw["override"]
    with pytest.raises(NoOverrideError):
        override_carried(bylaws(raw), meeting("SSS"), Outcome.APPROVE)
    with pytest.raises(NoOverrideError):
        override_forbidden(bylaws(raw), [])


# Whatever the votes are

MANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FRACTIONS = st.integers(1, 12).flatmap(lambda parts: st.integers(0, parts).map(lambda part: f"{part}/{parts}"))
SHARES = st.builds(
    lambda of, key, fraction: {"of": of, key: fraction},
    st.sampled_from([of.value for of in ShareOf]),
    st.sampled_from(["at_least", "more_than"]),
    FRACTIONS,
)
RULES = st.builds(
    lambda quorum, carries, veto, abstentions, tie: rules(
        quorum=quorum,
        **{"pass": carries},
        oppose_is_veto=veto,
        abstentions_count_as_present=abstentions,
        tie=tie,
    ),
    SHARES,
    SHARES,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["chair", "defer", "reject"]),
)
LIST = st.lists(st.sampled_from(STATES), min_size=1, max_size=15)
MEETINGS = LIST.map(lambda states: seated([(state, place == 0, True) for place, state in enumerate(states)]))


@MANY
@given(of=RULES, seats=MEETINGS, data=st.data())
def test_the_order_of_seats_never_matters(of: Mapping[str, Any], seats: list[Seat], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(seats))
    assert tally(bylaws(of), shuffled) == tally(bylaws(of), seats)


@MANY
@given(of=RULES, seats=MEETINGS)
def test_a_recused_seat_is_as_if_it_were_not_there(of: Mapping[str, Any], seats: list[Seat]) -> None:
    found = tally(bylaws(of), seats)
    left = [one for one in seats if not one.recused]
    assert found.recused == len(seats) - len(left)
    assert replace(found, recused=0) == tally(bylaws(of), left)


@MANY
@given(of=RULES, seats=MEETINGS)
def test_the_figures_of_a_tally_add_up(of: Mapping[str, Any], seats: list[Seat]) -> None:
    found = tally(bylaws(of), seats)
    voted = sum(found.counts.values())
    assert voted + found.silent + found.absent + found.recused == len(seats)
    assert found.bases[ShareOf.SEATS] == voted + found.silent + found.absent
    assert found.quorum.present == voted + found.silent
    assert found.bases[ShareOf.VOTES_CAST] == voted - found.counts[Choice.ABSTAIN]
    assert found.quorum == quorate(bylaws(of), seats)
    for level in found.levels:
        assert level.yes + level.no == found.bases[ShareOf.VOTES_CAST]
    assert [level.yes for level in found.levels] == sorted(level.yes for level in found.levels)
    assert [level.level for level in found.levels] == list(Outcome)[: len(found.levels)]


@MANY
@given(of=RULES, seats=MEETINGS)
def test_a_level_carried_by_a_majority_has_the_votes_and_no_better_one_has(
    of: Mapping[str, Any], seats: list[Seat]
) -> None:
    found = tally(bylaws(of), seats)
    assume(found.because is Because.MAJORITY)
    *worse, last = found.levels
    assert (last.level, last.carried) == (found.outcome, True)
    assert not any(level.carried for level in worse)


def better(seats: list[Seat], data: st.DataObject) -> list[Seat]:
    """Add a supporter: a further one, or one more of those who are there and do not support yet."""
    places = [place for place, one in enumerate(seats) if one.may_vote and one.choice is not Choice.SUPPORT]
    place = data.draw(st.sampled_from([None, *places]))
    if place is None:
        return [*seats, seat(99, "support")]
    return [*seats[:place], replace(seats[place], choice=Choice.SUPPORT), *seats[place + 1 :]]


@MANY
@given(of=RULES, seats=MEETINGS, data=st.data())
def test_a_further_supporter_never_worsens_what_a_majority_carried_where_ties_are_the_chairs(
    of: Mapping[str, Any], seats: list[Seat], data: st.DataObject
) -> None:
    laws = bylaws({**of, "quorum": {**of["quorum"], "of": "seats"}, "tie": "chair"})
    before = tally(laws, seats)
    assume(before.because is Because.MAJORITY and before.outcome is not None)
    after = tally(laws, better(seats, data))
    assert before.outcome is not None
    assert after.outcome is not None
    assert after.outcome.severity <= before.outcome.severity


@MANY
@given(of=RULES, seats=MEETINGS, data=st.data())
def test_a_further_supporter_never_worsens_anything_where_more_than_half_of_the_votes_cast_carry(
    of: Mapping[str, Any], seats: list[Seat], data: st.DataObject
) -> None:
    laws = bylaws({**of, "quorum": {**of["quorum"], "of": "seats"}, "pass": VOTES, "tie": "chair"})
    before = tally(laws, seats)
    after = tally(laws, better(seats, data))
    assume(before.outcome is not None)
    assert before.outcome is not None
    assert after.outcome is not None
    assert after.outcome.severity <= before.outcome.severity


def test_a_further_supporter_can_make_a_tie_that_defers_or_rejects() -> None:
    assert [counted(letters, tie="defer").outcome for letters in ("SCC", "SSCC")] == ["conditional", "defer"]
    assert [counted(letters, tie="reject").outcome for letters in ("SCC", "SSCC")] == ["conditional", "reject"]


def test_a_further_supporter_can_break_a_tie_that_the_chair_had_settled() -> None:
    two_thirds = {"pass": {"of": "votes_cast", "at_least": "2/3"}}
    found = [counted(letters, **two_thirds) for letters in ("SSOO", "SSSOO")]
    assert [(one.outcome, one.because) for one in found] == [("approve", "tie_chair"), ("reject", "majority")]


def test_a_further_supporter_can_be_the_one_with_whom_enough_have_voted_to_reject() -> None:
    of_seats = {"pass": {"of": "seats", "more_than": "1/2"}}
    found = [counted(letters, **of_seats) for letters in ("OOOAAAA", "OOOSAAA")]
    assert [(one.outcome, one.because) for one in found] == [("defer", "nothing_carried"), ("reject", "majority")]


def test_a_vote_against_is_never_better_than_an_abstention_by_a_simple_majority() -> None:
    for letters in ("SSSOOO", "SSCCOO", "OSSCOO", "SSSSOO"):
        against, without = counted(letters + "O"), counted(letters + "A")
        assert against.outcome is not None
        assert without.outcome is not None
        assert against.outcome.severity >= without.outcome.severity
