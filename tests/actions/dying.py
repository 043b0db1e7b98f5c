"""A process whose children die in the middle of their work, driven by ``test_dying.py``.

For every number read from stdin one child does the deed and kills itself (SIGKILL) right before the statement of that
number; after the statements come two more steps, right before and right after the commit. "killed" or "done" is
written to stdout when the child has ended.

    python -m tests.actions.dying <database url> <deed> <actor's role> <person id> <case id> <version>
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from service.config import Settings
from service.core.people import Actor, Role, person_ref
from service.db.engine import make_engine
from service.work import Runtime
from tests.actions import deeds
from tests.conftest import Clock


def steps(engine: Engine, at: Callable[[int], None]) -> None:
    """Call ``at`` with 1, 2, 3… before every statement, before the commit, and after it."""
    count = itertools.count(1)
    for target, name in ((engine, "before_cursor_execute"), (engine, "commit"), (Session, "after_commit")):
        event.listen(target, name, lambda *_: at(next(count)))


def die(url: str, deed: str, told: list[str], last: int) -> NoReturn:
    """Do the deed and die at the step of that number, or end when there is none."""
    role, person_id, case_id, version = told
    actor = Actor(person_ref(UUID(person_id)), "", frozenset({Role(role)}), UUID(person_id))
    engine = make_engine(url)
    steps(engine, lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == last else None)
    runtime = Runtime(engine, Settings(database_url=url), Clock())
    deeds.do(runtime, deed, actor, UUID(case_id), int(version))
    os._exit(0)


def main() -> None:
    """Let one child after the other die."""
    url, deed, *told = sys.argv[1:]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die(url, deed, told, int(line))
        _, status = os.waitpid(child, 0)
        print({0: "done", signal.SIGKILL: "killed"}.get(status, f"failed {status}"), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
