import json
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from service.actions import applications, opinions, people
from service.actions.opinions import NewOpinion, Opinion
from service.core.cases.calendar import NoCalendarError
from service.core.cases.opinions import (
    ASKED_IN,
    GIVEN_IN,
    AlreadyAskedError,
    NoDepartmentError,
    OpinionsClosedError,
    Stance,
)
from service.core.cases.sight import OwnCaseError
from service.core.cases.states import IllegalMoveError, State
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import Actor, Role, person_ref
from service.work import Work
from tests import make, meeting, seating
from tests.actions import tables
from tests.conftest import Clock

SUPPORT = NewOpinion(Stance.SUPPORT, "符合生态环境分区管控要求")
CONDITIONAL = NewOpinion(Stance.SUPPORT_WITH_CONDITIONS, " 用水\n可平衡 ", (" 取得取水许可 ", "雨污分流"))
MONDAY = date(2026, 11, 23)


def ask(house: make.House, case_id: UUID, department: str = make.DEPARTMENT, due_on: date | None = None) -> int:
    with house.work(house.secretary) as work:
        return opinions.ask(work, case_id, department, due_on).n


def give(house: make.House, case_id: UUID, new: NewOpinion = SUPPORT, actor: Actor | None = None) -> int:
    with house.work(actor or house.reviewer) as work:
        return opinions.give(work, case_id, new).n


def found(house: make.House, case_id: UUID, actor: Actor | None = None) -> list[Opinion]:
    with house.work(actor or house.auditor) as work:
        return opinions.find(work, case_id)


def told(house: make.House, case_id: UUID) -> list[tuple[int, str, str, bool]]:
    return [(one.row.n, one.row.department, one.state.value, one.late) for one in found(house, case_id)]


def accept(house: make.House, case_id: UUID, departments: list[str], due_on: date | None = None) -> None:
    with house.work(house.reviewer, expects=house.row(case_id).version) as work:
        opinions.accept(work, case_id, departments, due_on)


@pytest.mark.parametrize("who", ["reviewer", "secretary"])
def test_a_department_is_asked_until_a_day_so_many_working_days_away(house: make.House, clock: Clock, who: str) -> None:
    case_id = house.create(make.application())
    before, version = tables.counts(house.runtime), house.row(case_id).version
    actor = getattr(house, who)
    with house.work(actor) as work:
        row = opinions.ask(work, case_id, f" {make.DEPARTMENT} ")
    assert tables.added(before, tables.counts(house.runtime)) == {"opinion": 1, "ledger_event": 1, "ledger_pending": 1}
    assert (row.n, row.of_version, row.department, row.due_on) == (1, 1, make.DEPARTMENT, date(2026, 11, 30))
    assert (row.asked_by, row.asked_at, row.stance, row.given_at) == (actor.person_id, clock.now, None, None)
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["actor"]["ref"]) == ("opinion.asked", actor.ref)
    assert entry["data"] == {"n": 1, "of_version": 1, "department": make.DEPARTMENT, "due_on": "2026-11-30"}
    assert house.row(case_id).version == version


def test_a_day_may_be_named_from_today_on(house: make.House) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        ask(house, case_id, due_on=MONDAY - timedelta(days=1))
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/due_on", "opinion_due")]
    ask(house, case_id, due_on=MONDAY)
    assert told(house, case_id) == [(1, make.DEPARTMENT, "asked", False)]


def test_every_flaw_of_a_request_is_told_at_once(house: make.House) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        ask(house, case_id, "环保", MONDAY - timedelta(days=1))
    first, second = refused.value.flaws
    assert (first.pointer, first.code, second.pointer, second.code) == (
        "/department",
        "department_unknown",
        "/due_on",
        "opinion_due",
    )
    assert set(first.figures["known"]) == {make.DEPARTMENT, make.OTHER_DEPARTMENT}  # type: ignore[call-overload]  # a tuple


def test_a_day_beyond_the_calendar_is_refused(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.application())
    clock.move(days=37)
    with tables.nothing_changes(house.runtime), pytest.raises(NoCalendarError) as refused:
        ask(house, case_id)
    assert refused.value.figures == {"year": 2027}
    ask(house, case_id, due_on=date(2027, 1, 8))


def test_a_department_is_asked_again_only_after_it_answered(house: make.House) -> None:
    case_id = meeting.in_review(house)
    ask(house, case_id)
    with tables.nothing_changes(house.runtime), pytest.raises(AlreadyAskedError) as refused:
        ask(house, case_id)
    assert refused.value.figures == {"department": make.DEPARTMENT, "due_on": date(2026, 11, 30)}
    give(house, case_id)
    assert ask(house, case_id) == 2
    assert told(house, case_id) == [(1, make.DEPARTMENT, "given", False), (2, make.DEPARTMENT, "asked", False)]


