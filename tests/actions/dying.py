"""A process whose children die in the middle of their work, driven by ``test_dying.py``.

For every number read from stdin one child does the deed and kills itself (SIGKILL) right before the statement of that
number; after the statements come two more steps, right before and right after the commit. "killed" or "done" is
written to stdout when the child has ended.

    python -m tests.actions.dying <database url> <papers> <deed> <actor's role> <person id> <case id> <version>
"""

import itertools
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


def main() -> None:
    """Do the deed once without leaving a trace, so that every child finds all code loaded; then let children die."""
    url, folder, deed, *told = sys.argv[1:]
    runtime = Runtime(make_engine(url), Settings(database_url=url, evidence_folder=folder), Clock())
    with work_of(runtime, told, dry=True) as work:
        DEEDS[deed].do(work, UUID(told[2]))
    runtime.engine.dispose()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die(runtime, deed, told, int(line))
        _, status = os.waitpid(child, 0)
        print({0: "done", signal.SIGKILL: "killed"}.get(status, f"failed {status}"), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
