"""Looking for entries by what they tell: on both databases, as the bytes themselves are asked."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from service.actions import applications, entries, ledger
from service.actions.entries import EVERY_TYPE, Found, Sought, Told
from service.core.errors import ForbiddenError, InvalidError, NotFoundError
from service.core.ledger.canonical import canonical_bytes, leaf_hash
from service.core.people import SYSTEM
from service.db.ledger import LedgerLeaf
from tests import make, meeting, playing, seating
from tests.actions import tables
from tests.conftest import Clock


def sought(house: make.House, **asked: object) -> Found:
    with house.work(house.auditor) as work:
        return entries.seek(work, Sought(**{"limit": 200, **asked}))  # type: ignore[arg-type]  # tests name fields


def told(found: Found) -> list[str]:
    """The types of what was found, the newest first, wherever it stands."""
    return [one.event["type"] for one in (*found.waiting, *found.items)]


def test_entries_are_found_by_what_they_tell(house: make.House, clock: Clock) -> None:
    first = house.create(make.application())
    clock.move(days=2)
    house.create(make.application(), house.colleague)
    house.do(house.reviewer, applications.accept, first)
    accepted = ["application.accepted"]
    assert told(sought(house))[:3] == ["application.accepted", "application.submitted", "application.created"]
    assert told(sought(house, type="application.accepted")) == accepted
    assert told(sought(house, kind="rulebook")) == ["rulebook.released"]
    number = house.row(first).number
    whole = ["application.accepted", "application.submitted", "application.created"]
    assert told(sought(house, subject=f" {number} ")) == told(sought(house, subject=str(first).upper())) == whole
    for actor in ("联审", house.reviewer.ref, str(meeting.person(house.reviewer))):
        assert told(sought(house, actor=actor)) == accepted
    assert told(sought(house, actor="招商", kind="application")) == whole[1:] * 2
    assert told(sought(house, actor="system", type="rulebook.released")) == ["rulebook.released"]
    for nobody in ("%", "没有这个人", "u:0"):
        assert told(sought(house, actor=nobody)) == []


def test_days_are_those_of_the_office(house: make.House, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=15, minute=59)  # 23:59 of the 23rd in Shanghai
    early = house.create(make.draft())
    clock.move(minutes=2)
    late = house.create(make.draft())
    drafts: dict[str, object] = {"type": "application.created"}

    def found(**asked: object) -> list[str]:
        return [one.event["subject"]["id"] for one in _all(sought(house, **drafts, **asked))]

    assert found(to_on=date(2026, 11, 23)) == [str(early)]
    assert found(from_on=date(2026, 11, 24)) == [str(late)]
    assert found(from_on=date(2026, 11, 23), to_on=date(2026, 11, 24)) == [str(late), str(early)]
    assert found(from_on=date.min, to_on=date.max) == [str(late), str(early)]


def test_a_page_goes_on_below_the_last_number_and_each_entry_is_told_once(house: make.House) -> None:
    ledger.tend(house.runtime)
    size = len(tables.events(house.runtime))
    seen, before = [], None
    while True:
        page = sought(house, type=EVERY_TYPE, limit=3, before=before)
        seen += [one.index for one in page.items]
        if page.before is None:
            break
        before = page.before
    assert seen == list(reversed(range(size)))
    assert "log.heartbeat" not in told(sought(house))


def test_an_entry_waits_is_in_the_tree_and_is_signed_over(house: make.House, database: str) -> None:
    case_id = house.create(make.draft())
    (before,) = _all(sought(house, subject=str(case_id)))
    assert (before.index is None) == (database == "postgresql")
    assert before.size is None
    with house.work(house.auditor) as work:
        assert entries.look_up(work, before.event["id"]).index == before.index
    ledger.tend(house.runtime)
    (after,) = sought(house, subject=str(case_id)).items
    ledger.tend(house.runtime)
    assert after.size == len(tables.events(house.runtime))
    with house.work(house.auditor) as work:
        for name in (str(after.index), after.event["id"], after.event["id"].upper()):
            found = entries.look_up(work, name)
            assert found.canon is not None
            assert (found.index, found.size, json.loads(found.canon)) == (after.index, after.size, after.event)
            assert found.leaf_hash == leaf_hash(found.canon)


def test_others_look_up_a_hash_once_it_is_signed_over_and_no_more(house: make.House) -> None:
    ledger.catch_up(house.runtime)
    with house.work(house.chair) as work:
        found = entries.look_up(work, "0")
        assert (found.canon, found.leaf_hash) == (None, None)
    ledger.tend(house.runtime)
    with house.work(house.auditor) as work:
        read = entries.look_up(work, "0")
    with house.work(house.chair) as work:
        assert entries.look_up(work, "0") == replace(read, canon=None)
        assert read.canon is not None
        with pytest.raises(ForbiddenError):
            entries.look_up(work, json.loads(read.canon)["id"])
        with pytest.raises(ForbiddenError):
            entries.seek(work, Sought())
        with pytest.raises(ForbiddenError):
            entries.proven_entry(work, 0)


def test_what_is_not_there_is_not_found(house: make.House) -> None:
    case_id = house.create(make.draft())
    with house.work(house.auditor) as work:
        for name in ("9999", "x", "-1", str(case_id), str(2**80), "１"):
            with pytest.raises(NotFoundError):
                entries.look_up(work, name)


def test_votes_on_the_table_leave_no_trace_and_are_found_once_it_is_decided(house: make.House) -> None:
    case_id, held = playing.tabled(house)
    held.open()
    held.cast(house.member, meeting.WITH_CONDITIONS)
    ledger.tend(house.runtime)
    asked: dict[str, object] = {"actor": house.member.ref, "subject": str(case_id)}
    assert sought(house, limit=1, **asked) == Found((), (), None)
    assert sought(house, type="vote.cast") == Found((), (), None)
    cast = next(event for event in tables.of_case(house.runtime, case_id) if event["type"] == "vote.cast")
    index = _index_of(house, cast)
    with house.work(house.auditor) as work:
        with pytest.raises(NotFoundError):
            entries.look_up(work, cast["id"])
        assert entries.look_up(work, str(index)).canon is None
        with pytest.raises(NotFoundError):
            entries.proven_entry(work, index)
    playing.decide(held)
    assert cast in [one.event for one in _all(sought(house, **asked))]


def test_nobody_finds_the_entries_of_a_case_they_have_no_part_in(house: make.House) -> None:
    case_id = house.create(make.application())
    ledger.tend(house.runtime)
    number = house.row(case_id).number
    (created,) = sought(house, type="application.created").items
    seating.recuse(house, case_id, house.auditor)
    for subject in (number, str(case_id)):
        assert sought(house, subject=subject) == Found((), (), None)
    with house.work(house.auditor) as work:
        assert entries.look_up(work, str(created.index)).canon is None
        with pytest.raises(NotFoundError):
            entries.look_up(work, created.event["id"])


def test_a_limit_and_days_that_cannot_be_are_told_together(house: make.House) -> None:
    with pytest.raises(InvalidError) as refused:
        sought(house, limit=0, from_on=date(2026, 2, 1), to_on=date(2026, 1, 1))
    assert [flaw.pointer for flaw in refused.value.flaws] == ["/limit", "/to"]


def _index_of(house: make.House, event: dict[str, Any]) -> int:
    with house.work(SYSTEM) as work:
        leaves = select(LedgerLeaf.seq).where(LedgerLeaf.leaf_hash == leaf_hash(canonical_bytes(event)))
        return work.session.scalars(leaves).one()


def _all(found: Found) -> tuple[Told, ...]:
    return (*found.waiting, *found.items)
