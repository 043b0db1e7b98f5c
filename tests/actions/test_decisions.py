"""Votes and what comes of them: decisions, conditions, dissent, overrides and what rules them out."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from service.actions import applications, meetings, rulebooks, waivers
from service.actions.meetings.decide import ItemOutdatedError
from service.core.cases.bylaws import NoOverrideError
from service.core.cases.conditions import NewCondition
from service.core.cases.deciding import OverrideForbiddenError, OverrideNeededError, OverrideNotCarriedError
from service.core.cases.meetings import ItemSettledError, MeetingStateError, NoSeatError
from service.core.cases.seats import Choice
from service.core.errors import ForbiddenError, InvalidError, StaleError
from service.core.people import SYSTEM, Actor, Role
from service.core.rules.model import Words
from tests import make, meeting
from tests.actions import tables, waiving
from tests.conftest import Clock
from tests.meeting import (
    ABSTAIN,
    CONDITION,
    DEFER,
    OPPOSE,
    SUPPORT,
    WEAK,
    WITH_CONDITIONS,
    decided,
    in_review,
    opened,
    person,
    tabled,
)

OUTCOMES = {
    SUPPORT: ("approve", "approved"),
    WITH_CONDITIONS: ("conditional", "conditional"),
    DEFER: ("defer", "deferred"),
    OPPOSE: ("reject", "rejected"),
}
PLAN = """action_plan:
  below: 90
  always:
    - {id: meter, text: {zh: 安装水表, en: Fit a meter}, due: before_production}""".encode()


def flaws(error: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in error.value.flaws]


@pytest.mark.parametrize("choice", OUTCOMES)
def test_what_is_carried_is_decided_and_moves_the_case(house: make.House, clock: Clock, choice: Choice) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    made.vote([choice] * 6)
    row, before = house.row(case_id), tables.counts(house.runtime)
    clock.move(hours=1)
    decision = made.decide(conditions=[CONDITION] if choice is WITH_CONDITIONS else [], reason=" 符合规划 ")
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"decision": 1, "ledger_event": 1, "ledger_pending": 1}
    outcome, state = OUTCOMES[choice]
    after, item = house.row(case_id), made.item()
    assert (after.state, after.version, item.state) == (state, row.version + 1, "decided")
    assert len({after.event_id, item.event_id, decision.event_id}) == 1
    assert (decision.outcome, decision.assessed, decision.override) == (outcome, "approve", False)
    assert (decision.reason, decision.decided_at, decision.n) == ("符合规划", clock.now, 1)
    entry = tables.last_of_case(house.runtime, case_id)
    assert entry["type"] == "decision.recorded"
    assert entry["data"] == {
        "from": "tabled",
        "to": state,
        "version": after.version,
        "meeting": str(made.id),
        "item": 1,
        "n": 1,
        "outcome": outcome,
        "assessed": "approve",
        "override": False,
        "reason": "符合规划",
        "tally": json.loads(decision.tally),
        "conditions_sha256": hashlib.sha256(decision.conditions.encode()).hexdigest(),
        "dissent_sha256": hashlib.sha256(decision.dissent.encode()).hexdigest(),
    }


def test_a_vote_is_changed_until_the_item_is_decided_and_every_change_is_an_entry(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    before = len(tables.of_case(house.runtime, case_id))
    for choice in (OPPOSE, DEFER, SUPPORT):
        made.cast(house.member, choice, reason=f"意见：{choice}")
    told = tables.of_case(house.runtime, case_id)[before:]
    assert [(entry["type"], entry["data"]["choice"]) for entry in told] == [
        ("vote.cast", "oppose"),
        ("vote.cast", "defer"),
        ("vote.cast", "support"),
    ]
    assert tables.counts(house.runtime)["vote"] == 1
    made.vote([SUPPORT] * 6)
    made.decide()
    with tables.nothing_changes(house.runtime), pytest.raises(ItemSettledError) as refused:
        made.cast(house.member, OPPOSE)
    assert refused.value.figures == {"item": "decided"}


def test_nobody_votes_before_the_meeting_is_open_or_without_a_seat_that_votes(house: make.House) -> None:
    made = tabled(house)
    with tables.nothing_changes(house.runtime), pytest.raises(MeetingStateError):
        made.cast(house.member, SUPPORT)
    other = make.person(house, "另一主任", Role.CHAIR)
    made.open([house.chair, *house.members[:4]])
    with tables.nothing_changes(house.runtime):
        for actor in (other, house.members[4]):
            with pytest.raises(NoSeatError):
                made.cast(actor, SUPPORT)
        with pytest.raises(ForbiddenError):
            made.cast(house.secretary, SUPPORT)


def test_a_seat_without_a_vote_does_not_vote(house: make.House) -> None:
    made = meeting.called(house)
    seats = [replace(seat, voting=seat.chair or seat.person != person(house.member)) for seat in meeting.seats(house)]
    with house.work(house.secretary, expects=1) as work:
        meetings.set_seats(work, made.id, seats)
    made.table(in_review(house))
    made.open()
    with pytest.raises(NoSeatError):
        made.cast(house.member, SUPPORT)


def test_a_vote_needs_a_choice_and_a_reason_without_hidden_characters(house: make.House) -> None:
    made = opened(house)
    for choice, reason, found in (
        (None, "", [("/choice", "member_missing")]),
        (SUPPORT, "因\x07", [("/reason", "text_character")]),
    ):
        with pytest.raises(InvalidError) as refused, house.work(house.member) as work:
            meetings.vote(work, made.id, 1, choice, reason)
        assert flaws(refused) == found


def test_how_a_seat_voted_is_told_only_once_the_item_is_decided(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, OPPOSE, None])

    def seen(actor: Actor) -> list[str | None]:
        with house.work(actor) as work:
            ballots = {ballot.seat.person_id: ballot for ballot in meetings.votes(work, made.id, 1)}
        assert [ballots[person(one)].voted for one in meeting.everybody(house)] == [True] * 5 + [False]
        votes = (ballots[person(one)].vote for one in meeting.everybody(house))
        return [None if vote is None else vote.choice for vote in votes]

    for actor in (house.secretary, house.auditor):
        assert seen(actor) == [None] * 6
    assert seen(house.chair) == ["support"] + [None] * 5
    assert seen(house.members[3]) == [None] * 4 + ["oppose", None]
    made.decide()
    for actor in (house.secretary, house.auditor, house.chair, house.members[4]):
        assert seen(actor) == ["support"] * 4 + ["oppose", None]


def test_the_timeline_tells_votes_to_judges_after_the_decision_and_never_to_the_officer(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    made.vote([SUPPORT] * 6)
    made.recuse(house.members[4])

    def seen(actor: Actor, kind: str) -> int:
        with house.work(actor) as work:
            return sum(entry.type.startswith(kind) for entry in applications.timeline(work, case_id))

    for actor in (house.secretary, house.member, house.chair, house.auditor, house.reviewer, house.officer):
        assert seen(actor, "vote.") == 0
    made.decide()
    for actor, votes, recusals in (
        (house.secretary, 6, 1),
        (house.member, 6, 1),
        (house.chair, 6, 1),
        (house.auditor, 6, 1),
        (house.reviewer, 0, 1),
        (house.officer, 0, 0),
    ):
        assert (seen(actor, "vote."), seen(actor, "recusal.")) == (votes, recusals), actor.name
        assert seen(actor, "decision.") == 1


def test_dissent_is_kept_with_its_reasons(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, None, ABSTAIN])
    made.cast(house.members[3], OPPOSE, reason="取水许可未办")
    decision = made.decide()
    who = str(house.members[3].person_id)
    assert json.loads(decision.dissent) == [
        {"person": who, "cast_by": who, "choice": "oppose", "reason": "取水许可未办"}
    ]


def test_support_with_conditions_takes_conditions(house: make.House) -> None:
    made = opened(house)
    made.vote([WITH_CONDITIONS] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.decide()
    assert flaws(refused) == [("/conditions", "conditions_missing")]
    decision = made.decide(conditions=[CONDITION])
    assert json.loads(decision.conditions) == [
        {
            "text": "与污水处理厂签订再生水供水协议",
            "metric": "协议水量",
            "target": None,
            "due": "before_signing",
            "due_on": None,
            "owner": "申报企业",
            "evidence": "供水协议",
            "plan": None,
        }
    ]


def test_every_flaw_of_conditions_is_told(house: make.House) -> None:
    made = opened(house)
    made.vote([WITH_CONDITIONS] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.decide(conditions=[NewCondition(), NewCondition(plan="nothing"), replace(CONDITION, owner="主\x07任")])
    assert flaws(refused) == [
        ("/conditions/0/text", "text_missing"),
        ("/conditions/0/due_on", "condition_due"),
        ("/conditions/0/metric", "text_missing"),
        ("/conditions/0/owner", "text_missing"),
        ("/conditions/0/evidence", "text_missing"),
        ("/conditions/1/plan", "condition_plan"),
        ("/conditions/2/owner", "text_character"),
    ]
    with pytest.raises(InvalidError) as refused:
        made.decide(conditions=[CONDITION] * 51)
    assert flaws(refused) == [("/conditions", "items_count")]


def test_conditions_are_taken_from_the_action_plan(house: make.House) -> None:
    source = make.edition("2").replace(b"action_plan:\n  below: 60\n  always: []", PLAN)
    assert b"meter" in source
    with house.work(SYSTEM) as work:
        rulebooks.release(work, source)
    made = opened(house)
    made.vote([WITH_CONDITIONS] * 6)
    decision = made.decide(
        conditions=[
            NewCondition(plan="output", owner="申报企业", evidence="统计报表"),
            NewCondition(plan="meter", owner="申报企业", evidence="安装照片", due_on=date(2027, 6, 30), text="装表"),
        ]
    )
    output, meter = json.loads(decision.conditions)
    assert (output["text"], output["metric"], output["due"]) == ("产出", "output", "24_months_after_production")
    assert output["target"] == "100"
    assert (meter["text"], meter["due"], meter["due_on"]) == ("装表", None, "2027-06-30")


def weak(house: make.House) -> meeting.Meeting:
    """An open meeting over a case whose score is only good enough for conditions."""
    made = opened(house, in_review(house, output=WEAK))
    assert made.item().verified_outcome == "conditional"
    return made


def test_better_than_the_assessment_must_be_meant_reasoned_and_carried(house: make.House) -> None:
    made = weak(house)
    made.vote([SUPPORT, SUPPORT, SUPPORT, DEFER, None, None])
    figures = {"outcome": "approve", "assessed": "conditional"}
    with tables.nothing_changes(house.runtime):
        with pytest.raises(OverrideNeededError) as needed:
            made.decide()
        with pytest.raises(OverrideNotCarriedError) as short:
            made.decide(override=True, reason="产业链关键环节")
    assert needed.value.figures == figures
    assert short.value.figures == {"yes": 3, "of": 6, "needed": 4, **figures}
    made.cast(house.members[4], SUPPORT)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        made.decide(override=True, reason=" ")
    assert flaws(refused) == [("/reason", "text_missing")]
    decision = made.decide(override=True, reason="产业链关键环节")
    assert (decision.outcome, decision.assessed, decision.override) == ("approve", "conditional", True)
    assert json.loads(decision.tally)["override"] == {"yes": 4, "of": 6, "needed": 4}


def test_a_recused_seat_leaves_the_base_of_an_override_too(house: make.House) -> None:
    made = weak(house)
    made.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, OPPOSE, OPPOSE])
    for actor in house.members[3:]:
        made.recuse(actor)
    assert json.loads(made.decide(override=True, reason="产业链关键环节").tally)["override"]["of"] == 4


def test_where_the_bylaws_know_no_override_there_is_none(house: make.House) -> None:
    source = make.edition("2")
    override = source[source.index(b"  override:") : source.index(b"cases: []")]
    with house.work(SYSTEM) as work:
        rulebooks.release(work, source.replace(override, b""))
    made = weak(house)
    made.vote([SUPPORT] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(NoOverrideError):
        made.decide(override=True, reason="产业链关键环节")


def test_saying_override_where_none_is_needed_makes_none(house: make.House) -> None:
    made = opened(house)
    made.vote([SUPPORT] * 6)
    assert made.decide(override=True).override is False


@pytest.mark.parametrize("choice", [SUPPORT, WITH_CONDITIONS, DEFER])
def test_a_failed_gate_of_law_is_not_outvoted(house: make.House, choice: Choice) -> None:
    made = opened(house, in_review(house, water=Decimal(200_000)))
    made.vote([choice] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(OverrideForbiddenError) as refused:
        made.decide(conditions=[CONDITION], override=True, reason="产业链关键环节")
    assert refused.value.figures == {
        "gates": ("too_thirsty",),
        "labels": (Words("用水过量", "Too thirsty"),),
        "outcome": meeting_outcome(choice),
        "assessed": "reject",
    }
    made.vote([OPPOSE] * 6)
    assert made.decide().outcome == "reject"


def meeting_outcome(choice: Choice) -> str:
    return OUTCOMES[choice][0]


def thirsty(house: make.House) -> None:
    """Put rules in force that want a paper for the figure of water."""
    source = make.edition("2").decode().replace("label: {zh: 用水,", "evidence: document\n    label: {zh: 用水,")
    assert "evidence: document" in source
    with house.work(SYSTEM) as work:
        rulebooks.release(work, source.encode())


def test_a_gate_of_law_that_no_paper_shows_to_hold_is_not_outvoted(house: make.House) -> None:
    thirsty(house)
    made = opened(house)
    assert (made.item().declared_outcome, made.item().verified_outcome) == ("approve", "defer")
    made.vote([SUPPORT] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(OverrideForbiddenError) as refused:
        made.decide(override=True, reason="产业链关键环节")
    assert refused.value.figures["gates"] == ("too_thirsty",)


def test_what_is_declared_and_fails_is_not_outvoted_for_want_of_a_paper(house: make.House) -> None:
    thirsty(house)
    made = opened(house, in_review(house, water=Decimal(200_000)))
    assert (made.item().declared_outcome, made.item().verified_outcome) == ("reject", "defer")
    made.vote([WITH_CONDITIONS] * 6)
    with pytest.raises(OverrideForbiddenError):
        made.decide(conditions=[CONDITION], override=True, reason="产业链关键环节")


def test_a_gate_that_fails_as_declared_is_not_passed_by_leaving_its_paper_out(house: make.House) -> None:
    source = make.papered_edition("4", "2026-04-01").replace(
        b"fails_when: water > 100000", b"fails_when: present(water) && water > 100000"
    )
    free = source.replace(b"    evidence: third_party\n", b"").replace(
        b"best_outcome: conditional", b"best_outcome: approve"
    )
    with house.work(SYSTEM) as work:
        rulebooks.release(work, free)
    made = opened(house, in_review(house, water=Decimal(200_000)))
    assert (made.item().declared_outcome, made.item().verified_outcome) == ("reject", "approve")
    made.vote([SUPPORT] * 6)
    with tables.nothing_changes(house.runtime), pytest.raises(OverrideForbiddenError) as refused:
        made.decide(override=True, reason="产业链关键环节")
    assert refused.value.figures == {
        "gates": ("too_thirsty",),
        "labels": (Words("用水过量", "Too thirsty"),),
        "outcome": "approve",
        "assessed": "defer",
    }
    made.vote([meeting.DEFER] * 6)
    assert made.decide().outcome == "defer"


def test_a_waived_gate_of_the_zone_is_no_obstacle(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    house.do(house.reviewer, applications.accept, case_id)
    waiving.waived(house, case_id)
    made = opened(house, case_id)
    made.vote([SUPPORT] * 6)
    better = made.item().verified_outcome != "approve"
    assert made.decide(override=better, reason="产业链关键环节").outcome == "approve"


def test_a_waiver_that_ends_between_tabling_and_deciding_makes_the_item_outdated(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    house.do(house.reviewer, applications.accept, case_id)
    waiver_id = waiving.waived(house, case_id)
    made = opened(house, case_id)
    made.vote([WITH_CONDITIONS] * 6)
    with house.work(house.chair, expects=1) as work:
        waivers.revoke(work, waiver_id, "园区扩区未获批")
    with tables.nothing_changes(house.runtime), pytest.raises(ItemOutdatedError):
        made.decide(conditions=[CONDITION])
    with house.work(house.secretary, expects=1) as work:
        meetings.refresh(work, made.id, 1)
    assert made.item().verified_outcome == "reject"
    made.vote([OPPOSE] * 6)
    assert made.decide().outcome == "reject"


def test_an_item_is_decided_once(house: make.House) -> None:
    made = decided(house)
    with tables.nothing_changes(house.runtime), pytest.raises(ItemSettledError):
        made.decide()


@pytest.mark.parametrize("expects", [None, 9])
def test_an_item_of_another_version_is_not_decided(house: make.House, expects: int | None) -> None:
    made = opened(house)
    made.vote([SUPPORT] * 6)
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(StaleError),
        house.work(house.secretary, expects=expects) as work,
    ):
        meetings.decide(work, made.id, 1, meetings.Ruling("", [], override=False))


def test_an_item_is_decided_while_the_meeting_is_open_by_secretary_or_chair(house: make.House) -> None:
    made = tabled(house)
    with pytest.raises(MeetingStateError):
        made.decide()
    made.open()
    for actor in (house.member, house.reviewer, house.auditor):
        with pytest.raises(ForbiddenError), house.work(actor, expects=1) as work:
            meetings.decide(work, made.id, 1, meetings.Ruling("", [], override=False))


def test_a_rejected_case_comes_back_as_a_new_version_and_is_decided_again(house: make.House) -> None:
    case_id = in_review(house)
    decided(house, case_id, OPPOSE)
    house.do(house.officer, applications.reconsider, case_id, "补充材料")
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    again = decided(house, case_id)
    assert (house.row(case_id).state, again.item().of_version) == ("approved", 2)
    assert tables.counts(house.runtime)["decision"] == 2
