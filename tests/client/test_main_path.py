"""A case from the draft to the letter, by clients alone, over real HTTP."""

import hashlib
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from service.actions import ledger, rulebooks
from service.client import (
    Condition,
    Filter,
    Form,
    InvalidError,
    NewMeeting,
    NewPaper,
    NewSeat,
    NewWaiver,
    NotFoundError,
    StaleError,
)
from service.client.answers import Application, Item
from service.core.people import SYSTEM
from tests import make, meeting
from tests.client.conftest import Served, new
from tests.databases import KINDS
from tests.meeting import person

pytestmark = pytest.mark.parametrize("database", KINDS, indirect=True)

CONDITION = Condition(owner="申报企业", evidence="供水协议", text="签订再生水协议", metric="水量", due="before_signing")
OPENINGS = {
    Form.JSON: b"{",
    Form.PAGE: b"<!DOCTYPE html>",
    Form.SHEET: b"PK\x03\x04",
    Form.DOCUMENT: b"PK\x03\x04",
}


def days_after(application: Application, days: int) -> date:
    """A day by the clock of the service."""
    return application.created_at.date() + timedelta(days=days)


def test_a_precheck_tells_exact_figures_and_stores_nothing(served: Served) -> None:
    officer = served.client(served.house.officer)
    found = officer.assess(make.facts())
    assert (found.outcome, found.score["total"], found.category.id) == ("approve", Decimal("80.5"), "B")
    assert [(gate.id, gate.state, gate.reads) for gate in found.gates] == [
        ("too_thirsty", "pass", {"nature": "new", "water": Decimal("12.5")})
    ]
    assert officer.assess({"output": 0.1, "water": None}).derived == {}
    assert list(officer.applications.find()) == []


def test_many_are_assessed_a_thousand_at_a_time_and_those_with_flaws_disturb_no_other(served: Served) -> None:
    officer = served.client(served.house.officer)
    many = [make.facts(output=Decimal(n % 100)) for n in range(1_001)]
    many[3] = {"watr": Decimal(1), "output": Decimal(101)}
    many[1_000] = {"output": "many"}
    found = list(officer.assess_many(iter(many)))
    wrong = {place: one for place, one in enumerate(found) if isinstance(one, InvalidError)}
    assert list(wrong) == [3, 1_000]
    assert [(flaw.pointer, flaw.code) for flaw in wrong[3].flaws] == [
        ("/output", "fact_max"),
        ("/watr", "fact_unknown_meant"),
    ]
    assert wrong[3].status == 422
    totals = [one.score["total"] for one in found if not isinstance(one, InvalidError)]
    assert totals == [n % 100 for n in range(1_001) if n not in wrong]


def test_a_draft_becomes_a_submitted_returned_and_accepted_application(served: Served) -> None:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    applications = officer.applications
    draft = applications.create(new(draft=True))
    assert (draft.state, draft.total, draft.project_code) == ("draft", None, None)
    changed = applications.replace_facts(draft, make.facts(output=Decimal(65)))
    with pytest.raises(StaleError) as stale:
        applications.replace_facts(draft, make.facts())
    assert (stale.value.status, stale.value.code) == (412, "stale")
    submitted = applications.submit(changed)
    returned = reviewer.applications.return_(submitted, "请补充用水论证")
    assert (returned.state, returned.version) == ("returned", submitted.version + 1)
    again = applications.submit(applications.replace_facts(returned, make.facts(output=Decimal(70))))
    summary = next(iter(reviewer.applications.find(Filter(state="submitted", text=again.number))))
    asked = reviewer.applications.accept(summary, [make.OTHER_DEPARTMENT], days_after(again, 30))
    assert asked.state == "in_review"
    withdrawn = applications.withdraw(asked, "企业放弃")
    assert withdrawn.state == "withdrawn"


def test_what_happened_to_an_application_is_read_as_values(served: Served) -> None:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    applications = officer.applications
    submitted = applications.create(new(facts=make.facts(output=Decimal(65))))
    returned = reviewer.applications.return_(submitted, "请补充用水论证")
    again = applications.submit(applications.replace_facts(returned, make.facts(output=Decimal(70))))
    asked = reviewer.applications.accept(again)
    assert applications.get(asked.id) == applications.get(asked.id)
    assert [version.total for version in applications.versions(asked.id)] == [65, 70]
    assert applications.version(asked.id, 1).facts["output"] == 65
    differences = applications.differences(asked.id, 2)
    assert [(change.at, change.before, change.after) for change in differences.facts] == [("/output", 65, 70)]
    assert applications.differences(asked.id, 1, 2).from_ == 2
    assert [one.report.score["total"] for one in applications.assessments(asked.id)] == [65, 70]
    assert applications.assessment(asked.id).outcome == "conditional"
    assert applications.clock(asked.id).state == "running"
    assert [entry.type for entry in applications.timeline(asked.id)][-1] == "application.accepted"


