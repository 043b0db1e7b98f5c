"""What waits for each of those who have a part in a case, and for nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from service.actions import accountability, applications, opinions, proposals
from service.actions.opinions import NewOpinion
from service.core.cases.opinions import Stance
from service.core.cases.states import State
from service.core.cases.waiting import Waiting, Waits
from service.core.people import SYSTEM, Actor, Role
from tests import make, meeting
from tests.actions import papers, proposing
from tests.conftest import Clock


def mine(house: make.House, actor: Actor) -> tuple[Waiting, ...]:
    with house.runtime.work(actor, read_only=True) as work:
        return accountability.mine(work)


def whys(house: make.House, actor: Actor, of: UUID | None = None) -> list[Waits]:
    return [one.why for one in mine(house, actor) if of in {None, one.id}]


def test_an_officer_is_told_of_drafts_and_of_what_came_back(house: make.House) -> None:
    made = [house.create(make.draft()) for _ in range(3)]
    house.put(made[1], State.RETURNED)
    house.put(made[2], State.DEFERRED)
    house.create(make.application())
    assert sorted(whys(house, house.officer)) == [Waits.DEFERRED, Waits.DRAFT, Waits.SUPPLEMENT]
    assert mine(house, house.colleague) == ()


def test_a_deferred_case_waits_until_the_day_of_its_letter(house: make.House, clock: Clock) -> None:
    meeting.decided(house, choice=meeting.DEFER)
    (told,) = mine(house, house.officer)
    assert (told.why, told.due_on, told.late) == (Waits.DEFERRED, date(2027, 1, 22), False)
    clock.move(days=61)
    assert mine(house, house.officer) == ()


def test_a_reviewer_is_told_what_to_accept_to_rule_on_and_to_say(house: make.House) -> None:
    papers.release(house)
    case_id = house.create(make.application())
    assert whys(house, house.reviewer) == [Waits.ACCEPT]
    house.do(house.reviewer, applications.return_, case_id, "补充")
    papers.attached(house, case_id)
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    with house.work(house.secretary) as work:
        opinions.ask(work, case_id, make.DEPARTMENT, work.today + timedelta(days=3))
    (asked, pending) = mine(house, house.reviewer)
    assert (asked.why, asked.due_on) == (Waits.OPINION, house.runtime.clock().date() + timedelta(days=3))
    assert pending.why is Waits.PAPERS
    assert whys(house, house.both) == [Waits.PAPERS]
    assert mine(house, house.officer) == ()


def test_an_opinion_is_late_the_day_after_its_own_and_the_rest_after_the_term(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.accept, case_id)
    with house.work(house.secretary) as work:
        opinions.ask(work, case_id, make.DEPARTMENT, work.today + timedelta(days=3))
    clock.move(days=3)
    assert [one.late for one in mine(house, house.reviewer)] == [False]
    clock.move(days=1)
    assert [one.late for one in mine(house, house.reviewer)] == [True]
    with house.work(house.reviewer) as work:
        opinions.give(work, case_id, NewOpinion(Stance.SUPPORT, "可行", ()))
    (tabling,) = mine(house, house.secretary)
    assert (tabling.why, tabling.late) == (Waits.TABLE, False)
    clock.move(days=28)
    assert [one.late for one in mine(house, house.secretary)] == [True]


def test_a_secretary_tables_when_the_opinions_are_there_and_opens_what_is_called(house: make.House) -> None:
    case_id = meeting.in_review(house)
    assert whys(house, house.secretary, case_id) == [Waits.TABLE]
    with house.work(house.secretary) as work:
        opinions.ask(work, case_id, make.DEPARTMENT, None)
    assert whys(house, house.secretary, case_id) == []
    held = meeting.called(house)
    (opening,) = (one for one in mine(house, house.secretary) if one.id == held.id)
    assert (opening.why, opening.number) == (Waits.OPEN, None)
    assert whys(house, house.member) == []


def test_a_member_is_told_of_votes_until_they_are_cast(house: make.House) -> None:
    held = meeting.called(house)
    case_id = meeting.in_review(house)
    held.table(case_id)
    held.open()
    assert whys(house, house.member) == [Waits.VOTE]
    assert set(whys(house, house.chair, case_id)) == {Waits.VOTE, Waits.DECIDE}
    held.cast(house.member, meeting.SUPPORT)
    assert whys(house, house.member) == []


def test_whoever_is_recused_is_told_nothing_of_the_case(house: make.House) -> None:
    held = meeting.called(house)
    held.table(meeting.in_review(house))
    held.open()
    held.recuse(house.members[4])
    assert mine(house, house.members[4]) == ()


def test_nobody_is_told_to_judge_a_case_of_their_own(house: make.House) -> None:
    case_id = house.create(make.application(), house.both)
    assert whys(house, house.both, case_id) == []
    assert whys(house, house.reviewer, case_id) == [Waits.ACCEPT]


def test_nothing_waits_for_the_machine_or_for_whoever_reads_only(house: make.House) -> None:
    house.create(make.application())
    assert mine(house, replace(SYSTEM)) == ()
    assert mine(house, house.auditor) == ()


def test_a_releaser_is_told_of_what_others_proposed_until_it_is_decided(house: make.House) -> None:
    both = make.person(house, "起草兼发布", Role.RULE_AUTHOR, Role.RULE_RELEASER)
    proposing.proposed(house, actor=both)
    (waits,) = mine(house, house.releaser)
    assert (waits.why, waits.name, waits.number, waits.due_on) == (Waits.RELEASE, "2", None, None)
    assert mine(house, both) == mine(house, house.author) == ()
    with house.work(house.releaser, expects=1) as work:
        proposals.decline(work, waits.id, "条款依据不足")
    assert mine(house, house.releaser) == ()
