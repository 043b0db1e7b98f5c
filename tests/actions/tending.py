"""A process whose children die while they sequence or sign, driven by ``test_sequencing.py`` as ``dying`` is.

python -m tests.actions.tending <database url> <key file> <deed>
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from service.actions import ledger
from service.actions.ledger import record
from service.config import Settings
from service.core.people import SYSTEM
from service.db.engine import make_engine
from service.signing import open_signer
from service.work import Runtime
from tests.actions.dying import steps


@dataclass(frozen=True)
class Deed:
    """Something done to the tree, and what must be there before."""

    prepare: Callable[[Runtime], object]
    do: Callable[[Runtime], object]


def wait(runtime: Runtime, *subjects: str) -> None:
    """Record entries that are not sequenced: also on SQLite, where no work leaves any behind."""
    with runtime.work(SYSTEM) as work:
        for subject in subjects:
            record(work, "thing.done", "thing", subject, {})
        work.last_steps.clear()


def _wait_long(runtime: Runtime) -> None:
    wait(runtime, *(f"t-{n}" for n in range(300)))


def _sign_and_grow(runtime: Runtime) -> None:
    wait(runtime, *(f"t-{n}" for n in range(100)))
    ledger.catch_up(runtime)
    ledger.checkpoint(runtime)
    wait(runtime, *(f"t-{n}" for n in range(200)))
    ledger.catch_up(runtime)


def _sequence(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        ledger.sequence(work)


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {"sequence": Deed(_wait_long, _sequence), "checkpoint": Deed(_sign_and_grow, ledger.checkpoint)}
)


def _die(runtime: Runtime, name: str, last: int) -> NoReturn:
    steps(runtime.engine, lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == last else None)
    DEEDS[name].do(runtime)
    os._exit(0)


def main() -> None:
    """Let children die, each at the step whose number is read."""
    url, key, name = sys.argv[1:]
    settings = Settings(database_url=url, ledger_key_file=key, ledger_origin="zone.example/ledger/1")
    runtime = Runtime(make_engine(url), settings, signer=open_signer(settings))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _die(runtime, name, int(line))
        _, status = os.waitpid(child, 0)
        print({0: "done", signal.SIGKILL: "killed"}.get(status, f"failed {status}"), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