def test_departments_are_asked_and_speak(served: Served) -> None:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    other = served.client(served.house.both)
    case = reviewer.applications.accept(officer.applications.create(new()))
    asked = reviewer.opinions.ask(case.id, make.OTHER_DEPARTMENT, days_after(case, 10))
    assert (asked.state, asked.due_on) == ("asked", days_after(case, 10))
    given = other.opinions.give(case.id, "support_with_conditions", "基本可行", ["落实用水指标"])
    assert (given.state, given.conditions) == ("given", ("落实用水指标",))
    assert [opinion.department for opinion in reviewer.opinions.find(case.id)] == [make.OTHER_DEPARTMENT]


def test_a_paper_goes_in_from_the_disk_and_comes_back_the_same(served: Served, tmp_path: Path) -> None:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    with served.house.work(SYSTEM) as work:
        rulebooks.release(work, make.papered_edition())
    case = officer.applications.create(new())
    path = tmp_path / '论证 "一".pdf'
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4_000)
    paper = officer.evidence.attach(case.id, NewPaper(path, "application/pdf", "third_party", ["output", "water"]))
    assert (paper.facts, paper.size, paper.name) == (("output", "water"), path.stat().st_size, path.name)
    assert paper.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert reviewer.applications.assessment(case.id, verified_only=True).outcome == "defer"
    accepted = reviewer.evidence.accept(case.id, reviewer.evidence.get(case.id, paper.n))
    assert {backing.state for backing in reviewer.evidence.find(case.id).backing} >= {"backed"}
    verified = reviewer.applications.assessment(case.id, verified_only=True)
    assert verified.verified is not None
    assert (verified.outcome, verified.verified.masked) == ("approve", ())
    target = io.BytesIO()
    reviewer.evidence.download(case.id, accepted, target)
    assert target.getvalue() == path.read_bytes()


def test_a_paper_has_days_and_another_name_and_may_be_refused(served: Served, tmp_path: Path) -> None:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    case = officer.applications.create(new())
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    last = days_after(case, 90)
    given = NewPaper(path, "application/pdf", "document", ["water"], expires_on=last, name="b.pdf")
    paper = officer.evidence.attach(case.id, given)
    assert (paper.n, paper.name, paper.expires_on, paper.issued_on) == (1, "b.pdf", last, None)
    refused = reviewer.evidence.refuse(case.id, paper, "已过期")
    assert (refused.state, refused.reason) == ("refused", "已过期")
    with pytest.raises(StaleError):
        reviewer.evidence.accept(case.id, paper)


def test_a_gate_is_waived_and_the_waiver_revoked(served: Served) -> None:
    officer, chair = served.client(served.house.officer), served.client(served.house.chair)
    with served.house.work(SYSTEM) as work:
        rulebooks.release(work, make.zone_edition())
    thirsty = make.facts(water=Decimal(200_000))
    case = officer.applications.create(new(facts=thirsty))
    owner = person(served.house.secretary)
    granted = chair.waivers.grant(NewWaiver(case.id, "too_thirsty", owner, "先行评审", days_after(case, 30)))
    assert granted.in_force
    assert officer.assess(thirsty, case.id).gates[0].waived
    assert not officer.assess(thirsty).gates[0].waived
    assert [waiver.id for waiver in officer.waivers.find(case.id, page=1)] == [granted.id]
    revoked = chair.waivers.revoke(chair.waivers.get(granted.id), "依据失效")
    assert (revoked.in_force, revoked.revoked_because) == (False, "依据失效")


def in_review(served: Served) -> UUID:
    officer, reviewer = served.client(served.house.officer), served.client(served.house.reviewer)
    return reviewer.applications.accept(officer.applications.create(new(facts=make.facts(output=Decimal(65))))).id


def called(served: Served) -> NewMeeting:
    sitting = meeting.everybody(served.house)
    seats = [NewSeat(person(actor), chair=actor == sitting[0]) for actor in sitting]
    with served.house.work(served.house.auditor) as work:
        return NewMeeting("第 1 次评审会", work.now + timedelta(days=3_000), seats, "管委会")


