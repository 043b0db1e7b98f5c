"""Whatever stops a deed, and wherever: either all of it is there afterwards or nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event

from service.actions import evidence
from service.core.people import SYSTEM
from service.work import Runtime
from tests import databases, make
from tests.actions import deeds, tables
from tests.actions.deeds import DEEDS

ROOT = Path(__file__).parents[2]
FEWEST_STEPS = 6


class StoppedError(Exception):
    """What a test stops a deed with."""


def version_of(house: make.House, case_id: UUID) -> int:
    return 1 if case_id == house.officer.person_id else house.row(case_id).version


def is_whole(runtime: Runtime, name: str, before: dict[str, int]) -> None:
    """All rows of the deed are there, the ledger is sound, and every paper has its content."""
    assert tables.added(before, tables.counts(runtime)) == DEEDS[name].adds
    assert len(tables.events(runtime)) == tables.counts(runtime)["ledger_event"]
    with runtime.work(SYSTEM, read_only=True) as work:
        assert evidence.check(work).damaged == ()


@pytest.fixture(scope="module")
def dying() -> Iterator[subprocess.Popen[str]]:
    """The process whose children die."""
    command = [sys.executable, "-m", "tests.actions.dying"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


def told(house: make.House, name: str, case_id: UUID) -> list[str]:
    """The words that get the process ready for a deed."""
    actor = getattr(house, DEEDS[name].actor)
    (role,) = actor.roles
    return [
        databases.text_of(house.runtime.engine),
        house.runtime.settings.evidence_folder,
        name,
        role.value,
        str(actor.person_id),
        str(case_id),
        str(version_of(house, case_id)),
    ]


def ask(process: subprocess.Popen[str], asked: object) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(asked)}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.mark.parametrize("name", DEEDS)
def test_a_process_killed_at_any_statement_leaves_all_of_its_deed_or_nothing(
    house: make.House, dying: subprocess.Popen[str], name: str
) -> None:
    case_id = DEEDS[name].prepare(house)
    before, counts = tables.dump(house.runtime), tables.counts(house.runtime)
    assert ask(dying, told(house, name, case_id)) == "ready"
    step = 0
    while tables.dump(house.runtime) == before:
        step += 1
        assert ask(dying, step) == "killed"
    assert step >= FEWEST_STEPS
    is_whole(house.runtime, name, counts)


@contextmanager
def stopped(runtime: Runtime, moment: str, last: int) -> Iterator[list[str]]:
    """Statements are listed, and the one of that number fails before or after it is executed."""
    said: list[str] = []

    def stop(*given: object) -> None:
        said.append(str(given[2]) if len(given) > 1 else "COMMIT")
        if len(said) == last:
            raise StoppedError

    for name in (moment, "commit"):
        event.listen(runtime.engine, name, stop)
    yield said
    for name in (moment, "commit"):
        event.remove(runtime.engine, name, stop)


def do_until_stopped(house: make.House, name: str, case_id: UUID, version: int) -> bool:
    """Do the deed; say whether it was stopped."""
    try:
        deeds.do(house.runtime, name, getattr(house, DEEDS[name].actor), case_id, version)
    except StoppedError:
        return True
    return False


@pytest.mark.parametrize("name", DEEDS)
def test_an_error_at_any_statement_leaves_nothing_and_the_deed_can_be_done_again(house: make.House, name: str) -> None:
    case_id = DEEDS[name].prepare(house)
    version, before, counts = version_of(house, case_id), tables.dump(house.runtime), tables.counts(house.runtime)
    step, last_said = 0, ""
    while tables.dump(house.runtime) == before:
        step += 1
        with stopped(house.runtime, "before_cursor_execute", step) as said:
            was_stopped = do_until_stopped(house, name, case_id, version)
        if was_stopped:
            last_said = said[-1]
    assert (was_stopped, last_said) == (False, "COMMIT")
    assert step > FEWEST_STEPS
    is_whole(house.runtime, name, counts)
