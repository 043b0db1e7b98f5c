import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from service.actions import applications
from service.actions.rulebooks import NoRulebookInForceError
from service.core.errors import Flaw, ForbiddenError, InvalidError
from service.core.people import SYSTEM, Actor, Role
from service.core.values import read_json
from service.db.applications import ApplicationVersion, AssessmentRow
from tests import make
from tests.actions import tables
from tests.conftest import Clock

FACTS_TEXT = '{"industry_code":"3453","nature":"new","output":80.5,"water":12.5}'


def test_a_submission_adds_a_case_its_version_its_assessment_and_two_entries(house: make.House) -> None:
    before = tables.counts(house.runtime)
    house.create(make.application())
    added = tables.added(before, tables.counts(house.runtime))
    assert added == tables.SUBMITTED | {"application": 1, "case_counter": 1, "ledger_event": 2, "ledger_pending": 2}


def test_a_submitted_case_shows_what_was_given_and_what_came_of_it(house: make.House) -> None:
    row = house.row(house.create(make.application()))
    assert (row.number, row.serial) == ("2026-0001", 2026_000_001)
    assert (row.state, row.version, row.versions) == ("submitted", 2, 1)
    assert (row.applicant_name, row.credit_code) == ("大河精传动（虚构）有限公司", make.CREDIT_CODE)
    assert (row.project_name, row.project_code, row.industry) == ("精密减速器项目", None, "3453")
    assert (row.outcome, row.category, row.total) == ("approve", "B", Decimal("80.5"))
    assert row.facts == FACTS_TEXT
    assert row.submitted_by == house.officer.person_id
    assert row.created_at == row.updated_at == row.submitted_at == house.runtime.clock()


def test_a_version_keeps_the_facts_and_an_assessment_that_its_hashes_prove(house: make.House) -> None:
    case_id = house.create(make.application())
    with house.work(house.auditor) as work:
        version = work.session.scalars(select(ApplicationVersion)).one()
        assessment = work.session.scalars(select(AssessmentRow)).one()
        case = applications.get(work, case_id)
    assert (version.application_id, version.n, version.follows, version.facts) == (case_id, 1, None, FACTS_TEXT)
    assert version.rulebook_sha256 == assessment.rulebook_sha256 == hashlib.sha256(make.edition()).hexdigest()
    assert assessment.facts_sha256 == hashlib.sha256(FACTS_TEXT.encode()).hexdigest()
    assert (assessment.outcome, assessment.category, assessment.total) == ("approve", "B", Decimal("80.5"))
    assert assessment.completeness == Decimal(100)
    for report, sha256 in (
        (assessment.report_zh, assessment.report_zh_sha256),
        (assessment.report_en, assessment.report_en_sha256),
    ):
        assert hashlib.sha256(report.encode()).hexdigest() == sha256
    assert assessment.report_zh != assessment.report_en
    assert case.event_id == version.event_id == assessment.event_id


