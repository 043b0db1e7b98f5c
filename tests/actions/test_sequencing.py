"""The tree over the entries: whoever sequences, however they are interleaved or stopped, it is that of the core."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.actions import ledger
from service.actions.ledger import LedgerBehindError, record, sequencing
from service.core.people import SYSTEM
from service.work import Runtime
from tests import databases
from tests.actions import tables, tending
from tests.actions.test_dying import StoppedError, ask, stopped
from tests.conftest import Clock

ROOT = Path(__file__).parents[2]
FEWEST_STEPS = 6

# A process of its own that records and sequences in turn.
SEQUENCER = """
import sys
from service.actions.ledger import catch_up, record
from service.config import Settings
from service.core.people import SYSTEM
from service.db.engine import make_engine
from service.work import Runtime
url, name, count = sys.argv[1:]
runtime = Runtime(make_engine(url), Settings(database_url=url))
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(count)):
    with runtime.work(SYSTEM) as work:
        record(work, "thing.done", "thing", f"{name}-{n}", {})
    catch_up(runtime)
"""


def size(runtime: Runtime) -> int:
    """The size of the tree; all of it is as the core has it, and every entry waits or is a leaf."""
    tables.events(runtime)
    return tables.counts(runtime)["ledger_leaf"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.one_of(st.integers(1, 40), st.integers(250, 260), st.just(0)), max_size=8))
def test_the_tree_is_that_of_the_core_after_any_interleaving(runtime: Runtime, deeds: list[int]) -> None:
    for count in deeds:
        before = tables.counts(runtime)
        if count:
            tending.wait(runtime, *(f"s-{n % 7}" for n in range(count)))
            assert tables.counts(runtime)["ledger_pending"] == before["ledger_pending"] + count
        else:
            assert ledger.catch_up(runtime) == before["ledger_pending"]
            assert size(runtime) == before["ledger_leaf"] + before["ledger_pending"]
    tables.events(runtime)


def test_a_backlog_of_several_batches_is_taken_in_order(runtime: Runtime) -> None:
    tending.wait(runtime, *(f"t-{n}" for n in range(sequencing.BATCH + 10)))
    with runtime.work(SYSTEM) as work:
        assert ledger.sequence(work) == sequencing.BATCH
    assert ledger.catch_up(runtime) == 10
    assert size(runtime) == sequencing.BATCH + 10
    with runtime.engine.connect() as connection:
        assert not connection.execute(
            text("SELECT 1 FROM ledger_leaf a JOIN ledger_leaf b ON b.seq = a.seq + 1 WHERE b.event_id < a.event_id")
        ).all()


def test_sequencing_nothing_changes_nothing(runtime: Runtime) -> None:
    tending.wait(runtime, "t-1")
    ledger.catch_up(runtime)
    with tables.nothing_changes(runtime):
        assert ledger.catch_up(runtime) == 0
        with runtime.work(SYSTEM) as work:
            assert ledger.sequence(work) == 0


def test_entries_of_work_that_is_undone_leave_no_gap(runtime: Runtime) -> None:
    tending.wait(runtime, "t-1")
    with runtime.work(SYSTEM, dry=True) as work:
        record(work, "thing.done", "thing", "t-2", {})
        ledger.sequence(work)
    tending.wait(runtime, "t-3")
    assert ledger.catch_up(runtime) == 2
    assert size(runtime) == 2


def processes(runtime: Runtime, *names: str) -> list[int]:
    """Let several processes record and sequence at once, and give how each ended."""
    command = [sys.executable, "-c", SEQUENCER, databases.text_of(runtime.engine)]
    started = [
        subprocess.Popen([*command, name, "15"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate() and process.returncode for process in started]


def test_sequencers_in_several_processes_make_one_tree(runtime: Runtime) -> None:
    assert processes(runtime, "a", "b", "c") == [0, 0, 0]
    ledger.catch_up(runtime)
    assert size(runtime) == 45


def test_sequencers_in_several_threads_make_one_tree(runtime: Runtime) -> None:
    raised: list[BaseException] = []

    def go(name: str) -> None:
        try:
            for n in range(10):
                with runtime.work(SYSTEM) as work:
                    record(work, "thing.done", "thing", f"{name}-{n}", {})
                ledger.catch_up(runtime)
        except BaseException as error:  # noqa: BLE001 - told by the test
            raised.append(error)

    threads = [threading.Thread(target=go, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    ledger.catch_up(runtime)
    assert size(runtime) == 40


@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute"])
def test_an_error_at_any_statement_of_the_sequencer_leaves_what_was(runtime: Runtime, moment: str) -> None:
    tending.wait(runtime, *(f"t-{n}" for n in range(300)))
    before, step, last_said = tables.dump(runtime), 0, ""
    while tables.dump(runtime) == before:
        step += 1
        with stopped(runtime, moment, step) as said, forgiven(StoppedError), runtime.work(SYSTEM) as work:
            ledger.sequence(work)
        last_said = said[-1]
    assert (last_said, step > FEWEST_STEPS) == ("COMMIT", True)
    assert size(runtime) == 300


@contextmanager
def forgiven(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind:
        return


@pytest.mark.parametrize("name", tending.DEEDS)
def test_a_process_killed_at_any_statement_leaves_what_was_or_all_of_it(runtime: Runtime, name: str) -> None:
    tending.DEEDS[name].prepare(runtime)
    before, step = tables.dump(runtime), 0
    told = [databases.text_of(runtime.engine), runtime.settings.ledger_key_file, name]
    command = [sys.executable, "-m", "tests.actions.tending", *told]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        while tables.dump(runtime) == before:
            step += 1
            # What died after it had signed leaves less to do for the next: that one may come to its end.
            assert ask(process, step) == "killed" or tables.dump(runtime) != before
        process.communicate()
    assert step >= FEWEST_STEPS
    assert size(runtime) == 300
    signed = ledger.checkpoint(runtime)
    assert signed is not None
    assert signed.size == 300


def make_old(runtime: Runtime, seconds: int) -> None:
    """Let an entry wait since some time ago, as the database's own clock tells it."""
    tending.wait(runtime, "t-old")
    moved = {"sqlite": f"datetime('now', '-{seconds} seconds')", "postgresql": f"now() - interval '{seconds} seconds'"}
    off, on = {
        "sqlite": ("DROP TRIGGER ledger_event_keeps_rows_on_update", "SELECT 1"),
        "postgresql": (
            "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_keeps_rows",
            "ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_keeps_rows",
        ),
    }[runtime.engine.dialect.name]
    with runtime.engine.begin() as connection:
        connection.execute(text(off))
        connection.execute(text(f"UPDATE ledger_event SET recorded_at = {moved[runtime.engine.dialect.name]}"))  # noqa: S608 - our own
        connection.execute(text(on))


