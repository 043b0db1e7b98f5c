from dataclasses import astuple
from decimal import Decimal

import pytest

from service.actions import applications
from service.core.cases.headers import HeaderSettledError
from service.core.cases.sight import NotYoursError
from service.core.errors import InvalidError, NotFoundError, StaleError
from tests import make
from tests.actions import tables

OTHER = make.header(applicant_name="大河精传动二厂（虚构）", credit_code="91379999DEM000022T", project_name="二期项目")


def test_a_draft_gets_another_applicant_and_project_and_the_ledger_their_hash(house: make.House) -> None:
    case_id = house.create(make.draft())
    before = tables.of_case(house.runtime, case_id)[0]
    house.do(house.officer, applications.rename, case_id, OTHER)
    row = house.row(case_id)
    assert (row.applicant_name, row.credit_code, row.project_name, row.project_code) == astuple(OTHER)
    assert (row.state, row.version, row.versions) == ("draft", 2, 0)
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], set(entry["data"])) == ("application.renamed", {"version", "header_sha256"})
    assert entry["data"]["header_sha256"] == applications.header_of(row).sha256 != before["data"]["header_sha256"]


def test_what_is_submitted_is_bound_to_whoever_applies_for_it_then(house: make.House) -> None:
    case_id = house.create(make.draft())
    house.do(house.officer, applications.rename, case_id, OTHER)
    house.do(house.officer, applications.submit, case_id)
    entry = tables.last_of_case(house.runtime, case_id)
    assert entry["data"]["header_sha256"] == applications.header_of(house.row(case_id)).sha256


def test_once_submitted_applicant_and_project_stand(house: make.House) -> None:
    returned = house.create(make.application())
    house.do(house.reviewer, applications.return_, returned, "补充")
    withdrawn = house.create(make.draft())
    house.do(house.officer, applications.withdraw, withdrawn, "另行选址")
    for case_id, state in ((returned, "returned"), (withdrawn, "withdrawn")):
        with tables.nothing_changes(house.runtime), pytest.raises(HeaderSettledError) as refused:
            house.do(house.officer, applications.rename, case_id, OTHER)
        assert refused.value.figures == {"state": state}


def test_only_whoever_wrote_the_version_that_stands_renames_it(house: make.House) -> None:
    case_id = house.create(make.draft())
    filed = house.create(make.application())
    with tables.nothing_changes(house.runtime):
        with pytest.raises(NotFoundError):
            house.do(house.colleague, applications.rename, case_id, OTHER)
        with house.work(house.officer, expects=9) as work, pytest.raises(StaleError):
            applications.rename(work, case_id, OTHER)
        with house.work(house.both, expects=2) as work, pytest.raises(NotYoursError):
            applications.rename(work, filed, OTHER)


def test_every_flaw_of_header_and_facts_is_told_at_once_and_nothing_is_kept(house: make.House) -> None:
    case_id = house.create(make.draft())
    wrong = make.header(applicant_name="", credit_code="91379999DEM0000141")
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.do(house.officer, applications.save, case_id, {"nature": "old"}, wrong)
    assert [flaw.pointer for flaw in refused.value.flaws] == ["/applicant_name", "/credit_code", "/facts/nature"]


def test_saving_writes_what_is_different_and_nothing_else(house: make.House) -> None:
    case_id = house.create(make.draft())
    with tables.nothing_changes(house.runtime):
        house.do(house.officer, applications.save, case_id, make.facts(), make.header())
    house.do(house.officer, applications.save, case_id, make.facts(), OTHER)
    house.do(house.officer, applications.save, case_id, make.facts(output=Decimal(1)), OTHER)
    told = [entry["type"] for entry in tables.of_case(house.runtime, case_id)]
    assert (told[1:], house.row(case_id).version) == (["application.renamed", "application.facts_replaced"], 3)
    house.do(house.officer, applications.hand_in, case_id, make.facts(output=Decimal(2)), make.header())
    row = house.row(case_id)
    assert (row.state, row.project_name, row.version) == ("submitted", make.header().project_name, 6)


def test_a_returned_case_is_saved_with_the_applicant_it_has(house: make.House) -> None:
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    with tables.nothing_changes(house.runtime), pytest.raises(HeaderSettledError):
        house.do(house.officer, applications.save, case_id, {}, OTHER)
    house.do(house.officer, applications.save, case_id, {}, make.header())
    assert house.row(case_id).facts == "{}"