HEADER = {
    "applicant_name": "大河精传动（虚构）有限公司",
    "credit_code": make.CREDIT_CODE,
    "project_name": "精密减速器项目",
    "project_code": None,
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_entries_say_what_was_done_and_by_whom(house: make.House) -> None:
    case_id = house.create(make.application())
    with house.work(house.auditor) as work:
        kept = applications.assessment(work, case_id)
    created, submitted = tables.of_case(house.runtime, case_id)
    hashes = {"facts_sha256": kept.facts_sha256, "rulebook_sha256": kept.rulebook_sha256}
    assert created["type"] == "application.created"
    header = json.dumps(HEADER, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    hashes["header_sha256"] = sha256(header)
    assert created["data"] == {"number": "2026-0001", "to": "draft", "version": 1} | hashes
    assert submitted["type"] == "application.submitted"
    assert submitted["data"] == hashes | {
        "from": "draft",
        "to": "submitted",
        "version": 2,
        "n": 1,
        "follows": None,
        "outcome": "approve",
        "category": "B",
        "total": "80.5",
        "waived": [],
        "completeness": "100",
        "report_zh_sha256": kept.report_zh_sha256,
        "report_en_sha256": kept.report_en_sha256,
    }
    for event in (created, submitted):
        assert event["actor"] == {"ref": house.officer.ref, "roles": ["officer"]}
        assert event["at"] == "2026-11-23T02:15:30.123456Z"
        assert event["request"] == "r-1"


def test_no_name_and_no_credit_code_enters_the_ledger(house: make.House) -> None:
    house.create(make.application())
    told = repr(tables.events(house.runtime))
    for secret in ("大河", "精密", make.CREDIT_CODE, "招商甲"):
        assert secret not in told


def test_a_draft_is_stored_and_not_assessed(house: make.House) -> None:
    before = tables.counts(house.runtime)
    case_id = house.create(make.draft())
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"application": 1, "case_counter": 1, "ledger_event": 1, "ledger_pending": 1}
    row = house.row(case_id)
    assert (row.state, row.version, row.versions, row.submitted_at) == ("draft", 1, 0, None)
    assert (row.outcome, row.category, row.total) == (None, None, None)
    assert [event["type"] for event in tables.of_case(house.runtime, case_id)] == ["application.created"]


def test_a_draft_may_lack_facts(house: make.House) -> None:
    row = house.row(house.create(replace(make.draft(), facts={})))
    assert (row.facts, row.industry) == ("{}", None)


def test_space_around_texts_is_dropped_and_an_empty_project_code_is_none(house: make.House) -> None:
    new = replace(make.draft(), applicant_name="  甲乙  ", credit_code=f" {make.CREDIT_CODE}\n", project_code=" ")
    row = house.row(house.create(new))
    assert (row.applicant_name, row.credit_code, row.project_code) == ("甲乙", make.CREDIT_CODE, None)


def test_the_longest_header_is_kept_whole(house: make.House) -> None:
    new = replace(make.draft(), applicant_name="𠮷" * 120, project_name="项" * 120, project_code="P" * 64)
    row = house.row(house.create(new))
    assert (row.applicant_name, row.project_name, row.project_code) == ("𠮷" * 120, "项" * 120, "P" * 64)


def test_every_flaw_of_header_and_facts_is_told_at_once_and_nothing_is_stored(house: make.House) -> None:
    new = replace(
        make.application(output="much", water=Decimal(-1), colour="red", nature="old", industry_code=None),
        applicant_name="",
        credit_code="X",
        project_name="乙",
    )
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.create(new)
    assert [flaw.pointer for flaw in refused.value.flaws] == [
        "/applicant_name",
        "/credit_code",
        "/project_name",
        "/facts/nature",
        "/facts/output",
        "/facts/water",
        "/facts/colour",
        "/facts/industry_code",
    ]
    assert refused.value.flaws[-1] == Flaw("/facts/industry_code", "required_missing")


def test_a_draft_with_a_wrong_fact_is_refused(house: make.House) -> None:
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.create(make.draft(water=Decimal("1.234")))
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/facts/water", "fact_decimals")]


def test_a_fact_that_is_not_asked_need_not_be_given(house: make.House) -> None:
    row = house.row(house.create(make.application(nature="expand", water=None)))
    assert row.state == "submitted"


@pytest.mark.parametrize("name", ["reviewer", "auditor", "admin"])
def test_only_an_officer_hands_in(house: make.House, name: str) -> None:
    with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError) as refused:
        house.create(make.application(), getattr(house, name))
    assert refused.value.figures == {"permission": "create_cases"}


@pytest.mark.parametrize("actor", [SYSTEM, replace(SYSTEM, roles=frozenset({Role.OFFICER}))])
def test_a_machine_hands_nothing_in(house: make.House, actor: Actor) -> None:
    with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError):
        house.create(make.application(), actor)


def test_without_an_edition_in_force_nothing_is_handed_in(house: make.House, clock: Clock) -> None:
    clock.move(days=-365)
    with tables.nothing_changes(house.runtime), pytest.raises(NoRulebookInForceError) as refused:
        house.create(make.application())
    assert str(refused.value.figures["on"]) == "2025-11-23"


def test_a_dry_run_leaves_nothing(house: make.House) -> None:
    with tables.nothing_changes(house.runtime), house.runtime.work(house.officer, dry=True) as work:
        row = applications.create(work, make.application())
        assert (row.number, row.state, row.outcome) == ("2026-0001", "submitted", "approve")


def test_numbers_have_no_gaps_whatever_is_refused_in_between(house: make.House) -> None:
    first = house.row(house.create(make.application())).number
    with pytest.raises(InvalidError):
        house.create(make.application(water=None))
    with house.runtime.work(house.officer, dry=True) as work:
        applications.create(work, make.application())
    second = house.row(house.create(make.draft())).number
    assert (first, second) == ("2026-0001", "2026-0002")


def test_numbers_begin_again_with_the_zones_own_year(house: make.House, clock: Clock) -> None:
    house.create(make.draft())
    clock.now = clock.now.replace(month=12, day=31, hour=15, minute=59)
    assert house.row(house.create(make.draft())).number == "2026-0002"
    clock.move(minutes=1)
    assert house.row(house.create(make.draft())).number == "2027-0001"


@pytest.mark.parametrize("code", ["3" * 101, "𠮷" * 5_000])
def test_a_code_nobody_can_look_for_is_kept_among_the_facts_alone(house: make.House, code: str) -> None:
    row = house.row(house.create(make.application(industry_code=code)))
    assert row.industry is None
    assert read_json(row.facts) == make.facts(industry_code=code)


def test_figures_come_back_by_value_and_long_ones_whole(house: make.House) -> None:
    case_id = house.create(make.draft(water=Decimal("1E+3"), output=Decimal("0.10")))
    assert house.row(case_id).facts == '{"industry_code":"3453","nature":"new","output":0.1,"water":1000}'