def test_an_opinion_answers_what_its_department_was_asked(house: make.House, clock: Clock) -> None:
    case_id = meeting.in_review(house)
    ask(house, case_id, make.OTHER_DEPARTMENT)
    asked = ask(house, case_id)
    before = tables.counts(house.runtime)
    clock.move(hours=1)
    with house.work(house.reviewer) as work:
        row = opinions.give(work, case_id, CONDITIONAL)
    assert tables.added(before, tables.counts(house.runtime)) == {"ledger_event": 1, "ledger_pending": 1}
    assert (row.n, row.version, row.asked_by) == (asked, 2, house.secretary.person_id)
    assert (row.stance, row.reason, row.given_by, row.given_at) == (
        "support_with_conditions",
        "用水\n可平衡",
        house.reviewer.person_id,
        clock.now,
    )
    assert json.loads(row.conditions or "") == ["取得取水许可", "雨污分流"]
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["actor"]["ref"]) == ("opinion.given", house.reviewer.ref)
    assert entry["data"] == {
        "n": asked,
        "of_version": 1,
        "department": make.DEPARTMENT,
        "due_on": "2026-11-30",
        "stance": "support_with_conditions",
        "reason": "用水\n可平衡",
        "conditions": ["取得取水许可", "雨污分流"],
    }
    assert told(house, case_id) == [(1, make.OTHER_DEPARTMENT, "asked", False), (2, make.DEPARTMENT, "given", False)]


def test_an_opinion_nobody_asked_for_is_one_as_well_and_never_late(house: make.House, clock: Clock) -> None:
    case_id = meeting.in_review(house)
    clock.move(days=30)
    give(house, case_id)
    (one,) = found(house, case_id)
    assert (one.row.asked_by, one.row.asked_at, one.row.due_on, one.late) == (None, None, None, False)


def test_a_newer_opinion_takes_the_place_of_an_older_one_which_stays(house: make.House) -> None:
    case_id = meeting.in_review(house)
    ask(house, case_id)
    give(house, case_id)
    assert give(house, case_id, CONDITIONAL) == 2
    give(house, case_id, SUPPORT, house.both)
    assert told(house, case_id) == [
        (1, make.DEPARTMENT, "replaced", False),
        (2, make.DEPARTMENT, "given", False),
        (3, make.OTHER_DEPARTMENT, "given", False),
    ]
    assert found(house, case_id)[0].row.stance == "support"


def test_an_opinion_is_late_from_the_day_after_it_was_due(house: make.House, clock: Clock) -> None:
    case_id = meeting.in_review(house)
    for department in (make.DEPARTMENT, make.OTHER_DEPARTMENT):
        ask(house, case_id, department)
    clock.now = clock.now.replace(month=11, day=30, hour=15, minute=59)
    give(house, case_id)
    assert [one.late for one in found(house, case_id)] == [False, False]
    clock.move(minutes=1)
    assert [one.late for one in found(house, case_id)] == [False, True]
    give(house, case_id, SUPPORT, house.both)
    assert [one.late for one in found(house, case_id)] == [False, True]


def test_a_request_that_is_answered_after_a_new_submission_is_about_that_one(house: make.House) -> None:
    case_id = meeting.in_review(house)
    ask(house, case_id)
    give(house, case_id, SUPPORT, house.both)
    house.do(house.reviewer, applications.return_, case_id, "补充")
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    give(house, case_id)
    assert [one.row.of_version for one in found(house, case_id)] == [2, 1]


@pytest.mark.parametrize(
    ("new", "flaws"),
    [
        (
            NewOpinion(None, " ", ("",)),
            [("/stance", "member_missing"), ("/reason", "text_missing"), ("/conditions/0", "text_missing")],
        ),
        (
            NewOpinion(Stance.OPPOSE, "因" * 2_001, ("条件",)),
            [("/reason", "text_length"), ("/conditions", "conditions_unmeant")],
        ),
        (
            NewOpinion(Stance.SUPPORT_WITH_CONDITIONS, "因\x07"),
            [("/reason", "text_character"), ("/conditions", "conditions_missing")],
        ),
    ],
)
def test_every_flaw_of_an_opinion_is_told_at_once(
    house: make.House, new: NewOpinion, flaws: list[tuple[str, str]]
) -> None:
    case_id = meeting.in_review(house)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        give(house, case_id, new)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == flaws


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_opinions_are_asked_for_and_given_while_a_case_is_not_tabled_yet(house: make.House, state: State) -> None:
    case_id = house.create(make.application())
    house.put(case_id, state)
    for do, within in ((ask, ASKED_IN), (give, GIVEN_IN)):
        if state in within:
            do(house, case_id)
            continue
        with tables.nothing_changes(house.runtime), pytest.raises(OpinionsClosedError) as refused:
            do(house, case_id)
        assert refused.value.figures == {"state": state.value}


def _ask(work: Work, case_id: UUID) -> object:
    return opinions.ask(work, case_id, make.DEPARTMENT)


