import hashlib
import threading
from dataclasses import replace
from datetime import date

import pytest

from service.actions import rulebooks
from service.actions.rulebooks import FaultyRulebookError, NoRulebookInForceError
from service.core.errors import ForbiddenError, InvalidError
from service.core.people import SYSTEM, Actor, Role
from service.db.rulebooks import RulebookRow
from service.work import BusyError, Runtime
from tests import make
from tests.actions import tables


def release(runtime: Runtime, source: bytes, actor: Actor = SYSTEM) -> RulebookRow:
    with runtime.work(actor) as work:
        return rulebooks.release(work, source)


def in_force(runtime: Runtime, on: date) -> str:
    with runtime.work(SYSTEM, read_only=True) as work:
        return rulebooks.in_force(work, on).rulebook.edition


def test_an_edition_is_kept_byte_for_byte_under_its_hash(runtime: Runtime) -> None:
    source = make.edition() + "# 尾\r\n".encode()
    row = release(runtime, source)
    with runtime.work(SYSTEM) as work:
        kept = work.session.get_one(RulebookRow, hashlib.sha256(source).hexdigest())
    assert kept.source == source
    assert (kept.id, kept.edition, kept.in_force_from) == ("small", "1", date(2026, 1, 1))
    assert (kept.released_at, kept.event_id) == (runtime.clock(), row.event_id)


def test_a_release_leaves_one_entry_that_pins_the_bytes(runtime: Runtime) -> None:
    row = release(runtime, make.edition())
    (entry,) = tables.events(runtime)
    assert (entry["type"], entry["subject"]["kind"], entry["subject"]["id"]) == (
        "rulebook.released",
        "rulebook",
        row.sha256,
    )
    assert entry["data"] == {
        "id": "small",
        "edition": "1",
        "in_force_from": "2026-01-01",
        "rulebook_sha256": row.sha256,
    }
    assert tables.counts(runtime)["ledger_event"] == 1


def test_releasing_the_same_bytes_again_changes_nothing(runtime: Runtime) -> None:
    first = release(runtime, make.edition())
    with tables.nothing_changes(runtime):
        assert release(runtime, make.edition()).event_id == first.event_id


def test_the_latest_edition_to_begin_by_a_day_is_in_force_on_it(runtime: Runtime) -> None:
    for name, begins in (("b", "2026-06-01"), ("a", "2026-01-01"), ("c", "2027-01-01")):
        release(runtime, make.edition(name, begins))
    days = [date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [in_force(runtime, day) for day in days] == ["a", "a", "b", "b", "c"]


def test_an_edition_may_have_a_long_name(runtime: Runtime) -> None:
    release(runtime, make.edition("版" * 300))
    assert in_force(runtime, date(2026, 1, 1)) == "版" * 300


def test_among_editions_that_begin_on_one_day_the_last_released_is_in_force(runtime: Runtime) -> None:
    for name in ("a", "z", "b"):
        release(runtime, make.edition(name))
    assert in_force(runtime, date(2026, 1, 1)) == "b"


def test_before_the_first_edition_none_is_in_force(runtime: Runtime) -> None:
    release(runtime, make.edition())
    with pytest.raises(NoRulebookInForceError) as refused:
        in_force(runtime, date(2025, 12, 31))
    assert refused.value.figures == {"kind": "rulebook", "on": date(2025, 12, 31)}


def test_an_edition_that_was_never_released_is_not_in_force_although_it_was_tried(runtime: Runtime) -> None:
    release(runtime, make.edition("old"))
    with runtime.work(SYSTEM, dry=True) as work:
        rulebooks.release(work, make.edition("new", "2026-02-01"))
    assert in_force(runtime, date(2026, 3, 1)) == "old"


@pytest.mark.parametrize("source", [b"", b"\xff\xfe", b"- 1", make.edition().replace(b"nature ==", b"natur ==")])
def test_a_file_with_faults_is_refused_with_each_fault_at_its_place(runtime: Runtime, source: bytes) -> None:
    with tables.nothing_changes(runtime), pytest.raises(FaultyRulebookError) as refused:
        release(runtime, source)
    assert isinstance(refused.value, InvalidError)
    assert refused.value.flaws
    assert all({"line", "column"} <= set(flaw.figures) for flaw in refused.value.flaws)


def test_every_fault_is_told_at_once(runtime: Runtime) -> None:
    broken = make.edition().replace(b"water > 100000", b"waterr > 1").replace(b"value: output", b"value: outputt")
    with pytest.raises(FaultyRulebookError) as refused:
        release(runtime, broken)
    assert len(refused.value.flaws) == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RULE_RELEASER])
def test_only_a_releaser_releases(runtime: Runtime, role: Role) -> None:
    actor = replace(SYSTEM, roles=frozenset({role}))
    with tables.nothing_changes(runtime), pytest.raises(ForbiddenError) as refused:
        release(runtime, make.edition(), actor)
    assert refused.value.figures == {"permission": "release_rules"}


def test_two_who_release_the_same_edition_at_once_release_it_once(runtime: Runtime) -> None:
    at_once = threading.Barrier(4)
    told: list[str] = []

    def one() -> None:
        at_once.wait()
        try:
            told.append(release(runtime, make.edition()).sha256)
        except BusyError:
            told.append("busy")

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told) - {"busy"} == {hashlib.sha256(make.edition()).hexdigest()}
    assert len(told) == 4
    assert len(tables.events(runtime)) == 1