def change(runtime: Runtime, subject: str = "t-new") -> None:
    with runtime.work(SYSTEM) as work:
        record(work, "thing.done", "thing", subject, {})


def test_whoever_writes_sequences_what_has_waited_for_a_while(runtime: Runtime) -> None:
    make_old(runtime, 2)
    change(runtime)
    assert size(runtime) == 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_whoever_writes_does_not_wait_for_a_sequencer_that_is_at_it(runtime: Runtime) -> None:
    make_old(runtime, 2)
    with runtime.work(SYSTEM) as work:
        sequencing.hold_turn(work.session)
        change(runtime)
    assert (size(runtime), tables.counts(runtime)["ledger_pending"]) == (0, 2)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_fresh_entry_waits_for_the_sequencer(runtime: Runtime) -> None:
    change(runtime, "t-1")
    change(runtime, "t-2")
    assert (size(runtime), tables.counts(runtime)["ledger_pending"]) == (0, 2)


def test_a_service_without_a_sequencer_does_not_lock_itself_out(runtime: Runtime) -> None:
    make_old(runtime, runtime.settings.ledger_merge_delay_seconds + 5)
    change(runtime)
    ledger.catch_up(runtime)
    assert size(runtime) == 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_new_is_recorded_when_what_waited_too_long_cannot_be_sequenced(runtime: Runtime) -> None:
    make_old(runtime, runtime.settings.ledger_merge_delay_seconds + 5)
    with runtime.engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_head VALUES (1, 7, '')"))
    with tables.nothing_changes(runtime), pytest.raises(LedgerBehindError) as told:
        change(runtime)
    assert told.value.figures == {"retry_after": 1}


def test_a_heartbeat_is_written_when_the_last_is_ten_minutes_old(runtime: Runtime, clock: Clock) -> None:
    ledger.tend(runtime)
    clock.move(minutes=9, seconds=59)
    ledger.tend(runtime)
    assert [event["type"] for event in tables.events(runtime)] == ["log.heartbeat"]
    change(runtime)
    clock.move(seconds=1)
    signed = ledger.tend(runtime)
    events = [(event["type"], event["at"], event["data"]) for event in tables.events(runtime)]
    assert events[-1] == ("log.heartbeat", "2026-11-23T02:25:30.123456Z", {"size": 2})
    assert signed is not None
    assert signed.size == 3


def test_two_who_tend_at_once_write_one_heartbeat(runtime: Runtime) -> None:
    threads = [threading.Thread(target=ledger.tend, args=(runtime,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event["type"] for event in tables.events(runtime)] == ["log.heartbeat"]
