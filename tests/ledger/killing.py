"""A process whose children write, vote, sequence and sign all at once until they are killed; see ``test_killing.py``.

For every line read from stdin, a seed, children start and, once the first of them has done something, are killed
(SIGKILL), each at a moment of its own. What they were told is done, because the commit came back, is then written to
stdout as a line of JSON.

    python -m tests.ledger.killing <database url> <papers> <key file> <officer> <meeting> <member> <member>
"""

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn
from uuid import UUID

from service.actions import applications, ledger, meetings
from service.config import Settings
from service.core.cases.seats import Choice
from service.core.people import Actor, Role, person_ref
from service.db.engine import make_engine
from service.signing import open_signer
from service.work import BusyError, Runtime
from tests import make
from tests.conftest import Clock

# How often a child could do each deed, were it alone, before the last one is killed.
TURNS = 5
VOTES = (Choice.SUPPORT, Choice.OPPOSE, Choice.ABSTAIN)

# One turn of a child; gives what it was told, or nothing.
Deed = Callable[[int], dict[str, object] | None]


def actor(person: str, role: Role) -> Actor:
    return Actor(person_ref(UUID(person)), "", frozenset({role}), UUID(person))


def submits(runtime: Runtime, officer: str) -> Deed:
    """Hand an application in; every other time wait until it is in a signed tree."""

    def deed(n: int) -> dict[str, object]:
        with runtime.work(actor(officer, Role.OFFICER)) as work:
            case_id = applications.create(work, make.application()).id
        told: dict[str, object] = {"entries": work.entries, "case": str(case_id)}
        if n % 2:
            included = ledger.include(runtime, work.entries)
            told |= {"indices": included.indices, "size": included.size}
        return told

    return deed


def votes(runtime: Runtime, meeting: str, member: str) -> Deed:
    """Vote, and think again."""

    def deed(n: int) -> dict[str, object]:
        with runtime.work(actor(member, Role.MEMBER)) as work:
            meetings.vote(work, UUID(meeting), 1, VOTES[n % len(VOTES)], "")
        return {"entries": work.entries}

    return deed


def tends(runtime: Runtime) -> Deed:
    """Sequence and sign."""

    def deed(_: int) -> None:
        ledger.tend(runtime)

    return deed


def live(deed: Deed, tell: int) -> NoReturn:
    """Go on until killed."""
    n = 0
    while True:
        n += 1
        try:
            told = deed(n)
        except BusyError:
            continue
        except BaseException:  # noqa: BLE001 - told to the test
            told = {"failed": traceback.format_exc()[-900:]}
        if told is not None:
            os.write(tell, f"{json.dumps(told)}\n".encode())


def born(deed: Deed, tell: int) -> int:
    child = os.fork()
    if child == 0:
        live(deed, tell)
    return child


def one_round(deeds: list[Deed], seed: str, longest: float) -> list[dict[str, object]]:
    """Let children live and die, and give what they were told."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    hear, tell = os.pipe()
    dying = sorted((chance.uniform(0, longest), born(deed, tell)) for deed in deeds)
    os.close(tell)
    select.select([hear], [], [])  # the first has been told
    start = time.monotonic()
    for moment, child in dying:
        time.sleep(max(0.0, start + moment - time.monotonic()))
        os.kill(child, signal.SIGKILL)
    with os.fdopen(hear, encoding="utf-8") as said:
        lines = [line for line in said if line.endswith("\n")]
    for _, child in dying:
        os.waitpid(child, 0)
    return [json.loads(line) for line in lines]


def main() -> None:
    """Take a round for every seed."""
    url, folder, key, officer, meeting, *members = sys.argv[1:]
    settings = Settings(
        database_url=url, evidence_folder=folder, ledger_key_file=key, ledger_origin="zone.example/ledger/1"
    )
    runtime = Runtime(make_engine(url), settings, Clock(), open_signer(settings))
    deeds = [submits(runtime, officer)] * 2 + [votes(runtime, meeting, member) for member in members]
    ledger.tend(runtime)
    for _ in range(2):  # the first time makes rules and statements ready, for every child
        start = time.monotonic()
        for deed in deeds[1:]:
            deed(1)
    longest = TURNS * (time.monotonic() - start)
    runtime.engine.dispose()
    for line in sys.stdin:
        print(json.dumps(one_round([*deeds, *[tends(runtime)] * 2], line.strip(), longest)), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
