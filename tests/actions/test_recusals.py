"""Who has no part in an item: declared, ordered, found; and what deputies and interests do to it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from service.actions import applications, deputies, interests, meetings
from service.actions.deputies import DeputyRevokedError, NewDeputy, NotYourSeatError
from service.actions.interests import AlreadyDeclaredError
from service.actions.meetings.open import NoQuorumError
from service.actions.meetings.recuse import AlreadyRecusedError
from service.core.cases.meetings import ItemSettledError, NoSeatError
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import Actor, Role
from service.db.meetings import DeputyRow, RecusalRow
from service.work import Work
from tests import make, meeting
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import SUPPORT, Meeting, called, decided, in_review, opened, person, tabled

FIRM = "91379999DEM000030M"


def recusals(made: Meeting, n: int = 1) -> list[tuple[UUID, str, str | None]]:
    with made.house.work(made.house.auditor) as work:
        return [(row.person_id, row.kind, row.reason) for row in meetings.recusals(work, made.id, n)]


def of_firm(house: make.House, owner: Actor, credit_code: str) -> UUID:
    """A case of a firm, in review."""
    case_id = house.create(replace(make.application(), credit_code=credit_code), owner)
    house.do(house.reviewer, applications.accept, case_id)
    return case_id


def declare(house: make.House, actor: Actor, credit_code: str) -> None:
    with house.work(actor) as work:
        interests.declare(work, credit_code)


def appoint(house: make.House, actor: Actor, deputy: Actor, /, **changes: object) -> DeputyRow:
    """Let somebody sit for another this month."""
    sound = NewDeputy(None, person(deputy), date(2026, 11, 1), date(2026, 12, 31), None, "外出培训")
    with house.work(actor) as work:
        return deputies.appoint(work, replace(sound, **changes))  # type: ignore[arg-type]  # members by name


def test_a_declared_recusal_is_one_entry_and_one_row(house: make.House) -> None:
    case_id = in_review(house)
    made, before = opened(house, case_id), tables.counts(house.runtime)
    made.recuse(house.member)
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"recusal": 1, "ledger_event": 1, "ledger_pending": 1}
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["data"]["person"]) == ("recusal.declared", house.member.ref)
    assert recusals(made) == [(person(house.member), "declared", None)]


def test_whoever_is_recused_finds_nothing_of_the_case(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    made.recuse(house.member)
    with house.work(house.member) as work:
        reads: list[Callable[[Work, UUID], object]] = [
            applications.get,
            applications.assessments,
            applications.timeline,
        ]
        for read in reads:
            with pytest.raises(NotFoundError):
                read(work, case_id)
        looks: tuple[Callable[[Work, UUID, int], object], ...] = (meetings.item, meetings.votes, meetings.recusals)
        for look in looks:
            with pytest.raises(NotFoundError):
                look(work, made.id, 1)
        assert meetings.items(work, made.id) == []
        assert applications.find(work, applications.Query()).items == ()
        assert meetings.get(work, made.id).id == made.id
    deeds: list[Callable[[], None]] = [lambda: made.cast(house.member, SUPPORT), lambda: made.recuse(house.member)]
    for deed in deeds:
        with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError):
            deed()


def test_numbers_of_other_items_stay_when_one_is_left_out(house: make.House) -> None:
    made = called(house)
    for _ in range(3):
        made.table(in_review(house))
    made.recuse(house.member, 2)
    with house.work(house.member) as work:
        assert [on.item.n for on in meetings.items(work, made.id)] == [1, 3]
    with house.work(house.others[0]) as work:
        assert [on.item.n for on in meetings.items(work, made.id)] == [1, 2, 3]


def test_the_chair_orders_another_out_with_a_reason(house: make.House) -> None:
    made, who = opened(house), person(house.member)
    for reason in ("", " "):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(InvalidError),
            house.work(house.chair) as work,
        ):
            meetings.recuse(work, made.id, 1, who, reason)
    with house.work(house.chair) as work:
        meetings.recuse(work, made.id, 1, who, "曾参与项目策划")
    assert recusals(made) == [(who, "ordered", "曾参与项目策划")]
    with pytest.raises(AlreadyRecusedError), house.work(house.chair) as work:
        meetings.recuse(work, made.id, 1, who, "曾参与项目策划")


def test_nobody_but_who_sits_in_the_chair_orders(house: make.House) -> None:
    made, who = opened(house), person(house.member)
    for actor in (house.secretary, house.others[0], house.reviewer):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(NoSeatError),
            house.work(actor) as work,
        ):
            meetings.recuse(work, made.id, 1, who, "曾参与项目策划")


def test_people_without_a_seat_take_themselves_out(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    for actor in (house.secretary, house.reviewer):
        made.recuse(actor)
        with house.work(actor) as work, pytest.raises(NotFoundError):
            applications.get(work, case_id)
    assert {kind for _, kind, _ in recusals(made)} == {"declared"}


def test_an_item_that_is_decided_takes_no_recusal(house: make.House) -> None:
    made = decided(house)
    with pytest.raises(ItemSettledError):
        made.recuse(house.member)


def test_a_recused_seat_leaves_the_denominator_and_its_vote_does_not_count(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    made.vote([SUPPORT, SUPPORT, SUPPORT, meeting.OPPOSE, None, None])
    made.recuse(house.members[2])
    decision = made.decide()
    told = json.loads(decision.tally)
    assert (told["bases"]["seats"], told["recused"], told["counts"]["oppose"]) == (5, 1, 0)
    assert decision.dissent == "[]"
    assert tables.counts(house.runtime)["vote"] == 4


def test_recusals_can_cost_the_quorum(house: make.House) -> None:
    made = tabled(house)
    made.open([house.chair, *house.members[:3]])
    made.vote([SUPPORT] * 4)
    for actor in house.members[:2]:
        made.recuse(actor)
    with tables.nothing_changes(house.runtime), pytest.raises(NoQuorumError) as refused:
        made.decide()
    assert refused.value.figures == {"present": 2, "of": 4, "needed": 3}


def test_the_submitter_of_a_case_has_no_part_in_it(house: make.House) -> None:
    member = make.person(house, "委员兼招商", Role.OFFICER, Role.MEMBER)
    made, case_id = called(house, [house.chair, member, house.member]), in_review(house, member)
    made.table(case_id)
    assert recusals(made) == [(person(member), "found", "same_submitter")]
    with house.work(member) as work:
        assert applications.get(work, case_id).id == case_id
        assert meetings.items(work, made.id) == []
        with pytest.raises(NotFoundError):
            meetings.item(work, made.id, 1)
    with pytest.raises(NotFoundError):
        made.cast(member, SUPPORT)


def test_nobody_decides_a_case_of_their_own_whatever_roles_they_hold(house: make.House) -> None:
    everything = make.person(house, "身兼数职", *sorted(set(Role) - {Role.ADMIN}))
    made = opened(house, in_review(house, everything))
    made.vote([SUPPORT] * 6)
    for deed in (
        lambda work: meetings.decide(work, made.id, 1, meetings.Ruling("", [], override=False)),
        lambda work: meetings.refresh(work, made.id, 1),
        lambda work: meetings.recuse(work, made.id, 1, person(house.member), "另有任务"),
        lambda work: meetings.vote(work, made.id, 1, SUPPORT, ""),
    ):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(NotFoundError),
            house.work(everything, expects=1) as work,
        ):
            deed(work)


def test_whoever_is_found_to_be_bound_only_when_they_decide_does_not_decide(house: make.House) -> None:
    made = opened(house, of_firm(house, house.officer, FIRM))
    made.vote([SUPPORT] * 6)
    declare(house, house.chair, FIRM)
    ruling = meetings.Ruling("", [], override=False)
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(NotFoundError),
        house.work(house.chair, expects=1) as work,
    ):
        meetings.decide(work, made.id, 1, ruling)
    with house.work(house.secretary, expects=1) as work:
        meetings.decide(work, made.id, 1, ruling)
    assert (person(house.chair), "found", "declared_interest") in recusals(made, 1)


def test_whoever_applied_for_the_same_firm_has_no_part_in_it(house: make.House) -> None:
    member = make.person(house, "委员兼招商", Role.OFFICER, Role.MEMBER)
    house.create(make.draft(), member)
    made = called(house, [house.chair, member])
    made.table(in_review(house))
    made.table(of_firm(house, house.officer, FIRM))
    assert recusals(made, 1) == [(person(member), "found", "same_firm")]
    assert recusals(made, 2) == []


def test_whoever_declared_an_interest_has_no_part_in_cases_of_that_firm(house: make.House) -> None:
    declare(house, house.member, FIRM)
    made = called(house)
    made.table(of_firm(house, house.officer, FIRM))
    made.table(in_review(house))
    assert recusals(made, 1) == [(person(house.member), "found", "declared_interest")]
    assert recusals(made, 2) == []


def test_an_interest_declared_after_tabling_is_found_when_the_meeting_opens(house: make.House) -> None:
    made = tabled(house)
    declare(house, house.member, make.CREDIT_CODE)
    assert recusals(made) == []
    made.open()
    assert recusals(made) == [(person(house.member), "found", "declared_interest")]


def test_an_interest_declared_at_the_meeting_is_found_when_the_item_is_decided(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT] * 6)
    declare(house, house.member, make.CREDIT_CODE)
    decision = made.decide()
    assert recusals(made) == [(person(house.member), "found", "declared_interest")]
    assert '"support":5' in decision.tally


def test_a_secretary_who_is_bound_to_the_firm_does_not_decide_though_they_have_no_seat(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT] * 6)
    declare(house, house.secretary, make.CREDIT_CODE)
    with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError):
        made.decide()
    with house.work(house.chair, expects=1) as work:
        assert meetings.decide(work, made.id, 1, meetings.Ruling("", [], override=False)).outcome == "approve"


def test_new_seats_are_looked_at_like_the_first(house: make.House) -> None:
    declare(house, house.others[0], make.CREDIT_CODE)
    made = called(house, [house.chair, house.member])
    made.table(in_review(house))
    with house.work(house.secretary, expects=1) as work:
        meetings.set_seats(work, made.id, meeting.seats(house))
    assert recusals(made) == [(person(house.others[0]), "found", "declared_interest")]


def test_whoever_was_recused_from_a_case_is_so_at_the_next_meeting_too(house: make.House) -> None:
    case_id = in_review(house)
    first = opened(house, case_id)
    first.recuse(house.member)
    first.close("时间不足")
    assert recusals(tabled(house, case_id)) == [(person(house.member), "found", "recused_before")]


def test_a_deputy_sits_for_whoever_is_absent(house: make.House) -> None:
    absent, stands_in = house.member, make.person(house, "代理委员", Role.MEMBER)
    made = tabled(house)
    with house.work(stands_in) as work, pytest.raises(NotFoundError):
        meetings.get(work, made.id)
    appoint(house, absent, stands_in)
    made.open([house.chair, *house.others, stands_in])
    with house.work(stands_in) as work:
        (seat,) = [seat for seat in meetings.get(work, made.id).seats if seat.person_id == person(absent)]
    assert (seat.held_by, seat.present) == (person(stands_in), True)
    made.cast(stands_in, SUPPORT)
    with pytest.raises(NoSeatError):
        made.cast(absent, SUPPORT)


def test_whoever_has_a_seat_sits_for_nobody_else(house: make.House) -> None:
    made = tabled(house)
    appoint(house, house.member, house.others[0])
    made.open([house.chair, *house.others])
    with house.work(house.auditor) as work:
        found = {seat.person_id: seat for seat in meetings.get(work, made.id).seats}
    assert found[person(house.others[0])].held_by == person(house.others[0])
    assert found[person(house.member)].present is False


def test_nobody_sits_on_two_seats(house: make.House) -> None:
    stands_in = make.person(house, "代理委员", Role.MEMBER)
    made = tabled(house)
    for absent in house.members[:2]:
        appoint(house, absent, stands_in)
    made.open([house.chair, *house.members[2:], stands_in])
    with house.work(house.auditor) as work:
        assert [seat.held_by for seat in meetings.get(work, made.id).seats].count(person(stands_in)) == 1


def test_a_deputy_passes_no_seat_on(house: make.House) -> None:
    first, second = (make.person(house, name, Role.MEMBER) for name in ("代理甲", "代理乙"))
    made = tabled(house)
    appoint(house, house.member, first)
    appoint(house, first, second)
    with pytest.raises(InvalidError) as refused:
        made.open([house.chair, *house.others, second])
    assert [flaw.code for flaw in refused.value.flaws] == ["present_without_seat"]


@pytest.mark.parametrize(
    "changes",
    [
        {"from_on": date(2026, 11, 25), "to_on": date(2026, 11, 30)},
        {"from_on": date(2026, 11, 1), "to_on": date(2026, 11, 23)},
    ],
)
def test_a_deputy_sits_only_in_their_time(house: make.House, clock: Clock, changes: dict[str, object]) -> None:
    stands_in, made = make.person(house, "代理委员", Role.MEMBER), tabled(house)
    appoint(house, house.member, stands_in, **changes)
    clock.now += timedelta(days=1)
    with pytest.raises(InvalidError):
        made.open([house.chair, *house.others, stands_in])


def test_a_deputy_for_one_meeting_sits_at_no_other(house: make.House) -> None:
    stands_in, made, other = make.person(house, "代理委员", Role.MEMBER), tabled(house), called(house)
    appoint(house, house.member, stands_in, meeting=other.id)
    with pytest.raises(InvalidError):
        made.open([house.chair, *house.others, stands_in])
    other.open([house.chair, *house.others, stands_in])


def test_a_deputy_with_an_interest_has_no_part_and_nor_has_the_seat(house: make.House) -> None:
    case_id, stands_in = in_review(house), make.person(house, "代理委员", Role.MEMBER)
    made = tabled(house, case_id)
    declare(house, stands_in, make.CREDIT_CODE)
    appoint(house, house.member, stands_in)
    made.open([house.chair, *house.others, stands_in])
    with house.work(house.auditor) as work:
        (row,) = meetings.recusals(work, made.id, 1)
    assert (row.person_id, row.held_by, row.reason) == (person(house.member), person(stands_in), "declared_interest")
    for actor in (house.member, stands_in):
        with house.work(actor) as work, pytest.raises(NotFoundError):
            applications.get(work, case_id)


def test_a_deputy_of_whoever_is_recused_has_no_part_either(house: make.House) -> None:
    case_id, stands_in = in_review(house), make.person(house, "代理委员", Role.MEMBER)
    made = tabled(house, case_id)
    made.recuse(house.member)
    appoint(house, house.member, stands_in)
    made.open([house.chair, *house.others, stands_in])
    with house.work(stands_in) as work:
        with pytest.raises(NotFoundError):
            applications.get(work, case_id)
        assert applications.find(work, applications.Query()).items == ()
    with pytest.raises(NotFoundError):
        made.cast(stands_in, SUPPORT)


def test_a_chair_appoints_for_others_and_a_member_only_for_themselves(house: make.House) -> None:
    stands_in = make.person(house, "代理委员", Role.MEMBER)
    with tables.nothing_changes(house.runtime), pytest.raises(NotYourSeatError):
        appoint(house, house.others[0], stands_in, person=person(house.member))
    row = appoint(house, house.chair, stands_in, person=person(house.member))
    assert (row.person_id, row.appointed_by) == (person(house.member), person(house.chair))
    with pytest.raises(ForbiddenError):
        appoint(house, house.secretary, stands_in)


def test_every_flaw_of_an_appointment_is_told(house: make.House) -> None:
    opened_already = opened(house)
    seated_there = called(house)
    for changes, flaws in (
        ({"deputy": None, "from_on": None, "to_on": None, "reason": " "}, "member_missing " * 3 + "text_missing"),
        ({"deputy": person(house.member)}, "deputy_self"),
        ({"deputy": person(house.officer)}, "deputy_role"),
        ({"deputy": UUID(int=1)}, "person_unknown"),
        ({"to_on": date(2026, 10, 31)}, "deputy_days"),
        ({"to_on": date(2026, 11, 22)}, "deputy_past"),
        ({"meeting": opened_already.id}, "deputy_meeting"),
        ({"meeting": UUID(int=1)}, "deputy_meeting"),
        ({"meeting": seated_there.id}, "deputy_seated"),
    ):
        with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
            appoint(house, house.member, house.others[0], **changes)
        assert [flaw.code for flaw in refused.value.flaws] == flaws.split()


def test_an_appointment_is_revoked_once_and_counts_no_more(house: make.House) -> None:
    stands_in, made = make.person(house, "代理委员", Role.MEMBER), tabled(house)
    row = appoint(house, house.member, stands_in)
    for actor, kind in ((house.others[0], NotFoundError), (stands_in, NotYourSeatError)):
        with pytest.raises(kind), house.work(actor, expects=1) as work:
            deputies.revoke(work, row.id)
    with pytest.raises(StaleError), house.work(house.member, expects=2) as work:
        deputies.revoke(work, row.id)
    with house.work(house.member, expects=1) as work:
        deputies.revoke(work, row.id)
    with pytest.raises(DeputyRevokedError), house.work(house.member, expects=2) as work:
        deputies.revoke(work, row.id)
    with pytest.raises(InvalidError):
        made.open([house.chair, *house.others, stands_in])
    told = [entry["type"] for entry in tables.events(house.runtime) if entry["subject"]["kind"] == "person"]
    assert told[-2:] == ["deputy.appointed", "deputy.revoked"]


def test_members_see_the_appointments_they_are_part_of(house: make.House) -> None:
    appoint(house, house.member, house.others[0])
    for actor, count in ((house.member, 1), (house.others[0], 1), (house.others[1], 0), (house.secretary, 1)):
        with house.work(actor) as work:
            assert len(deputies.find(work, deputies.Query()).items) == count


def test_an_interest_is_declared_once_and_the_ledger_does_not_say_in_whom(house: make.House) -> None:
    declare(house, house.member, f" {FIRM} ")
    with tables.nothing_changes(house.runtime), pytest.raises(AlreadyDeclaredError):
        declare(house, house.member, FIRM)
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["subject"]["id"]) == ("interest.declared", str(house.member.person_id))
    assert FIRM not in str(entry)
    with house.work(house.member) as work:
        assert [row.credit_code for row in interests.find(work)] == [FIRM]
    with house.work(house.others[0]) as work:
        assert interests.find(work) == []


def test_an_interest_needs_a_sound_credit_code(house: make.House) -> None:
    with pytest.raises(InvalidError):
        declare(house, house.member, "91379999DEM0000141")
    with pytest.raises(ForbiddenError):
        declare(house, house.officer, FIRM)


def test_recusals_are_rows_that_name_the_case(house: make.House) -> None:
    case_id = in_review(house)
    opened(house, case_id).recuse(house.member)
    with house.work(house.auditor) as work:
        row = work.session.scalars(select(RecusalRow)).one()
        assert (row.application_id, row.n, row.held_by) == (case_id, 1, person(house.member))
