import hashlib
import json

import pytest
from sqlalchemy import select, text

from service.actions.ledger import record
from service.core.errors import TooLargeError
from service.core.ledger.canonical import NotCanonicalError
from service.core.people import SYSTEM
from service.db.ledger import LedgerEvent, LedgerPending
from service.work import Runtime
from tests.actions import tables
from tests.conftest import Clock


def test_an_entry_is_written_with_its_hash_its_columns_and_its_place_in_line(runtime: Runtime) -> None:
    with runtime.work(SYSTEM, request_id="请求-1") as work:
        number = record(work, "thing.done", "thing", "t-1", {"n": 1, "list": ("a", None)})
        row = work.session.get_one(LedgerEvent, number)
        assert work.session.scalars(select(LedgerPending.event_id)).all() == [number]
    assert row.leaf_hash == hashlib.sha256(b"\x00" + row.canon).digest()
    assert (row.type, row.subject_kind, row.subject_id, row.rev) == ("thing.done", "thing", "t-1", 1)
    event = json.loads(row.canon)
    assert event.pop("id")[14] == "7"
    assert event == {
        "actor": {"ref": "system", "roles": ["admin", "rule_releaser"]},
        "at": "2026-11-23T02:15:30.123456Z",
        "data": {"n": 1, "list": ["a", None]},
        "request": "请求-1",
        "subject": {"id": "t-1", "kind": "thing", "prev": None, "rev": 1},
        "type": "thing.done",
        "v": 1,
    }


def test_every_subject_has_a_chain_of_its_own(runtime: Runtime, clock: Clock) -> None:
    for subject in ("t-1", "t-2", "t-1", "t-1", "t-2"):
        clock.move(seconds=1)
        with runtime.work(SYSTEM) as work:
            record(work, "thing.done", "thing", subject, {})
    with runtime.work(SYSTEM) as work:
        record(work, "other.done", "other", "t-1", {})
        record(work, "other.done", "other", "t-1", {})
    revs = [(event["subject"]["id"], event["subject"]["rev"]) for event in tables.events(runtime)]
    assert revs == [("t-1", 1), ("t-2", 1), ("t-1", 2), ("t-1", 3), ("t-2", 2), ("t-1", 1), ("t-1", 2)]


def test_the_database_says_when_an_entry_was_recorded(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        number = record(work, "thing.done", "thing", "t-1", {})
    with runtime.work(SYSTEM) as work:
        recorded_at = work.session.get_one(LedgerEvent, number).recorded_at
        now = work.session.execute(text("SELECT CURRENT_TIMESTAMP")).scalar_one()
    assert recorded_at.utcoffset() is not None
    assert str(recorded_at.year) == str(now)[:4]


@pytest.mark.parametrize("data", [{"f": 0.5}, {"Größe": 1}, {"n": 2**53}, {"s": "\x00"}, {"s": "\ud800"}])
def test_what_has_no_canonical_bytes_is_not_recorded(runtime: Runtime, data: dict[str, object]) -> None:
    with tables.nothing_changes(runtime), pytest.raises(NotCanonicalError), runtime.work(SYSTEM) as work:
        record(work, "thing.done", "thing", "t-1", data)  # type: ignore[arg-type]  # wrong on purpose


def test_more_than_an_entry_holds_is_too_large(runtime: Runtime) -> None:
    with tables.nothing_changes(runtime), pytest.raises(TooLargeError) as refused, runtime.work(SYSTEM) as work:
        record(work, "thing.done", "thing", "t-1", {"text": "水" * 22_000})
    assert refused.value.figures == {"most": 65_535}


def test_numbers_go_on_after_work_that_was_undone(runtime: Runtime) -> None:
    with runtime.work(SYSTEM, dry=True) as work:
        record(work, "thing.done", "thing", "t-1", {})
    with runtime.work(SYSTEM) as work:
        record(work, "thing.done", "thing", "t-1", {})
    assert [event["subject"]["rev"] for event in tables.events(runtime)] == [1]
