"""Waivers are honoured wherever a case is assessed, on the days they are in force."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.actions import applications, assessments, waivers
from service.core.errors import InvalidError, NotFoundError
from service.core.people import Actor
from tests import make, seating
from tests.actions import tables, waiving
from tests.conftest import Clock

THIRSTY = make.facts(water=Decimal(200_000))
TODAY = date(2026, 11, 23)


def pre_check(house: make.House, case_id: UUID | None, actor: Actor | None = None) -> Any:  # noqa: ANN401 - JSON
    with house.runtime.work(actor or house.officer, read_only=True) as work:
        return json.loads(assessments.assess(work, THIRSTY, "en", case_id))


def again(house: make.House, case_id: UUID) -> None:
    house.do(house.reviewer, applications.return_, case_id, "补充")
    house.do(house.officer, applications.submit, case_id)


def reports(house: make.House, case_id: UUID) -> list[Any]:
    with house.work(house.auditor) as work:
        return [json.loads(row.report_zh) for row in applications.assessments(work, case_id)]


def test_a_submission_is_assessed_with_what_is_waived_and_says_so(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    assert house.row(case_id).outcome == "reject"
    assert tables.last_of_case(house.runtime, case_id)["data"]["waived"] == []
    waiving.waived(house, case_id)
    again(house, case_id)
    row, entry = house.row(case_id), tables.last_of_case(house.runtime, case_id)
    assert (row.outcome, row.category) == ("conditional", "A")
    assert entry["data"]["waived"] == ["too_thirsty"]
    before, after = reports(house, case_id)
    assert "waived" not in before["gates"][0]
    assert (after["gates"][0]["state"], after["gates"][0]["waived"]) == ("fail", True)
    assert "已予豁免，不计入结论" in after["gates"][0]["because"]
    assert [reason["code"] for reason in after["reasons"]] == ["category_cap"]


def test_what_was_assessed_stays_to_the_byte_whatever_is_waived_or_revoked_later(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    with house.work(house.auditor) as work:
        kept = applications.assessment(work, case_id).report_zh
    waiver_id = waiving.waived(house, case_id)
    again(house, case_id)
    with house.work(house.auditor) as work:
        told = [row.report_zh for row in applications.assessments(work, case_id)]
    assert told[0] == kept
    with house.work(house.chair, expects=1) as work:
        waivers.revoke(work, waiver_id, "方案未获批复")
    with house.work(house.auditor) as work:
        assert [row.report_zh for row in applications.assessments(work, case_id)] == told


def test_after_its_last_day_and_after_it_is_revoked_a_waiver_saves_nobody(house: make.House, clock: Clock) -> None:
    expired, revoked = waiving.thirsty(house), waiving.thirsty(house)
    waiving.waived(house, expired, TODAY)
    waiver_id = waiving.waived(house, revoked)
    again(house, expired)
    assert house.row(expired).outcome == "conditional"
    clock.move(days=1)
    with house.work(house.chair, expects=1) as work:
        waivers.revoke(work, waiver_id, "方案未获批复")
    for case_id in (expired, revoked):
        again(house, case_id)
        assert house.row(case_id).outcome == "reject"
        assert tables.last_of_case(house.runtime, case_id)["data"]["waived"] == []


def test_a_waiver_counts_for_its_own_case_only(house: make.House) -> None:
    case_id, other = waiving.thirsty(house), waiving.thirsty(house)
    waiving.waived(house, case_id)
    again(house, other)
    assert house.row(other).outcome == "reject"


def test_a_pre_check_for_a_case_says_what_its_next_submission_would(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    assert pre_check(house, case_id)["outcome"] == "reject"
    waiving.waived(house, case_id)
    assert pre_check(house, None)["outcome"] == "reject"
    told = pre_check(house, case_id)
    again(house, case_id)
    with house.work(house.auditor) as work:
        assert told == json.loads(applications.assessment(work, case_id).report_en)


def test_many_are_pre_checked_for_one_case(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiving.waived(house, case_id)
    with house.work(house.officer) as work:
        plain, wrong = assessments.assess_each(work, [THIRSTY, {"water": "much"}], "zh", case_id)
    assert isinstance(plain, str)
    assert json.loads(plain)["outcome"] == "conditional"
    assert isinstance(wrong, InvalidError)


def test_nobody_learns_from_a_pre_check_what_is_waived_for_a_case_they_do_not_see(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    seating.recuse(house, case_id, house.reviewer)
    for actor in (house.colleague, house.admin, house.member, house.reviewer):
        with pytest.raises(NotFoundError):
            pre_check(house, case_id, actor)
    with pytest.raises(NotFoundError):
        pre_check(house, uuid4())
