"""Erasing a person: what is personal is gone, and everything the ledger proves is still proven."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.actions import doctor, interests, ledger, people
from service.actions.doctor import Outside
from service.actions.ledger.proving import inclusion
from service.actions.ledger.sequencing import frontier
from service.core.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from service.core.ledger.commitments import commitment
from service.core.ledger.merkle import root, verify_inclusion
from service.core.people import SYSTEM
from service.db.people import InterestRow, Person
from tests import make
from tests.actions import tables
from tests.meeting import person

CODE = "91379999DEM000022T"
NAME = "委员"


def erase(house: make.House) -> None:
    with house.work(house.admin) as work:
        people.erase(work, person(house.member))


@pytest.fixture
def bound(house: make.House) -> make.House:
    """The member is bound to a firm and has a key."""
    with house.work(house.member) as work:
        interests.declare(work, CODE)
    return house


def test_the_ledger_commits_to_a_name_and_to_a_firm_and_holds_neither(bound: make.House) -> None:
    with bound.work(bound.admin) as work:
        member = work.session.get_one(Person, person(bound.member))
        interest = work.session.scalars(select(InterestRow)).one()
        committed = commitment(member.name_salt or b"", member.name), commitment(interest.salt, CODE)
    added, declared = tables.of_case(bound.runtime, person(bound.member))
    assert (added["data"]["name_commitment"], declared["data"]["credit_code_commitment"]) == committed
    everything = json.dumps(tables.events(bound.runtime), ensure_ascii=False)
    assert NAME not in everything
    assert CODE not in everything


def test_two_people_of_one_name_have_different_commitments(house: make.House) -> None:
    with house.work(house.admin) as work:
        twins = [people.add(work, "张三", house.member.roles) for _ in range(2)]
    assert len({twin.name for twin in twins}) == 1
    said = [
        event["data"]["name_commitment"] for event in tables.events(house.runtime) if event["type"] == "person.added"
    ]
    assert len(set(said)) == len(said)


def test_what_is_erased_is_nowhere_in_the_database(bound: make.House) -> None:
    erase(bound)
    written = repr(tables.dump(bound.runtime))
    assert CODE not in written
    assert f"'{NAME}'" not in written


def test_erasing_is_an_entry_and_the_doctor_finds_nothing_missing(bound: make.House) -> None:
    erase(bound)
    entry = tables.events(bound.runtime)[-1]
    assert (entry["type"], entry["data"]) == ("person.erased", {"fields": 2, "version": 2})
    with bound.runtime.work(bound.auditor, read_only=True) as work:
        assert doctor.examine(work, Outside(None, {})).findings == ()


def test_a_name_that_is_gone_without_that_entry_is_found(bound: make.House) -> None:
    with bound.runtime.engine.begin() as connection:
        connection.execute(text("UPDATE person SET name = '—', name_salt = NULL WHERE name = :name"), {"name": NAME})
    with bound.runtime.work(bound.auditor, read_only=True) as work:
        (finding,) = doctor.examine(work, Outside(None, {})).findings
    assert (finding.table, finding.column) == ("person", "name_commitment")


def test_every_proof_made_before_still_holds(bound: make.House) -> None:
    ledger.catch_up(bound.runtime)
    with bound.runtime.work(bound.auditor, read_only=True) as work:
        before = ledger_state(work.session)
        proofs = [inclusion(work.session, index, before[0]) for index in range(before[0])]
    erase(bound)
    ledger.catch_up(bound.runtime)
    with bound.runtime.engine.connect() as connection:
        leaves = [bytes(leaf) for (leaf,) in connection.execute(text("SELECT leaf_hash FROM ledger_leaf ORDER BY seq"))]
    for index, proof in enumerate(proofs):
        verify_inclusion(leaves[index], index, before[0], proof, before[1])


def ledger_state(session: Session) -> tuple[int, bytes]:
    stands = frontier(session)
    return stands.size, root(stands)


def test_whoever_is_erased_has_no_key_and_cannot_get_one_used(bound: make.House) -> None:
    with bound.work(bound.admin) as work:
        key = people.issue_key(work, person(bound.member))
    erase(bound)
    with bound.work(bound.admin) as work, pytest.raises(UnauthenticatedError):
        people.who(work.session, key, work.now)


def test_nobody_is_erased_twice_and_nobody_who_is_not_there(bound: make.House) -> None:
    erase(bound)
    with tables.nothing_changes(bound.runtime), pytest.raises(people.AlreadyErasedError):
        erase(bound)
    with bound.work(SYSTEM) as work, pytest.raises(NotFoundError):
        people.erase(work, UUID(int=0))


def test_only_who_manages_people_erases_them(bound: make.House) -> None:
    with bound.work(bound.chair) as work, pytest.raises(ForbiddenError):
        people.erase(work, person(bound.member))
