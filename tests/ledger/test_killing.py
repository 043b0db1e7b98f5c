"""Processes killed at any moment under load: whatever was told to be done is there, and nothing is half done.

``SLUICE_TEST_KILLING_ROUNDS`` says how many rounds there are for each kind of database; 5 without it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from service.actions import doctor, ledger
from service.actions.doctor import Outside
from service.cli.runtime import INSPECTING
from service.core.ledger.proofs import checkpoint_of
from service.core.people import SYSTEM
from service.db.applications import ApplicationRow
from service.work import Runtime
from tests import databases, make, meeting
from tests.actions import tables
from tests.conftest import Clock, service

ROOT: Final = Path(__file__).parents[2]
ROUNDS: Final = int(os.environ.get("SLUICE_TEST_KILLING_ROUNDS", "5"))  # noqa: TID251 - the test run's own settings
PER_DATABASE: Final = 10
NAME: Final = "sluice-dying"

Told = list[dict[str, Any]]


@contextmanager
def dying(house: make.House) -> Iterator[subprocess.Popen[str]]:
    """The process whose children die, and a meeting they vote in."""
    held, settings, engine = meeting.opened(house), house.runtime.settings, house.runtime.engine
    url = engine.url if engine.dialect.name == "sqlite" else engine.url.update_query_dict({"application_name": NAME})
    people = [str(actor.person_id) for actor in (house.officer, *house.members[:2])]
    told = [url.render_as_string(hide_password=False), settings.evidence_folder, settings.ledger_key_file]
    command = [sys.executable, "-m", "tests.ledger.killing", *told, people[0], str(held.id), *people[1:]]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


def one_round(process: subprocess.Popen[str], seed: str) -> Told:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{seed}\n")
    process.stdin.flush()
    told: Told = json.loads(process.stdout.readline())
    return told


def gone(runtime: Runtime) -> None:
    """Wait until PostgreSQL has noticed that nobody is there any more."""
    if runtime.engine.dialect.name == "postgresql":
        left = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name AND datname = :database")
        asked = {"name": NAME, "database": runtime.engine.url.database}
        each = runtime.engine.execution_options(isolation_level="AUTOCOMMIT")  # a transaction sees one moment only
        with each.connect() as connection:
            while connection.execute(left, asked).scalar_one():
                time.sleep(0.01)


def is_there(runtime: Runtime, told: Told) -> None:
    """Everything that was told is there: entries, cases, places in the tree, checkpoints."""
    assert [one["failed"] for one in told if "failed" in one] == []
    with runtime.work(SYSTEM, read_only=True) as work:
        entries = set(work.session.execute(text("SELECT id FROM ledger_event")).scalars())
        places = {row.event_id: row.seq for row in work.session.execute(text("SELECT event_id, seq FROM ledger_leaf"))}
        signed = set(work.session.execute(text("SELECT size FROM ledger_checkpoint")).scalars())
        for one in told:
            assert entries.issuperset(one["entries"])
            assert "case" not in one or work.session.get(ApplicationRow, UUID(one["case"])) is not None
            if "size" in one:
                assert [places[number] for number in one["entries"]] == one["indices"]
                assert one["size"] in signed


def is_whole(runtime: Runtime) -> None:
    """Rows are what the entries say, the tree is that of the entries, and it is signed as it was."""
    assert runtime.signer is not None
    memory = runtime.signer.memory
    sizes = {"memory": checkpoint_of(memory.read_bytes()).size} if memory.exists() else {}
    with runtime.work(INSPECTING, read_only=True) as work:
        assert doctor.examine(work, Outside(runtime.signer.key, sizes)).findings == ()
        assert ledger.health(work, runtime.signer).alarm is None


def rounds(runtime: Runtime, seeds: list[str]) -> tuple[int, int]:
    """Take a round for every seed; give how many things were told, and how many entries there are in the end."""
    house, count = make.house(runtime), 0
    with dying(house) as process:
        for seed in seeds:
            told = one_round(process, seed)
            gone(runtime)
            is_there(runtime, told)
            is_whole(runtime)
            count += len(told)
            ledger.tend(runtime)
        entries = len(tables.events(runtime))
    return count, entries


def test_whatever_was_told_before_a_kill_is_there_and_all_of_it_is_whole(database: str, tmp_path: Path) -> None:
    seeds = [f"{database} {number}" for number in range(ROUNDS)]
    counted = [0, 0]
    for start in range(0, ROUNDS, PER_DATABASE):
        folder = tmp_path / str(start)
        folder.mkdir()
        with databases.fresh(database) as engine:
            told, entries = rounds(service(engine, Clock(), folder), seeds[start : start + PER_DATABASE])
        counted = [counted[0] + told, counted[1] + entries]
    print(f"{database}: {ROUNDS} rounds, {counted[0]} deeds told, {counted[1]} entries")  # noqa: T201 - for -s
    assert counted[0] > ROUNDS