def _give(work: Work, case_id: UUID) -> object:
    return opinions.give(work, case_id, SUPPORT)


DEEDS = {"ask_opinions": _ask, "give_opinions": _give, "read_opinions": opinions.find}


@pytest.mark.parametrize("permission", DEEDS)
def test_officers_and_administrators_neither_ask_nor_give_nor_read(house: make.House, permission: str) -> None:
    case_id = meeting.in_review(house)
    for actor in (house.officer, house.colleague, house.admin):
        with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError) as refused, house.work(actor) as work:
            DEEDS[permission](work, case_id)
        assert refused.value.figures == {"permission": permission}


@pytest.mark.parametrize("do", DEEDS.values())
def test_a_case_that_is_not_there_a_draft_and_one_one_is_recused_from_are_the_same(
    house: make.House, do: Callable[[Work, UUID], object]
) -> None:
    recused = meeting.in_review(house)
    seating.recuse(house, recused, house.reviewer)
    for case_id in (uuid4(), house.create(make.draft()), recused):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(NotFoundError) as refused,
            house.work(house.reviewer) as work,
        ):
            do(work, case_id)
        assert refused.value.figures == {"kind": "application"}


@pytest.mark.parametrize("do", [_ask, _give])
def test_nobody_asks_about_or_judges_a_case_of_their_own(house: make.House, do: Callable[[Work, UUID], object]) -> None:
    case_id = meeting.in_review(house, house.both)
    with tables.nothing_changes(house.runtime), pytest.raises(OwnCaseError), house.work(house.both) as work:
        do(work, case_id)


def test_a_reviewer_of_no_department_gives_the_opinion_of_none(house: make.House) -> None:
    case_id = meeting.in_review(house)
    with house.work(house.admin) as work:
        person = people.add(work, "无部门", [Role.REVIEWER])
    nobody = Actor(person_ref(person.id), person.name, frozenset({Role.REVIEWER}), person.id)
    with tables.nothing_changes(house.runtime), pytest.raises(NoDepartmentError):
        give(house, case_id, SUPPORT, nobody)


def test_those_with_a_seat_read_opinions_and_members_without_do_not(house: make.House) -> None:
    case_id = meeting.in_review(house)
    give(house, case_id)
    with pytest.raises(NotFoundError):
        found(house, case_id, house.member)
    seating.seat(house, case_id, house.member)
    for actor in (house.member, house.secretary, house.chair, house.auditor, house.reviewer):
        assert [one.row.stance for one in found(house, case_id, actor)] == ["support"]


def test_a_case_is_accepted_and_departments_are_asked_in_one(house: make.House) -> None:
    case_id = house.create(make.application())
    before = tables.counts(house.runtime)
    accept(house, case_id, [make.OTHER_DEPARTMENT, f" {make.DEPARTMENT}"], MONDAY)
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"opinion": 2, "ledger_event": 3, "ledger_pending": 3}
    types = [event["type"] for event in tables.of_case(house.runtime, case_id)]
    assert types[-3:] == ["application.accepted", "opinion.asked", "opinion.asked"]
    assert [(one.row.department, one.row.due_on) for one in found(house, case_id)] == [
        (make.OTHER_DEPARTMENT, MONDAY),
        (make.DEPARTMENT, MONDAY),
    ]
    assert house.row(case_id).state == "in_review"


def test_accepting_asks_nobody_unless_told_to(house: make.House) -> None:
    case_id = house.create(make.application())
    accept(house, case_id, [])
    assert (house.row(case_id).state, found(house, case_id)) == ("in_review", [])


def test_a_case_is_not_accepted_when_its_departments_cannot_be_asked(house: make.House) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        accept(house, case_id, [make.DEPARTMENT, "环保", make.DEPARTMENT], MONDAY - timedelta(days=1))
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/departments/1", "department_unknown"),
        ("/departments/2", "department_twice"),
        ("/due_on", "opinion_due"),
    ]
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        accept(house, case_id, [], MONDAY)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/departments", "departments_missing")]
    ask(house, case_id)
    with tables.nothing_changes(house.runtime), pytest.raises(AlreadyAskedError):
        accept(house, case_id, [make.OTHER_DEPARTMENT, make.DEPARTMENT])
    accept(house, case_id, [make.OTHER_DEPARTMENT])
    assert [one.state.value for one in found(house, case_id)] == ["asked", "asked"]


def test_accepting_is_refused_as_ever_before_anybody_is_asked(house: make.House) -> None:
    case_id = house.create(make.application())
    for expects in (None, 1):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(StaleError),
            house.work(house.reviewer, expects=expects) as work,
        ):
            opinions.accept(work, case_id, [make.DEPARTMENT])
    accept(house, case_id, [make.DEPARTMENT])
    with tables.nothing_changes(house.runtime), pytest.raises(IllegalMoveError):
        accept(house, case_id, [make.OTHER_DEPARTMENT])
