from dataclasses import replace
from decimal import Decimal

import pytest

from service.actions import applications, assessments
from service.actions.rulebooks import NoRulebookInForceError
from service.core.errors import ForbiddenError, InvalidError
from service.core.people import SYSTEM, Role
from service.core.values import read_json
from service.work import Runtime
from tests import make
from tests.actions import tables


def test_a_pre_check_says_what_a_submission_would_and_stores_nothing(house: make.House) -> None:
    submitted = house.create(make.application())
    with house.work(house.auditor) as work:
        kept = applications.assessment(work, submitted)
    with tables.nothing_changes(house.runtime), house.work(house.officer) as work:
        assert assessments.assess(work, make.facts(), "zh") == kept.report_zh
        assert assessments.assess(work, make.facts(), "en") == kept.report_en


def test_a_pre_check_can_be_done_by_work_that_only_reads(house: make.House) -> None:
    with house.runtime.work(house.officer, read_only=True) as work:
        report = read_json(assessments.assess(work, {}, "zh"))
    assert isinstance(report, dict)
    assert report["outcome"] == "defer"


def test_every_flaw_is_told_below_the_facts_themselves(house: make.House) -> None:
    with pytest.raises(InvalidError) as refused, house.work(house.officer) as work:
        assessments.assess(work, {"output": Decimal(101), "water": "much"}, "zh")
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/output", "fact_max"),
        ("/water", "fact_type"),
    ]


@pytest.mark.parametrize("role", Role)
def test_whoever_has_a_role_may_try(house: make.House, role: Role) -> None:
    with house.work(replace(SYSTEM, roles=frozenset({role}))) as work:
        assert assessments.assess(work, make.facts(), "en")


def test_whoever_has_none_may_not(house: make.House) -> None:
    with pytest.raises(ForbiddenError), house.work(replace(SYSTEM, roles=frozenset())) as work:
        assessments.assess(work, make.facts(), "zh")


def test_without_an_edition_nothing_is_assessed(runtime: Runtime) -> None:
    with pytest.raises(NoRulebookInForceError), runtime.work(SYSTEM) as work:
        assessments.assess(work, {}, "zh")
