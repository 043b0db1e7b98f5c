"""A process whose children die in the middle of their work, driven by ``test_dying.py``.

A line of stdin names a deed and what it is done with, in JSON: the words after the database's URL and the papers'
folder are the deed, the actor's role, the person, the case and its version. Every number in the lines after it lets one
child do the deed and kill itself (SIGKILL) right before the statement of that number; after the statements come two
more steps, right before and right after the commit. "ready", "killed" or "done" answers each line.

    python -m tests.actions.dying
"""

import gc
import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NoReturn
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from service.config import Settings
from service.core.people import Actor, Role, person_ref
from service.db.engine import make_engine
from service.work import Runtime, Work
from tests.actions.deeds import DEEDS
from tests.conftest import Clock


def steps(engine: Engine, at: Callable[[int], None]) -> None:
    """Call ``at`` with 1, 2, 3… before every statement, before the commit, and after it."""
    count = itertools.count(1)
    for target, name in ((engine, "before_cursor_execute"), (engine, "commit"), (Session, "after_commit")):
        event.listen(target, name, lambda *_: at(next(count)))


def die(runtime: Runtime, deed: str, told: list[str], last: int) -> NoReturn:
    """Do the deed and die at the step of that number, or end when there is none."""
    steps(runtime.engine, lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == last else None)
    with work_of(runtime, told) as work:
        DEEDS[deed].do(work, UUID(told[2]))
    os._exit(0)


def work_of(runtime: Runtime, told: list[str], *, dry: bool = False) -> AbstractContextManager[Work]:
    """Open the unit of work of the deed."""
    role, person_id, _, version = told
    actor = Actor(person_ref(UUID(person_id)), "", frozenset({Role(role)}), UUID(person_id))
    return runtime.work(actor, request_id="r-1", expects=int(version), dry=dry)


def ready(url: str, folder: str, deed: str, *told: str) -> Callable[[int], str]:
    """Do the deed once without leaving a trace, so that every child finds all code loaded; then let children die."""
    runtime = Runtime(make_engine(url), Settings(database_url=url, evidence_folder=folder), Clock())
    with work_of(runtime, list(told), dry=True) as work:
        DEEDS[deed].do(work, UUID(told[2]))
    runtime.engine.dispose()
    gc.collect()
    gc.freeze()

    def let_die(step: int) -> str:
        child = os.fork()
        if child == 0:
            die(runtime, deed, list(told), step)
        _, status = os.waitpid(child, 0)
        return {0: "done", signal.SIGKILL: "killed"}.get(status, f"failed {status}")

    return let_die


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, list):
            let_die, answer = ready(*asked), "ready"
        else:
            answer = let_die(asked)
        print(answer, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
