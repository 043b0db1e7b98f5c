from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from service.actions import applications, rulebooks
from service.core.cases.states import IllegalMoveError
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import SYSTEM
from service.db.applications import ApplicationVersion, AssessmentRow
from tests import make
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import OPPOSE, decided, in_review


def test_a_draft_is_submitted_with_its_facts_as_they_stand(house: make.House) -> None:
    case_id = house.create(make.draft())
    before = tables.counts(house.runtime)
    house.do(house.officer, applications.submit, case_id)
    assert tables.added(before, tables.counts(house.runtime)) == tables.SUBMITTED
    row = house.row(case_id)
    assert (row.state, row.version, row.versions, row.outcome) == ("submitted", 2, 1, "approve")
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["data"]["from"], entry["data"]["to"]) == (
        "application.submitted",
        "draft",
        "submitted",
    )


def test_a_draft_submitted_later_has_the_same_assessment_as_one_submitted_at_once(house: make.House) -> None:
    at_once = house.create(make.application())
    later = house.create(make.draft())
    house.do(house.officer, applications.submit, later)
    with house.work(house.auditor) as work:
        one, two = (applications.assessment(work, case_id) for case_id in (at_once, later))
    assert (one.report_zh, one.report_en, one.facts_sha256) == (two.report_zh, two.report_en, two.facts_sha256)


def test_what_a_draft_lacks_is_missing_when_it_is_submitted(house: make.House) -> None:
    case_id = house.create(make.draft(water=None, output=None))
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.do(house.officer, applications.submit, case_id)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/facts/output", "required_missing"),
        ("/facts/water", "required_missing"),
    ]


def test_a_returned_case_is_submitted_as_the_next_version_and_the_first_stays(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.application())
    first = clock.now
    clock.move(days=1)
    house.do(house.reviewer, applications.return_, case_id, "补充用水数据")
    house.do(house.officer, applications.replace_facts, case_id, make.facts(output=Decimal(50)))
    house.do(house.officer, applications.submit, case_id)
    with house.work(house.auditor) as work:
        versions = list(work.session.scalars(select(ApplicationVersion).order_by(ApplicationVersion.n)))
        found = applications.assessments(work, case_id)
        counts = applications.assessment(work, case_id)
    assert [(version.n, version.follows) for version in versions] == [(1, None), (2, 1)]
    assert [version.submitted_at for version in versions] == [first, clock.now]
    assert [(one.n, one.outcome, one.total) for one in found] == [
        (1, "approve", Decimal("80.5")),
        (2, "defer", Decimal(50)),
    ]
    assert counts.n == 2
    assert house.row(case_id).total == Decimal(50)
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["data"]["from"], entry["data"]["n"], entry["data"]["follows"]) == ("returned", 2, 1)


def test_the_edition_in_force_on_the_day_of_submission_counts(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.draft())
    newer = make.edition("2", "2026-12-01")
    with house.work(SYSTEM) as work:
        sha256 = rulebooks.release(work, newer).sha256
    old = house.row(case_id).rulebook_sha256
    clock.move(days=10)
    house.do(house.officer, applications.submit, case_id)
    row = house.row(case_id)
    assert (old != sha256, row.rulebook_sha256) == (True, sha256)


def test_an_assessment_stays_with_the_edition_it_was_made_by(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.application())
    with house.work(SYSTEM) as work:
        rulebooks.release(work, make.edition("2", "2026-12-01"))
    with house.work(house.auditor) as work:
        before = work.session.scalars(select(AssessmentRow)).one().rulebook_sha256
    clock.move(days=10)
    house.do(house.reviewer, applications.accept, case_id)
    with house.work(house.auditor) as work:
        assert applications.assessment(work, case_id).rulebook_sha256 == before


def test_facts_that_the_new_edition_finds_wrong_are_refused_at_submission(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.draft(output=Decimal(99)))
    stricter = make.edition("2", "2026-12-01").replace(b"max: 100", b"max: 90")
    with house.work(SYSTEM) as work:
        rulebooks.release(work, stricter)
    clock.move(days=10)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.do(house.officer, applications.submit, case_id)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/facts/output", "fact_max")]


def test_another_officers_draft_is_not_there(house: make.House) -> None:
    case_id = house.create(make.draft())
    with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError):
        house.do(house.colleague, applications.submit, case_id)


@pytest.mark.parametrize("name", ["reviewer", "auditor"])
def test_whoever_is_no_officer_submits_nothing(house: make.House, name: str) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError) as refused:
        house.do(getattr(house, name), applications.submit, case_id)
    assert refused.value.figures == {"permission": "submit_cases"}


def test_a_case_that_is_not_there_is_not_found(house: make.House) -> None:
    with pytest.raises(NotFoundError) as refused, house.work(house.officer, expects=1) as work:
        applications.submit(work, uuid4())
    assert refused.value.figures == {"kind": "application"}


@pytest.mark.parametrize(
    ("expects", "figures"),
    [(None, {"because": "missing", "current": 1}), (2, {"because": "differs", "current": 1, "expected": 2})],
)
def test_whoever_did_not_read_the_present_version_changes_nothing(
    house: make.House, expects: int | None, figures: dict[str, object]
) -> None:
    case_id = house.create(make.draft())
    with tables.nothing_changes(house.runtime), pytest.raises(StaleError) as refused:
        submit_expecting(house, case_id, expects)
    assert refused.value.figures == figures


def submit_expecting(house: make.House, case_id: UUID, expects: int | None) -> None:
    with house.work(house.officer, expects=expects) as work:
        applications.submit(work, case_id)


def test_a_submitted_case_is_not_submitted_again(house: make.House) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(IllegalMoveError) as refused:
        house.do(house.officer, applications.submit, case_id)
    assert refused.value.figures == {"state": "submitted", "move": "submit", "legal": ("accept", "return", "withdraw")}


def test_a_reconsidered_case_follows_the_version_that_was_decided(house: make.House) -> None:
    case_id = in_review(house)
    decided(house, case_id, OPPOSE)
    house.do(house.officer, applications.reconsider, case_id, "补齐节水方案")
    house.do(house.officer, applications.submit, case_id)
    with house.work(house.auditor) as work:
        second = work.session.get_one(ApplicationVersion, (case_id, 2))
    assert second.follows == 1


def test_a_dry_run_of_a_submission_leaves_the_draft_as_it_is(house: make.House) -> None:
    case_id = house.create(make.draft())
    with tables.nothing_changes(house.runtime), house.runtime.work(house.officer, expects=1, dry=True) as work:
        assert applications.submit(work, case_id).state == "submitted"


def test_facts_that_are_not_asked_are_kept_as_they_were_given(house: make.House) -> None:
    case_id = house.create(replace(make.application(), facts=make.facts(nature="expand")))
    assert '"water":12.5' in house.row(case_id).facts
