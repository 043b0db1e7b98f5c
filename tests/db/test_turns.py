import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as WaitedTooLongError

from service.core.people import SYSTEM
from service.db.turns import turn
from service.work import Runtime

COUNT = text("SELECT count(*) FROM case_counter")

# Another process: takes the turn, says so, writes after it is told to, and only then ends.
OTHER = """
import fcntl, sqlite3, sys
line = open(sys.argv[1] + "-turn", "wb")
fcntl.flock(line, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO case_counter VALUES (2026, 1)")
connection.commit()
connection.close()
"""


@pytest.fixture
def database() -> str:
    """Only SQLite has a line to stand in."""
    return "sqlite"


@contextmanager
def held(runtime: Runtime) -> Iterator[subprocess.Popen[str]]:
    """The turn is another process's until a line is written to it."""
    file = str(runtime.engine.url.database)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other


def test_whoever_writes_waits_for_the_process_before_it(runtime: Runtime) -> None:
    found: list[int] = []

    def count() -> None:
        with runtime.work(SYSTEM) as work:
            found.append(work.session.execute(COUNT).scalar_one())

    with held(runtime) as other:
        waiting = threading.Thread(target=count)
        waiting.start()
        waiting.join(0.2)
        other.communicate("\n")
        waiting.join()
    assert found == [1]


def test_whoever_reads_waits_for_nobody(runtime: Runtime) -> None:
    with held(runtime) as other:
        with runtime.work(SYSTEM, read_only=True) as work:
            assert work.session.execute(COUNT).scalar_one() == 0
        other.communicate("\n")


def test_a_turn_that_ends_with_its_process_is_the_next_ones(runtime: Runtime) -> None:
    with held(runtime) as other:
        other.kill()
        with runtime.work(SYSTEM) as work:
            assert work.session.execute(COUNT).scalar_one() == 0


def test_a_thread_that_waits_too_long_is_told_so(runtime: Runtime) -> None:
    with turn(runtime.engine), pytest.raises(WaitedTooLongError), turn(runtime.engine, patience=0):
        pass
    with turn(runtime.engine, patience=0):
        assert Path(f"{runtime.engine.url.database}-turn").exists()


def test_an_error_ends_the_turn(runtime: Runtime) -> None:
    with pytest.raises(ZeroDivisionError), turn(runtime.engine):
        raise ZeroDivisionError
    with turn(runtime.engine, patience=0):
        assert Path(f"{runtime.engine.url.database}-turn").exists()
