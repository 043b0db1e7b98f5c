from decimal import Decimal

import pytest

from service.actions import applications, rulebooks
from service.core.errors import InvalidError
from service.core.people import SYSTEM
from tests import make
from tests.actions import tables
from tests.conftest import Clock


def test_new_facts_take_the_place_of_all_the_old_ones(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.draft())
    clock.move(minutes=5)
    before = tables.counts(house.runtime)
    house.do(house.officer, applications.replace_facts, case_id, {"industry_code": "9999", "output": Decimal("7.00")})
    assert tables.added(before, tables.counts(house.runtime)) == {"ledger_event": 1, "ledger_pending": 1}
    row = house.row(case_id)
    assert (row.facts, row.industry) == ('{"industry_code":"9999","output":7}', "9999")
    assert (row.state, row.version, row.versions, row.updated_at) == ("draft", 2, 0, clock.now)


def test_the_entry_holds_the_hash_of_the_facts_not_the_facts(house: make.House) -> None:
    case_id = house.create(make.draft())
    house.do(house.officer, applications.replace_facts, case_id, make.facts(output=Decimal(1)))
    entry = tables.last_of_case(house.runtime, case_id)
    assert entry["type"] == "application.facts_replaced"
    first = tables.of_case(house.runtime, case_id)[0]
    assert entry["data"]["facts_sha256"] != first["data"]["facts_sha256"]
    assert set(entry["data"]) == {"state", "version", "facts_sha256", "rulebook_sha256"}


def test_wrong_facts_are_refused_with_every_flaw_and_the_old_ones_stay(house: make.House) -> None:
    case_id = house.create(make.draft())
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.do(house.officer, applications.replace_facts, case_id, {"nature": "old", "waterr": Decimal(1)})
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/facts/nature", "fact_choice"),
        ("/facts/waterr", "fact_unknown_meant"),
    ]


def test_a_returned_case_keeps_its_version_and_assessment_while_it_is_written(house: make.House) -> None:
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "请更正")
    house.do(house.officer, applications.replace_facts, case_id, make.facts(output=Decimal(1)))
    row = house.row(case_id)
    assert (row.state, row.versions, row.total) == ("returned", 1, Decimal("80.5"))
    with house.work(house.auditor) as work:
        assert applications.assessment(work, case_id).total == Decimal("80.5")


def test_facts_are_read_by_the_edition_in_force_on_the_day_they_are_written(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.draft())
    with house.work(SYSTEM) as work:
        newer = rulebooks.release(work, make.edition("2", "2026-12-01")).sha256
    clock.move(days=10)
    house.do(house.officer, applications.replace_facts, case_id, make.facts())
    assert house.row(case_id).rulebook_sha256 == newer
