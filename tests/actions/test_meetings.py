"""The life of a meeting: called, seats, agenda, opened, closed."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from service.actions import applications, meetings, rulebooks
from service.actions.meetings import NewMeeting, NewSeat
from service.actions.meetings.close import NoPartError
from service.actions.meetings.open import NoQuorumError
from service.core.cases.meetings import ItemSettledError, MeetingStateError, SeatsOutdatedError
from service.core.cases.sight import OwnCaseError
from service.core.cases.states import IllegalMoveError, State
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import SYSTEM, Actor, Role
from tests import make, meeting
from tests.actions import tables, waiving
from tests.conftest import Clock
from tests.meeting import SUPPORT, called, decided, in_review, opened, person, tabled


def places(error: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in error.value.flaws]


def test_a_meeting_is_called_with_its_seats_and_one_entry_names_them(house: make.House) -> None:
    before = tables.counts(house.runtime)
    made = called(house)
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"meeting": 1, "seat": 6, "ledger_event": 1, "ledger_pending": 1}
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["subject"]["id"]) == ("meeting.called", str(made.id))
    assert [seat["person"] for seat in entry["data"]["seats"]] == [actor.ref for actor in meeting.everybody(house)]
    with house.work(house.member) as work:
        found = meetings.get(work, made.id)
    assert [seat.person_id for seat in found.seats if seat.chair] == [person(house.chair)]
    assert (found.row.state, found.row.version, {seat.present for seat in found.seats}) == ("called", 1, {None})


def test_every_flaw_of_a_meeting_is_told_at_once(house: make.House) -> None:
    chair, member, officer = (person(actor) for actor in (house.chair, house.member, house.officer))
    seats = [
        NewSeat(member, voting=True, chair=True),
        NewSeat(chair, voting=True, chair=True),
        NewSeat(officer, voting=True, chair=False),
        NewSeat(member, voting=False, chair=False),
        NewSeat(STRANGER, voting=False, chair=False),
    ]
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(InvalidError) as refused,
        house.work(house.secretary) as work,
    ):
        meetings.call(work, NewMeeting(" ", None, "\x07", seats))
    assert places(refused) == [
        ("/title", "text_missing"),
        ("/held_at", "member_missing"),
        ("/place", "text_character"),
        ("/seats/0/chair", "seat_chair_role"),
        ("/seats/2/voting", "seat_voting"),
        ("/seats/3/person", "seat_twice"),
        ("/seats/4/person", "person_unknown"),
        ("/seats", "seat_chairs"),
    ]


STRANGER = UUID(int=7)


def test_only_a_secretary_calls_a_meeting(house: make.House) -> None:
    with pytest.raises(ForbiddenError), house.work(house.chair) as work:
        meetings.call(work, NewMeeting("评审会", work.now, None, meeting.seats(house)))


def test_seats_are_replaced_until_the_meeting_is_open(house: make.House) -> None:
    made = tabled(house)
    fewer = meeting.seats(house)[:4]
    with house.work(house.secretary, expects=1) as work:
        meetings.set_seats(work, made.id, fewer)
    with house.work(house.secretary) as work:
        assert len(meetings.get(work, made.id).seats) == 4
    made.open([house.chair, house.member, house.others[0]])
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(MeetingStateError) as refused,
        house.work(house.secretary, expects=made.row().version) as work,
    ):
        meetings.set_seats(work, made.id, fewer)
    assert refused.value.figures == {"meeting": "open", "meetings": ("called",)}


@pytest.mark.parametrize("expects", [None, 7])
def test_seats_of_another_version_are_not_replaced(house: make.House, expects: int | None) -> None:
    made = called(house)
    with pytest.raises(StaleError), house.work(house.secretary, expects=expects) as work:
        meetings.set_seats(work, made.id, meeting.seats(house))


def test_tabling_pins_the_case_as_it_stands_and_moves_it(house: make.House) -> None:
    made, case_id = called(house), in_review(house)
    row, before = house.row(case_id), tables.counts(house.runtime)
    assert made.table(case_id) == 1
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"meeting_item": 1, "ledger_event": 1, "ledger_pending": 1}
    after, item, entry = house.row(case_id), made.item(), tables.last_of_case(house.runtime, case_id)
    assert (after.state, after.version, after.event_id) == ("tabled", row.version + 1, item.event_id)
    assert (item.of_version, item.declared_outcome, item.declared_total) == (1, "approve", Decimal("80.5"))
    assert (item.verified_outcome, item.waived, item.state) == ("approve", "[]", "tabled")
    with house.work(house.reviewer) as work:
        told = applications.assessment(work, case_id)
    assert (item.declared_zh, item.declared_en) == (told.report_zh, told.report_en)
    assert entry["type"] == "application.tabled"
    said = {"meeting": str(made.id), "item": 1, "from": "in_review", "to": "tabled", "n": 1, "version": after.version}
    assert {name: entry["data"][name] for name in said} == said


@pytest.mark.parametrize("state", [state for state in State if state not in (State.IN_REVIEW, State.DRAFT)])
def test_only_a_case_in_review_is_tabled(house: make.House, state: State) -> None:
    made, case_id = called(house), house.create(make.application())
    house.put(case_id, state)
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(IllegalMoveError),
        house.work(house.secretary) as work,
    ):
        meetings.table(work, made.id, case_id)


def test_a_case_on_one_agenda_comes_on_no_other(house: make.House) -> None:
    case_id = in_review(house)
    tabled(house, case_id)
    other = called(house)
    with pytest.raises(IllegalMoveError):
        other.table(case_id)


def test_what_a_secretary_does_not_see_is_not_there_to_be_tabled(house: make.House) -> None:
    made, draft = called(house), house.create(make.draft())
    for case_id in (draft, STRANGER, None):
        with pytest.raises(InvalidError) as refused, house.work(house.secretary) as work:
            meetings.table(work, made.id, case_id)
        assert refused.value.flaws[0].pointer == "/application"


def both(house: make.House, *roles: Role) -> Actor:
    """Somebody who is an officer and something else besides."""
    return make.person(house, "身兼数职", Role.OFFICER, *roles)


def test_nobody_tables_a_case_of_their_own(house: make.House) -> None:
    secretary = both(house, Role.SECRETARY)
    made, case_id = called(house), in_review(house, secretary)
    with tables.nothing_changes(house.runtime), pytest.raises(OwnCaseError), house.work(secretary) as work:
        meetings.table(work, made.id, case_id)


def test_an_item_taken_off_the_agenda_leaves_its_number_behind(house: make.House) -> None:
    case_id = in_review(house)
    made = tabled(house, case_id)
    with house.work(house.secretary, expects=1) as work:
        meetings.untable(work, made.id, 1)
    assert (made.item().state, house.row(case_id).state) == ("untabled", "in_review")
    assert tables.last_of_case(house.runtime, case_id)["type"] == "application.untabled"
    assert made.table(case_id) == 2
    with pytest.raises(ItemSettledError), house.work(house.secretary, expects=2) as work:
        meetings.untable(work, made.id, 1)


def test_once_a_meeting_is_open_nothing_is_tabled_and_nothing_untabled(house: make.House) -> None:
    made, late = opened(house), in_review(house)
    with tables.nothing_changes(house.runtime):
        with pytest.raises(MeetingStateError):
            made.table(late)
        with pytest.raises(MeetingStateError), house.work(house.secretary, expects=1) as work:
            meetings.untable(work, made.id, 1)


def test_refreshing_pins_what_stands_now_and_voids_the_votes(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    house.do(house.reviewer, applications.accept, case_id)
    made = opened(house, case_id)
    made.vote([SUPPORT] * 6)
    assert (made.item().declared_outcome, made.item().waived) == ("reject", "[]")
    waiving.waived(house, case_id)
    with house.work(house.secretary, expects=made.item().version) as work:
        meetings.refresh(work, made.id, 1)
    item = made.item()
    assert (item.waived, item.version) == ('["too_thirsty"]', 2)
    assert item.declared_outcome != "reject"
    assert tables.counts(house.runtime)["vote"] == 0
    assert tables.last_of_case(house.runtime, case_id)["type"] == "application.retabled"


def test_an_item_is_judged_by_the_day_of_the_meeting(house: make.House, clock: Clock) -> None:
    case_id = waiving.thirsty(house)
    house.do(house.reviewer, applications.accept, case_id)
    waiving.waived(house, case_id, expires_on=clock.now.date())
    assert tabled(house, case_id).item().waived == "[]"


def test_withdrawing_a_tabled_case_takes_its_item_off_the_table(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    house.do(house.officer, applications.withdraw, case_id, "另选他址")
    assert (made.item().state, made.item().event_id) == ("withdrawn", house.row(case_id).event_id)
    with pytest.raises(ItemSettledError):
        made.cast(house.member, SUPPORT)


def test_opening_pins_the_bylaws_in_force_and_who_is_there(house: make.House, clock: Clock) -> None:
    made = tabled(house)
    clock.move(days=1)
    made.open([house.chair, *house.members[:3]])
    with house.work(house.secretary) as work:
        found = meetings.get(work, made.id)
        in_force = rulebooks.in_force(work, work.today).rulebook.sha256
    assert (found.row.state, found.row.opened_at, found.row.rulebook_sha256) == ("open", clock.now, in_force)
    assert [seat.present for seat in found.seats].count(True) == 4
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["data"]["rulebook_sha256"]) == ("meeting.opened", in_force)


def test_below_the_quorum_nothing_is_opened(house: make.House) -> None:
    made = tabled(house)
    with tables.nothing_changes(house.runtime), pytest.raises(NoQuorumError) as refused:
        made.open([house.chair, *house.members[:2]])
    assert refused.value.figures == {"present": 3, "of": 6, "needed": 4}


def test_whoever_has_no_place_is_not_present(house: make.House) -> None:
    made = tabled(house)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.open([*meeting.everybody(house), house.member, house.reviewer])
    assert places(refused) == [("/present/6", "present_twice"), ("/present/7", "present_without_seat")]


def test_a_meeting_is_opened_once(house: make.House) -> None:
    made = opened(house)
    with tables.nothing_changes(house.runtime), pytest.raises(MeetingStateError):
        made.open()


def test_closing_carries_over_what_is_not_decided_and_says_why(house: make.House) -> None:
    first, second = in_review(house), in_review(house)
    made = tabled(house, first)
    made.table(second)
    made.open()
    made.vote([SUPPORT] * 6)
    made.decide()
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.close(" ")
    assert places(refused) == [("/reason", "text_missing")]
    made.close("时间不足")
    assert [made.item(n).state for n in (1, 2)] == ["decided", "carried_over"]
    assert [house.row(case_id).state for case_id in (first, second)] == ["approved", "in_review"]
    entry = tables.last_of_case(house.runtime, second)
    assert (entry["type"], entry["data"]["reason"]) == ("application.carried_over", "时间不足")
    assert tables.events(house.runtime)[-1]["data"]["carried_over"] == [2]
    assert made.row().state == "closed"
    assert tabled(house, second).item().n == 1


def test_a_meeting_that_decided_everything_closes_without_a_reason(house: make.House) -> None:
    made = decided(house)
    made.close()
    with tables.nothing_changes(house.runtime), pytest.raises(MeetingStateError):
        made.close()


def test_nobody_carries_over_what_they_have_no_part_in(house: make.House) -> None:
    made = opened(house)
    made.recuse(house.chair)
    with tables.nothing_changes(house.runtime), pytest.raises(NoPartError) as refused:
        made.close("时间不足")
    assert refused.value.figures == {"items": (1,)}


def test_nobody_carries_over_a_case_of_their_own(house: make.House) -> None:
    chair = both(house, Role.CHAIR)
    made = opened(house, in_review(house, chair))
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(NoPartError),
        house.work(chair, expects=made.row().version) as work,
    ):
        meetings.close(work, made.id, "时间不足")


def test_a_called_meeting_is_cancelled_and_its_cases_are_in_review_again(house: make.House) -> None:
    cases = [in_review(house), in_review(house)]
    made = tabled(house, cases[0])
    made.table(cases[1])
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.cancel(" ")
    assert places(refused) == [("/reason", "text_missing")]
    made.cancel("另行召集")
    assert made.row().state == "cancelled"
    assert [made.item(n).state for n in (1, 2)] == ["untabled", "untabled"]
    assert [house.row(case_id).state for case_id in cases] == ["in_review", "in_review"]
    told = {"from": "called", "to": "cancelled", "version": 2, "reason": "另行召集", "untabled": [1, 2]}
    assert tables.events(house.runtime)[-1]["data"] == told
    entry = tables.last_of_case(house.runtime, cases[1])
    assert (entry["type"], entry["data"]["reason"]) == ("application.untabled", "另行召集")
    with tables.nothing_changes(house.runtime):
        for again in (made.cancel, made.open, lambda: made.table(cases[0])):
            with pytest.raises(MeetingStateError):
                again()
    assert tabled(house, cases[0]).item().n == 1


def test_an_open_meeting_is_not_cancelled_nor_one_with_a_case_of_the_secretarys_own(house: make.House) -> None:
    open_, secretary = opened(house), both(house, Role.SECRETARY)
    own = tabled(house, in_review(house, secretary))
    with tables.nothing_changes(house.runtime):
        with pytest.raises(MeetingStateError):
            open_.cancel()
        with pytest.raises(NoPartError) as refused, house.work(secretary, expects=own.row().version) as work:
            meetings.cancel(work, own.id, "另行召集")
    assert refused.value.figures == {"items": (1,)}


def test_members_see_only_the_meetings_they_sit_at(house: make.House, clock: Clock) -> None:
    made = called(house)
    clock.move(minutes=1)
    other = called(house, [house.chair, house.member])
    stranger = house.others[0]
    with house.work(stranger) as work:
        assert [row.id for row in meetings.find(work, meetings.Query()).items] == [made.id]
        with pytest.raises(NotFoundError):
            meetings.get(work, other.id)
    for actor in (house.secretary, house.chair, house.auditor, house.member):
        with house.work(actor) as work:
            assert [row.id for row in meetings.find(work, meetings.Query()).items] == [other.id, made.id]


def test_meetings_come_in_pages(house: make.House, clock: Clock) -> None:
    made = []
    for _ in range(3):
        made.append(called(house).id)
        clock.move(minutes=1)
    with house.work(house.secretary) as work:
        first = meetings.find(work, meetings.Query(limit=2))
        last = meetings.find(work, meetings.Query(limit=2, cursor=first.next_cursor))
    assert [row.id for page in (first, last) for row in page.items] == made[::-1]
    assert last.next_cursor is None


def test_a_dry_run_of_a_decision_leaves_nothing(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT] * 6)
    with (
        tables.nothing_changes(house.runtime),
        house.runtime.work(house.secretary, expects=made.item().version, dry=True) as work,
    ):
        meetings.decide(work, made.id, 1, meetings.Ruling("", [], override=False))


def test_seats_that_the_bylaws_no_longer_allow_are_not_opened(house: make.House, clock: Clock) -> None:
    made = tabled(house)
    strict = make.edition("2", "2026-11-24").replace(b"[member, chair]", b"[chair]")
    with house.work(SYSTEM) as work:
        rulebooks.release(work, strict)
    clock.now += timedelta(days=1)
    with tables.nothing_changes(house.runtime), pytest.raises(SeatsOutdatedError) as refused:
        made.open()
    assert refused.value.figures == {"because": "seat_voting"}