def test_a_meeting_decides_and_its_papers_come_in_every_form(served: Served) -> None:
    house = served.house
    secretary, chair = served.client(house.secretary), served.client(house.chair)
    new_meeting = called(served)
    held = secretary.meetings.call(new_meeting)
    assert held.held_at == new_meeting.held_at
    item = secretary.meetings.table(held.id, in_review(served))
    assert item == secretary.meetings.item(held.id, 1) == secretary.meetings.items(held.id)[0]
    item = secretary.meetings.refresh(item)
    assert [one.kind for one in secretary.meetings.item_assessments(item)] == ["declared", "verified"]
    held = secretary.meetings.open(secretary.meetings.get(held.id), [seat.person for seat in new_meeting.seats])
    assert (held.state, {seat.present for seat in held.seats}) == ("open", {True})
    require_gone(served, item)
    for actor in (house.chair, *house.others):
        served.client(actor).meetings.vote(item, "support_with_conditions", "有条件")
    assert [ballot.recused for ballot in secretary.meetings.votes(item)].count(True) == 1
    decision = secretary.meetings.decide(secretary.meetings.item(held.id, 1), [CONDITION])
    assert (decision.outcome, decision.override, len(decision.conditions)) == ("conditional", False, 1)
    assert chair.meetings.close(chair.meetings.get(held.id)).state == "closed"
    assert [one.id for one in secretary.meetings.find(page=1)] == [held.id]
    require_papers(served, item)


def require_gone(served: Served, item: Item) -> None:
    """Whoever steps aside finds the application no more."""
    member = served.client(served.house.member)
    recusal = member.meetings.recuse(item, reason="亲属任职")
    assert (recusal.kind, recusal.person) == ("declared", person(served.house.member))
    assert served.client(served.house.secretary).meetings.recusals(item) == (recusal,)
    with pytest.raises(NotFoundError):
        member.applications.get(item.application_id)


def require_papers(served: Served, item: Item) -> None:
    """Every form of scores, minutes and letter is there, and is what it says."""
    secretary, officer = served.client(served.house.secretary), served.client(served.house.officer)
    for form in (Form.JSON, Form.PAGE, Form.SHEET):
        assert secretary.meetings.scores(item.meeting_id, form).startswith(OPENINGS[form])
    for form in (Form.JSON, Form.PAGE, Form.DOCUMENT):
        assert secretary.meetings.minutes(item.meeting_id, form).startswith(OPENINGS[form])
    assert json.loads(officer.applications.letter(item.application_id, Form.JSON))["outcome"] == "conditional"
    assert officer.applications.letter(item.application_id).startswith(OPENINGS[Form.PAGE])


def test_seats_change_and_items_come_off_the_agenda_before_the_meeting(served: Served) -> None:
    house = served.house
    secretary, officer = served.client(house.secretary), served.client(house.officer)
    case = in_review(served)
    held = secretary.meetings.call(called(served))
    item = secretary.meetings.untable(secretary.meetings.table(held.id, case))
    assert item.state == "untabled"
    fewer = secretary.meetings.set_seats(
        secretary.meetings.get(held.id), [NewSeat(person(house.chair), chair=True), NewSeat(person(house.member))]
    )
    assert len(fewer.seats) == 2
    held = secretary.meetings.call(called(served))
    item = secretary.meetings.table(held.id, case)
    secretary.meetings.open(secretary.meetings.get(held.id), [seat.person for seat in held.seats])
    for actor in meeting.everybody(house):
        served.client(actor).meetings.vote(item, "oppose", "用水无着落")
    assert secretary.meetings.decide(secretary.meetings.item(held.id, 1), reason="多数反对").outcome == "reject"
    rejected = officer.applications.get(case)
    assert officer.applications.reconsider(rejected, "补充材料").state == "draft"


def test_the_ledger_is_read_and_proven(served: Served) -> None:
    officer, auditor = served.client(served.house.officer), served.client(served.house.auditor)
    admin = served.client(served.house.admin)
    sizes = []
    for _ in range(2):
        officer.applications.create(new())
        ledger.catch_up(served.house.runtime)
        ledger.checkpoint(served.house.runtime)
        sizes.append(int(auditor.ledger.checkpoint().splitlines()[1]))
    entries = list(auditor.ledger.entries(page=3))
    assert [entry.index for entry in entries] == list(range(sizes[1]))
    assert list(auditor.ledger.entries(after=sizes[1] - 2)) == entries[-1:]
    events = list(admin.ledger.events(page=2))
    assert events == list(admin.ledger.events())
    assert [event.index for event in admin.ledger.events(events[-2].index)] == [events[-1].index]
    assert auditor.ledger.health().entries == sizes[1]
    assert auditor.ledger.checkpoint().startswith("zone.example/ledger/1\n")
    assert auditor.ledger.prove_inclusion(0).startswith("c2sp.org/tlog-proof@v1\n")
    assert f"\n{sizes[0]}\n" in auditor.ledger.prove_inclusion(0, sizes[0])
    assert auditor.ledger.prove_consistency(*sizes).strip()
