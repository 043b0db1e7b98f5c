"""Attaching, ruling and reading: who may, when, and what is left of what was refused."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from service.actions import applications, evidence
from service.actions.evidence import SentFile, Verified
from service.actions.ledger import record
from service.core.cases.evidence import PapersClosedError, Standing, TooManyPapersError
from service.core.cases.sight import NotYoursError, OwnCaseError
from service.core.cases.states import State
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import Actor
from service.core.rules.model import Grade, Outcome
from service.db.evidence import EvidenceRow
from service.work import Work
from tests import make, seating
from tests.actions import papers, waiving
from tests.actions.papers import PDF
from tests.actions.tables import last_of_case, nothing_changes, of_case

DAY: Final = date(2026, 11, 23)


def stored(house: make.House) -> list[str]:
    return list(papers.blobs(house).names())


def read(house: make.House, case_id: UUID, n: int = 1) -> EvidenceRow:
    with house.work(house.auditor) as work:
        row = evidence.get(work, case_id, n)
        work.session.expunge(row)
        return row


def verified(house: make.House, case_id: UUID, n: int = 1, on: date = DAY) -> Verified:
    with house.work(house.officer) as work:
        return evidence.verified(work, case_id, n, on)


def test_an_attached_paper_is_pending_and_recorded_without_its_name(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id, name="张三身份证.pdf")
    row = read(house, case_id)
    assert (row.name, row.state, row.version, row.ruled_by) == ("张三身份证.pdf", "pending", 1, None)
    entry = last_of_case(house.runtime, case_id)
    assert entry["type"] == "evidence.attached"
    assert entry["data"] == {
        "paper": 1,
        "sha256": row.sha256,
        "size": len(PDF),
        "media_type": "application/pdf",
        "grade": "third_party",
        "facts": ["output", "water"],
        "issued_on": "2026-06-01",
        "covers_from": None,
        "covers_to": None,
        "expires_on": "2027-05-31",
    }


def test_attaching_leaves_the_version_of_the_case_alone(house: make.House) -> None:
    case_id = papers.case(house)
    before = house.row(case_id).version
    papers.attached(house, case_id)
    assert house.row(case_id).version == before


def test_papers_are_numbered_from_one_case_by_case(house: make.House) -> None:
    first, second = papers.case(house), house.create(make.application())
    assert [papers.attached(house, case_id) for case_id in (first, first, second)] == [1, 2, 1]


def test_a_draft_takes_papers_too(house: make.House) -> None:
    assert papers.attached(house, house.create(make.draft())) == 1


@pytest.mark.parametrize("state", [state for state in State if state not in papers.OPEN | {State.DRAFT}])
def test_once_tabled_or_decided_a_case_takes_no_paper_and_no_ruling(house: make.House, state: State) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    house.put(case_id, state)
    files = stored(house)
    with nothing_changes(house.runtime):
        with pytest.raises(PapersClosedError):
            papers.attached(house, case_id, content=PDF + b"x")
        with pytest.raises(PapersClosedError):
            papers.ruled(house, case_id, 1)
    assert stored(house) == files


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("colleague", NotFoundError),
        ("reviewer", ForbiddenError),
        ("auditor", ForbiddenError),
        ("admin", ForbiddenError),
    ],
)
def test_only_the_officer_of_a_case_attaches_papers_to_it(house: make.House, who: str, error: type[Exception]) -> None:
    case_id = papers.case(house)
    actor: Actor = getattr(house, who)
    with nothing_changes(house.runtime), pytest.raises(error):
        papers.attached(house, case_id, actor)
    assert stored(house) == []


def test_who_sees_a_case_of_somebody_else_attaches_nothing_to_it(house: make.House) -> None:
    case_id = papers.case(house)
    with pytest.raises(NotYoursError):
        papers.attached(house, case_id, house.both)


def test_every_flaw_is_told_at_once_and_nothing_is_stored(house: make.House) -> None:
    case_id = papers.case(house)
    with nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        papers.attached(house, case_id, content=b"MZ", grade=None, facts=(), issued_on=DAY + timedelta(1))
    assert [flaw.pointer for flaw in refused.value.flaws] == ["/file", "/grade", "/facts", "/issued_on"]
    assert stored(house) == []


def test_a_case_has_no_more_papers_than_it_may(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    row = read(house, case_id)
    with house.work(house.officer) as work:
        values = {column.key: getattr(row, column.key) for column in EvidenceRow.__table__.columns}
        for n in range(2, 501):
            event = evidence_event(work, case_id)
            work.session.add(EvidenceRow(**values | {"n": n, "event_id": event}))
    with pytest.raises(TooManyPapersError):
        papers.attached(house, case_id)


def evidence_event(work: Work, case_id: UUID) -> int:
    return record(work, "evidence.attached", "application", str(case_id), {})


def test_an_error_after_the_deed_leaves_no_paper_and_no_content(house: make.House) -> None:
    case_id = papers.case(house)
    with nothing_changes(house.runtime), pytest.raises(RuntimeError):
        attach_and_fail(house, case_id)
    assert stored(house) == []


def attach_and_fail(house: make.House, case_id: UUID) -> None:
    with papers.blobs(house).receiving(10**6) as coming, house.work(house.officer) as work:
        papers.attach(work, case_id, coming)
        raise RuntimeError


def test_a_commit_that_fails_may_leave_a_content_without_a_paper_and_never_a_paper_without_content(
    house: make.House,
) -> None:
    """Content and row cannot become one thing; the file comes first, and a check names it."""
    case_id = papers.case(house)
    with nothing_changes(house.runtime), pytest.raises(RuntimeError):
        attach_and_fail_at_the_end(house, case_id)
    with house.work(house.auditor) as work:
        found = evidence.check(work)
    assert (found.sound, found.damaged, len(found.orphans)) == (0, (), 1)


def attach_and_fail_at_the_end(house: make.House, case_id: UUID) -> None:
    def fail(_: Work) -> None:
        raise RuntimeError

    with papers.blobs(house).receiving(10**6) as coming, house.work(house.officer) as work:
        papers.attach(work, case_id, coming)
        work.last_steps[fail] = None


def test_two_attach_the_same_bytes_at_once(house: make.House) -> None:
    case_id = papers.case(house)
    ready = threading.Barrier(2)
    numbers: list[int] = []

    def attach() -> None:
        with papers.blobs(house).receiving(10**6) as coming:
            coming.write(PDF)
            ready.wait()
            with house.work(house.officer) as work:
                file = SentFile("a.pdf", "application/pdf", coming)
                numbers.append(evidence.attach(work, case_id, papers.claims(), file).n)

    threads = [threading.Thread(target=attach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]
    assert len(stored(house)) == 1


def test_a_ruling_is_recorded_with_what_it_changes(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    papers.ruled(house, case_id, 1, accept=False)
    row = read(house, case_id)
    assert (row.state, row.reason, row.ruled_by, row.version) == ("refused", "看不清", house.reviewer.person_id, 2)
    entry = last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["actor"]["ref"]) == ("evidence.refused", house.reviewer.ref)
    assert entry["data"] == {
        "paper": 1,
        "sha256": row.sha256,
        "from": "pending",
        "to": "refused",
        "version": 2,
        "reason": "看不清",
    }


def test_a_reviewer_may_think_again_until_the_case_is_tabled(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    for accept, state in ((True, "accepted"), (False, "refused"), (True, "accepted")):
        papers.ruled(house, case_id, 1, accept=accept)
        assert read(house, case_id).state == state
    assert read(house, case_id).reason is None
    types = [entry["type"] for entry in of_case(house.runtime, case_id)][-3:]
    assert types == ["evidence.accepted", "evidence.refused", "evidence.accepted"]


def test_a_refusal_needs_a_reason_and_an_acceptance_may_have_one(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    with pytest.raises(InvalidError), house.work(house.reviewer, 1) as work:
        evidence.refuse(work, case_id, 1, " ")
    with pytest.raises(InvalidError), house.work(house.reviewer, 1) as work:
        evidence.accept(work, case_id, 1, "a\x00")
    with house.work(house.reviewer, 1) as work:
        assert evidence.accept(work, case_id, 1, " 原件已核 ").reason == "原件已核"


@pytest.mark.parametrize("expects", [None, 2])
def test_a_ruling_on_another_version_is_stale(house: make.House, expects: int | None) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    with nothing_changes(house.runtime), pytest.raises(StaleError), house.work(house.reviewer, expects) as work:
        evidence.accept(work, case_id, 1)


def test_nobody_rules_on_papers_of_a_case_of_their_own(house: make.House) -> None:
    papers.release(house)
    case_id = house.create(make.application(), house.both)
    papers.attached(house, case_id, house.both)
    with pytest.raises(OwnCaseError), house.work(house.both, 1) as work:
        evidence.accept(work, case_id, 1)


def test_officers_auditors_and_the_recused_rule_on_nothing(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    seating.recuse(house, case_id, house.reviewer)
    for actor, error in (
        (house.officer, ForbiddenError),
        (house.auditor, ForbiddenError),
        (house.reviewer, NotFoundError),
    ):
        with pytest.raises(error), house.work(actor, 1) as work:
            evidence.accept(work, case_id, 1)


def test_a_recused_officer_keeps_the_papers_of_their_own_case(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    seating.recuse(house, case_id, house.officer)
    with house.work(house.officer) as work:
        assert evidence.get(work, case_id, 1).n == 1


def test_reading_a_content_is_recorded_and_reading_about_it_is_not(house: make.House) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    with nothing_changes(house.runtime), house.work(house.auditor) as work:
        evidence.find(work, case_id)
        evidence.get(work, case_id, 1)
    with house.work(house.auditor) as work:
        found = evidence.content(work, case_id, 1)
    assert b"".join(found.pieces) == PDF
    entry = last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["actor"]["ref"]) == ("evidence.read", house.auditor.ref)


def test_without_papers_what_needs_them_is_unknown_and_the_rest_stays(house: make.House) -> None:
    found = verified(house, papers.case(house))
    assert set(found.facts.values) == {"industry_code", "nature"}
    assert {name: backing.state for name, backing in found.why.items()} == {
        "industry_code": Standing.NOT_NEEDED,
        "nature": Standing.NOT_NEEDED,
        "output": Standing.MISSING,
        "water": Standing.MISSING,
    }
    assert found.assessment.outcome is Outcome.DEFER


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"grade": Grade.DOCUMENT}, Standing.TOO_WEAK),
        ({"expires_on": DAY - timedelta(1)}, Standing.EXPIRED),
        ({"covers_to": DAY - timedelta(1)}, Standing.EXPIRED),
        ({"facts": ("water",)}, Standing.MISSING),
        ({}, Standing.BACKED),
    ],
)
def test_an_accepted_paper_counts_if_it_is_good_enough_that_day(
    house: make.House, changes: dict[str, Any], state: Standing
) -> None:
    case_id = papers.case(house)
    papers.ruled(house, case_id, papers.attached(house, case_id, **changes))
    found = verified(house, case_id)
    assert found.why["output"].state is state
    assert ("output" in found.facts.values) is (state is Standing.BACKED)
    assert found.assessment.outcome is (Outcome.APPROVE if state is Standing.BACKED else Outcome.DEFER)


def test_a_refused_paper_takes_back_what_it_backed(house: make.House) -> None:
    case_id = papers.case(house)
    papers.ruled(house, case_id, papers.attached(house, case_id))
    assert verified(house, case_id).assessment.outcome is Outcome.APPROVE
    papers.ruled(house, case_id, 1, accept=False)
    assert verified(house, case_id).why["output"].state is Standing.REFUSED


def test_verified_asks_for_a_day_and_a_version(house: make.House) -> None:
    case_id = papers.case(house)
    papers.ruled(house, case_id, papers.attached(house, case_id))
    assert verified(house, case_id, on=date(2027, 5, 31)).why["output"].counts
    assert not verified(house, case_id, on=date(2027, 6, 1)).why["output"].counts
    house.do(house.reviewer, applications.return_, case_id, "补充")
    house.do(house.officer, applications.replace_facts, case_id, make.facts(output=Decimal(1)))
    house.do(house.officer, applications.submit, case_id)
    assert verified(house, case_id, n=1).assessment.outcome is Outcome.APPROVE
    assert verified(house, case_id, n=2).assessment.outcome is Outcome.REJECT
    with pytest.raises(NotFoundError):
        verified(house, case_id, n=3)


def test_verified_honours_the_waivers_of_the_day(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    assert verified(house, case_id).waived == frozenset()
    waiving.waived(house, case_id)
    found = verified(house, case_id)
    assert found.waived == frozenset({waiving.GATE})
    assert [gate.rule.id for gate in found.assessment.gates if gate.waived] == [waiving.GATE]


def test_the_report_of_what_is_verified_comes_in_both_languages(house: make.House) -> None:
    found = verified(house, papers.case(house))
    assert found.report("zh") != found.report("en")
    assert found.report("zh") == found.engine.explain(found.facts, "zh")


def test_a_case_out_of_sight_has_no_verified_assessment(house: make.House) -> None:
    case_id = papers.case(house)
    with pytest.raises(NotFoundError), house.work(house.colleague) as work:
        evidence.verified(work, case_id, 1, DAY)
