"""What comes out of a review: scores sheet, minutes, decision letter, who answers for what."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from service.actions import applications, deputies, ledger, meetings, rulebooks
from service.actions.accountability import Account, Asked, account
from service.actions.deputies import NewDeputy
from service.actions.letters import decision_letter
from service.actions.meetings.agendas import counted_facts
from service.actions.meetings.minutes import Minutes, minutes
from service.actions.meetings.scores import Sheet, scores
from service.actions.opinions import NewOpinion, ask, give
from service.core.cases.accountability import Figure, Shown
from service.core.cases.conditions import NewCondition
from service.core.cases.letters import Letter
from service.core.cases.opinions import Stance
from service.core.cases.ranking import Stances
from service.core.errors import ForbiddenError, InvalidError, NotFoundError
from service.core.people import SYSTEM, Actor, Role
from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import Reader
from service.core.rules.model import Outcome
from service.db.meetings import MeetingItemRow
from service.db.people import Person
from service.words import together
from tests import make, meeting
from tests.actions import tables, waiving
from tests.conftest import Clock
from tests.meeting import CONDITION, OPPOSE, SUPPORT, WEAK, WITH_CONDITIONS, Meeting, in_review, person


def sheet(house: make.House, held: Meeting, actor: Actor | None = None) -> Sheet:
    with house.work(actor or house.auditor) as work:
        return scores(work, held.id)


def written(house: make.House, held: Meeting, actor: Actor | None = None) -> Minutes:
    with house.work(actor or house.auditor) as work:
        return minutes(work, held.id)


def letter(house: make.House, case_id: UUID, actor: Actor | None = None, language: str = "zh") -> Letter:
    with house.work(actor or house.officer) as work:
        return decision_letter(work, case_id, language)


def accounted(house: make.House, actor: Actor | None = None, asked: Asked | None = None) -> Account:
    with house.work(actor or house.auditor) as work:
        return account(work, asked or Asked())


def shown(found: Account, actor: Actor, figure: Figure) -> tuple[Shown, ...]:
    """What shows a figure of somebody; nothing where they have no part in it."""
    one = next(one for one in found.accounts.people if one.holder.id == actor.person_id)
    return next((count.shown for count in one.counts if count.figure is figure), ())


def of_role(found: Account, role: Role, figure: Figure) -> tuple[Shown, ...]:
    one = next(one for one in found.accounts.roles if one.role is role)
    return next(count.shown for count in one.counts if count.figure is figure)


def ask_and_give(house: make.House, case_id: UUID, stance: Stance, conditions: Iterable[str] = ()) -> None:
    """Have the department asked and answer."""
    with house.work(house.secretary) as work:
        ask(work, case_id, make.DEPARTMENT, work.today + timedelta(days=3))
    with house.work(house.reviewer) as work:
        give(work, case_id, NewOpinion(stance, "用水指标可平衡", tuple(conditions)))


def three(house: make.House) -> tuple[Meeting, list[UUID]]:
    """A meeting of three cases: conditional, approved, rejected by the gate."""
    held = meeting.called(house)
    cases = [in_review(house, output=WEAK), in_review(house), in_review(house, water=Decimal(200_000))]
    for case_id in cases:
        held.table(case_id)
    return held, cases


# ── Scores sheet ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cases_are_ranked_by_what_was_pinned(house: make.House) -> None:
    held, cases = three(house)
    found = sheet(house, held)
    assert [(one.line.rank, one.case.id, one.line.of.verified.outcome) for one in found.lines] == [
        (1, cases[1], Outcome.APPROVE),
        (2, cases[0], Outcome.CONDITIONAL),
        (3, cases[2], Outcome.REJECT),
    ]
    assert [gate.id for gate in found.lines[2].line.open_gates] == ["too_thirsty"]
    assert (found.summary.count, found.summary.mean_verified) == (3, Decimal("75.33"))
    assert found.portfolio is None


def test_the_sheet_of_an_empty_meeting_is_empty(house: make.House) -> None:
    found = sheet(house, meeting.called(house))
    assert (found.lines, found.summary.mean_verified, found.portfolio) == ((), None, None)


def test_a_recused_seat_finds_no_trace_of_the_case_in_ranks_and_means(house: make.House) -> None:
    held, cases = three(house)
    held.open()
    held.recuse(house.member, 2)
    found = sheet(house, held, house.member)
    assert [(one.line.rank, one.case.id) for one in found.lines] == [(1, cases[0]), (2, cases[2])]
    assert found.summary.outcomes[Outcome.APPROVE] == 0
    assert (found.summary.count, found.summary.mean_verified) == (2, Decimal("72.75"))
    assert len(sheet(house, held, house.chair).lines) == 3


def test_untabled_and_withdrawn_cases_are_off_the_sheet(house: make.House) -> None:
    held, cases = three(house)
    with house.work(house.secretary, expects=held.item(1).version) as work:
        meetings.untable(work, held.id, 1)
    house.do(house.officer, applications.withdraw, cases[1], "不再投资")
    assert [one.case.id for one in sheet(house, held).lines] == [cases[2]]


def test_opinions_are_counted_by_what_they_say(house: make.House, clock: Clock) -> None:
    case_id = in_review(house)
    ask_and_give(house, case_id, Stance.SUPPORT)
    ask_and_give(house, case_id, Stance.SUPPORT_WITH_CONDITIONS, ("取水许可先行",))
    with house.work(house.secretary) as work:
        ask(work, case_id, make.OTHER_DEPARTMENT, work.today)
    held = meeting.tabled(house, case_id)
    clock.move(days=2)
    (line,) = sheet(house, held).lines
    assert line.line.of.stances == Stances(with_conditions=1, awaited=1, late=1)


def test_only_those_of_meetings_read_the_sheet_and_others_find_no_meeting(house: make.House) -> None:
    held, _ = three(house)
    with pytest.raises(ForbiddenError):
        sheet(house, held, house.officer)
    stranger = make.person(house, "旁听", Role.MEMBER)
    with pytest.raises(NotFoundError):
        sheet(house, held, stranger)
    with pytest.raises(NotFoundError), house.work(house.auditor) as work:
        scores(work, UUID(int=7))


def test_the_sheet_tells_of_the_whole_where_the_rules_do(house: make.House) -> None:
    source = (
        make.edition("9", "2026-04-01")
        .decode()
        .replace(
            "derived: {}",
            "derived:\n"
            "  high_tech: {value: output >= 70, label: {zh: 高新, en: High-tech}}\n"
            '  cluster: {value: \'nature == "new" ? "new" : "old"\', label: {zh: 集群, en: Cluster}}',
        )
    )
    with house.work(SYSTEM) as work:
        rulebooks.release(work, source.encode())
    held = meeting.called(house)
    for output in (WEAK, Decimal(80)):
        held.table(in_review(house, output=output))
    held.open()
    held.vote([SUPPORT] * 6, 2)
    held.decide(2)
    found = sheet(house, held).portfolio
    assert found is not None
    assert (found.if_all.lowest, found.if_all.highest, found.if_all.yes, found.if_all.count) == (
        Decimal(50),
        Decimal(50),
        1,
        2,
    )
    assert (found.supported.count, found.supported.yes) == (1, 1)
    assert [(one.cluster, one.count) for one in found.clusters] == [("new", 2)]
    held.recuse(house.member, 1)
    seen = sheet(house, held, house.member).portfolio
    assert seen is not None
    assert (seen.if_all.count, seen.if_all.lowest) == (1, Decimal(100))


# ── Minutes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_no_minutes_before_the_meeting_is_open(house: make.House) -> None:
    held, _ = three(house)
    with pytest.raises(NotFoundError) as refused:
        written(house, held)
    assert refused.value.figures["kind"] == "minutes"


def test_votes_are_told_once_the_item_is_decided_and_not_before(house: make.House) -> None:
    held = meeting.opened(house)
    held.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, OPPOSE])
    (item,) = written(house, held).items
    assert (item.ballots, item.decision) == (None, None)
    held.cast(house.members[3], OPPOSE, reason="水量不足")
    held.decide()
    (item,) = written(house, held).items
    assert item.ballots is not None
    assert sorted(ballot.choice for ballot in item.ballots) == ["oppose"] + ["support"] * 4
    assert item.decision is not None
    assert [(one.person.name, one.choice, one.reason) for one in item.decision.dissent] == [
        (house.members[3].name, "oppose", "水量不足")
    ]
    assert item.decision.tally["because"] == "majority"
    assert item.decision.decided_by.name == house.secretary.name


def test_a_vote_of_a_seat_recused_later_is_told_and_does_not_count(house: make.House) -> None:
    held = meeting.opened(house)
    held.vote([SUPPORT] * 6)
    held.recuse(house.member)
    held.decide()
    (item,) = written(house, held).items
    assert item.ballots is not None
    assert {ballot.person.name for ballot in item.ballots if not ballot.counts} == {house.member.name}
    assert [(one.person.name, one.kind) for one in item.recusals] == [(house.member.name, "declared")]


def test_the_recused_seat_reads_minutes_without_the_item(house: make.House) -> None:
    held, _ = three(house)
    held.open()
    held.recuse(house.member, 2)
    assert [item.n for item in written(house, held, house.member).items] == [1, 3]
    assert [item.n for item in written(house, held, house.chair).items] == [1, 2, 3]


def test_minutes_are_a_draft_until_the_meeting_is_closed(house: make.House) -> None:
    held = meeting.decided(house)
    assert written(house, held).is_draft
    held.close()
    assert not written(house, held).is_draft


def test_what_is_carried_over_says_why(house: make.House) -> None:
    held = meeting.opened(house)
    held.close("材料待补")
    (item,) = written(house, held).items
    assert (item.state, item.carried_because, item.decision) == ("carried_over", "材料待补", None)


def test_a_deputy_is_named_beside_the_seat(house: make.House) -> None:
    deputy = make.person(house, "代理人", Role.MEMBER)
    with house.work(house.member) as work:
        until = work.today + timedelta(days=30)
        deputies.appoint(work, NewDeputy(None, person(deputy), work.today, until, None, "出差"))
    held = meeting.tabled(house).open([deputy, house.chair, *house.members[1:4]])
    found = written(house, held).seats
    assert {seat.person.name: seat.deputy.name for seat in found.present if seat.deputy} == {
        house.member.name: "代理人"
    }
    assert [seat.person.name for seat in found.absent] == [house.members[4].name]


def test_what_a_department_says_after_the_meeting_is_not_in_its_minutes(house: make.House, clock: Clock) -> None:
    case_id = in_review(house)
    with house.work(house.secretary) as work:
        ask(work, case_id, make.DEPARTMENT, work.today)
    held = meeting.opened(house, case_id)
    held.close("材料待补")
    before = written(house, held).items[0].opinions
    clock.move(days=3)
    with house.work(house.reviewer) as work:
        give(work, case_id, NewOpinion(Stance.OPPOSE, "用水指标不足"))
    assert written(house, held).items[0].opinions == before
    (said,) = before
    assert (said.department, said.stance, said.reason, said.given_by) == (make.DEPARTMENT, None, None, None)


def test_names_are_those_of_today(house: make.House) -> None:
    held = meeting.decided(house)
    with house.work(SYSTEM) as work:
        row = work.session.get_one(Person, person(house.secretary))
        row.name = "新名"
    found = written(house, held)
    assert found.called_by.name == "新名"
    assert all("新名" not in json.dumps(event, ensure_ascii=False) for event in tables.events(house.runtime))


def test_the_checkpoint_is_the_first_that_holds_the_last_entry_and_stays(house: make.House) -> None:
    held = meeting.decided(house)
    held.close()
    assert written(house, held).checkpoint is None
    signed = ledger.tend(house.runtime)
    found = written(house, held).checkpoint
    assert signed is not None
    assert found is not None
    line = signed.note.decode().split("\n")[2]
    assert (found.size, found.root) == (signed.size, line[:16])
    in_review(house)
    ledger.tend(house.runtime)
    assert written(house, held).checkpoint == found


def test_reading_papers_writes_nothing(house: make.House) -> None:
    held = meeting.decided(house)
    case_id = held.item().application_id
    with tables.nothing_changes(house.runtime):
        sheet(house, held)
        written(house, held)
        letter(house, case_id)
        accounted(house)


# ── Decision letter ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_is_no_letter_while_nothing_is_decided(house: make.House) -> None:
    held = meeting.opened(house)
    with pytest.raises(NotFoundError) as refused:
        letter(house, held.item().application_id)
    assert refused.value.figures["kind"] == "letter"


def test_the_letter_rests_on_exactly_what_was_pinned(house: make.House) -> None:
    for output, water in ((Decimal(80), 0), (WEAK, 0), (Decimal(80), 200_000)):
        held = meeting.tabled(house, in_review(house, output=output, water=Decimal(water)))
        with house.work(house.auditor) as work:
            item = work.session.get_one(MeetingItemRow, (held.id, 1))
            engine = rulebooks.edition(work, item.rulebook_sha256)
            assessment = engine.assess(counted_facts(work, item), frozenset(json.loads(item.waived)))
            assert engine.report(assessment, "zh") == item.verified_zh
            assert engine.report(assessment, "en") == item.verified_en
            assert explain(
                engine.rulebook, assessment, Reader.APPLICANT, together("assessment", "explanations"), "zh"
            ).sections


def test_a_refusal_names_every_reason_its_clause_and_until_when_to_ask_again(house: make.House) -> None:
    held = meeting.opened(house, in_review(house, water=Decimal(200_000)))
    held.vote([OPPOSE] * 6)
    held.decide(reason="用水超出指标")
    found = letter(house, held.item().application_id)
    assert (found.ruling.outcome, found.ruling.decided_on) == (Outcome.REJECT, date(2026, 11, 23))
    assert found.ruling.reconsider_until == date(2027, 1, 22)
    said = {passage.id: " ".join(passage.sentences) for passage in found.passages}
    assert "用水过量" in said["failed"]
    assert "《示例法》第1条" in said["failed"]
    assert "不可补正" in said["failed"]
    assert "用水超出指标" in said["decision"]
    assert "2027年1月22日前（含当日）" in said["reconsideration"]


def test_the_letter_tells_nothing_of_votes_opinions_and_members(house: make.House) -> None:
    case_id = in_review(house, output=WEAK)
    ask_and_give(house, case_id, Stance.OPPOSE)
    held = meeting.opened(house, case_id)
    held.vote([WITH_CONDITIONS] * 5)
    held.cast(house.members[4], OPPOSE, reason="水量不足")
    held.decide(conditions=[CONDITION])
    text = repr(letter(house, case_id))
    people = [house.secretary, house.reviewer, *meeting.everybody(house)]
    for hidden in ("水量不足", "用水指标可平衡", make.DEPARTMENT, "majority", *(actor.ref for actor in people)):
        assert hidden not in text
    assert all(f"（{actor.name}" not in text for actor in people)


def test_the_letter_is_the_same_whenever_it_is_read(house: make.House, clock: Clock) -> None:
    held = meeting.decided(house, in_review(house, output=WEAK), WITH_CONDITIONS)
    case_id = held.item().application_id
    first = letter(house, case_id)
    clock.move(days=400)
    assert letter(house, case_id, house.auditor) == first
    (condition,) = first.ruling.conditions
    assert (condition.due, condition.owner) == ("签约前", "申报企业")


def test_a_condition_from_the_action_plan_is_said_in_the_language_of_the_letter(house: make.House) -> None:
    source = (
        make.edition("9", "2026-04-01")
        .decode()
        .replace(
            "  always: []",
            "  always:\n    - {id: meter, text: {zh: 安装在线计量, en: Install a meter}, due: before_signing}",
        )
    )
    with house.work(SYSTEM) as work:
        rulebooks.release(work, source.encode())
    held = meeting.opened(house, in_review(house, output=WEAK))
    held.vote([WITH_CONDITIONS] * 6)
    held.decide(conditions=[NewCondition(plan="meter", owner="申报企业", evidence="验收单")])
    case_id = held.item().application_id
    assert [one.text for one in letter(house, case_id).ruling.conditions] == ["安装在线计量"]
    english = letter(house, case_id, language="en").ruling.conditions
    assert [(one.text, one.due) for one in english] == [("Install a meter", "before signing")]


def test_whoever_submitted_reads_the_letter_and_a_recused_seat_does_not(house: make.House) -> None:
    held = meeting.opened(house)
    held.recuse(house.member)
    held.vote([SUPPORT, None, SUPPORT, SUPPORT, SUPPORT, SUPPORT])
    held.decide()
    case_id = held.item().application_id
    assert letter(house, case_id, house.officer) == letter(house, case_id, house.chair)
    for actor in (house.member, house.colleague):
        with pytest.raises(NotFoundError):
            letter(house, case_id, actor)


def test_the_letter_stands_while_the_case_is_reconsidered(house: make.House) -> None:
    held = meeting.opened(house, in_review(house, water=Decimal(200_000)))
    held.vote([OPPOSE] * 6)
    held.decide()
    case_id = held.item().application_id
    first = letter(house, case_id)
    house.do(house.officer, applications.reconsider, case_id, "已改用再生水")
    assert letter(house, case_id) == first
    assert [item.n for item in written(house, held, house.secretary).items] == [1]


# ── Accountability ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_is_told_for_roles_and_people(house: make.House, clock: Clock) -> None:
    submitted, returned = house.create(make.application()), house.create(make.application())
    house.do(house.reviewer, applications.return_, returned, "缺能评意见")
    reviewed = in_review(house)
    with house.work(house.secretary) as work:
        ask(work, reviewed, make.DEPARTMENT, work.today)
    held = meeting.tabled(house)
    clock.move(days=1)
    found = accounted(house)
    assert [one.application_id for one in of_role(found, Role.REVIEWER, Figure.CASES_TO_ACCEPT)] == [submitted]
    assert [one.application_id for one in shown(found, house.officer, Figure.CASES_TO_SUPPLEMENT)] == [returned]
    for figure in (Figure.OPINIONS_ASKED, Figure.OPINIONS_OVERDUE):
        assert [one.application_id for one in shown(found, house.reviewer, figure)] == [reviewed]
        assert shown(found, house.both, figure) == ()
    for actor in (house.chair, house.secretary):
        (item,) = shown(found, actor, Figure.ITEMS_TO_DECIDE)
        assert (item.application_id, item.type) == (held.item().application_id, "application.tabled")
    (entry,) = shown(found, house.reviewer, Figure.CASES_RETURNED)
    assert (entry.type, entry.application_id) == ("application.returned", returned)


def test_an_opinion_given_late_counts_in_the_time_it_was_given(house: make.House, clock: Clock) -> None:
    case_id = in_review(house)
    with house.work(house.secretary) as work:
        ask(work, case_id, make.DEPARTMENT, work.today)
    clock.move(days=2)
    with house.work(house.reviewer) as work:
        give(work, case_id, NewOpinion(Stance.SUPPORT, "可平衡"))
    clock.move(days=5)
    assert len(shown(accounted(house), house.reviewer, Figure.OPINIONS_LATE)) == 1
    before = Asked(date(2026, 11, 1), date(2026, 11, 24))
    assert shown(accounted(house, asked=before), house.reviewer, Figure.OPINIONS_LATE) == ()
    on_the_day = Asked(date(2026, 11, 25), date(2026, 11, 25))
    assert len(shown(accounted(house, asked=on_the_day), house.reviewer, Figure.OPINIONS_LATE)) == 1


def test_an_override_is_on_the_account_of_who_recorded_it_and_who_voted_for_it(house: make.House) -> None:
    held = meeting.opened(house, in_review(house, output=WEAK))
    held.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, SUPPORT, OPPOSE])
    held.decide(override=True, reason="补链关键项目")
    found = accounted(house)
    (entry,) = shown(found, house.secretary, Figure.OVERRIDES_DECIDED)
    assert (entry.type, entry.application_id) == ("decision.recorded", held.item().application_id)
    for actor in meeting.everybody(house)[:5]:
        assert [one.type for one in shown(found, actor, Figure.OVERRIDES_VOTED)] == ["vote.cast"]
    assert shown(found, house.members[4], Figure.OVERRIDES_VOTED) == ()


def test_a_decision_that_is_no_override_is_on_no_account(house: make.House) -> None:
    meeting.decided(house)
    found = accounted(house)
    assert shown(found, house.secretary, Figure.OVERRIDES_DECIDED) == ()
    assert of_role(found, Role.CHAIR, Figure.OVERRIDES_VOTED) == ()


def test_waivers_count_for_who_granted_and_for_who_owns_them(house: make.House, clock: Clock) -> None:
    waiving.waived(house, waiving.thirsty(house), date(2026, 12, 31))
    clock.move(days=60)
    found = accounted(house)
    assert shown(found, house.chair, Figure.WAIVERS_GRANTED) == ()
    assert shown(found, house.secretary, Figure.WAIVERS_OWNED) == ()
    last_year = accounted(house, asked=Asked(date(2026, 1, 1), date(2026, 12, 31)))
    assert [one.type for one in shown(last_year, house.chair, Figure.WAIVERS_GRANTED)] == ["waiver.granted"]
    assert len(shown(last_year, house.secretary, Figure.WAIVERS_OWNED)) == 1
    december = accounted(house, asked=Asked(date(2026, 12, 1), date(2026, 12, 31)))
    assert shown(december, house.chair, Figure.WAIVERS_GRANTED) == ()
    assert len(shown(december, house.secretary, Figure.WAIVERS_OWNED)) == 1


def test_every_entry_named_is_in_the_ledger_as_it_is_named(house: make.House) -> None:
    house.do(house.reviewer, applications.return_, house.create(make.application()), "缺能评意见")
    house.create(make.application())
    events = tables.events(house.runtime)
    found = accounted(house)
    named = {one for role in found.accounts.roles for count in role.counts for one in count.shown}
    assert named
    for one in named:
        event = events[one.event_id - 1]
        subject = event["subject"]
        assert (subject["kind"], subject["id"], subject["rev"], event["type"]) == (
            one.subject_kind,
            one.subject_id,
            one.rev,
            one.type,
        )


def test_a_recused_asker_finds_nothing_of_the_case(house: make.House) -> None:
    held = meeting.opened(house)
    case_id = held.item().application_id
    held.recuse(house.chair)
    mine, theirs = accounted(house, house.chair), accounted(house)
    for found, expected in ((mine, []), (theirs, [case_id])):
        assert [one.application_id for one in shown(found, house.secretary, Figure.ITEMS_TO_DECIDE)] == expected


def test_only_the_auditor_and_the_chair_ask_for_the_account(house: make.House) -> None:
    with pytest.raises(ForbiddenError):
        accounted(house, house.secretary)
    assert accounted(house, house.chair).accounts.roles


def test_a_time_that_ends_before_it_begins_is_refused(house: make.House) -> None:
    with pytest.raises(InvalidError) as refused:
        accounted(house, asked=Asked(date(2026, 2, 1), date(2026, 1, 31)))
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/to", "period_ends")]


def test_without_a_time_it_is_this_year_up_to_today(house: make.House) -> None:
    found = accounted(house)
    assert (found.period.from_on, found.period.to_on, found.on) == (
        date(2026, 1, 1),
        date(2026, 11, 23),
        date(2026, 11, 23),
    )
