"""``sluice worker``: send webhooks what is due, by several threads, once or until stopped; remove what is outdated."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from service import logs, outbound
from service.actions import tidying, webhooks
from service.actions.webhooks import Outcome, Outside
from service.cli import console
from service.cli.runtime import open_house
from service.core.errors import SluiceError
from service.core.people import SYSTEM
from service.outbound import Limits
from service.work import Runtime

_LIMITS: Final = Limits(connect=5, silent=10, whole=20)
_TIDY_SECONDS: Final = 600.0
_LOG = logging.getLogger(__name__)


@click.command("worker", cls=console.Command, help="help.worker")
@click.option("--once", is_flag=True, cls=console.Option, help="option.worker_once")
@click.option("--threads", type=click.IntRange(1, 32), default=4, cls=console.Option, help="option.worker_threads")
@click.option("--every", type=click.FloatRange(min=0.05), default=1.0, cls=console.Option, help="option.worker_every")
@console.language_option
def command(threads: int, every: float, *, once: bool) -> None:
    """Send what is due; whatever goes wrong is told by the log, and tried again."""
    runtime = open_house()
    logs.configure(runtime.settings.log_level)
    turn = partial(_all_due, runtime) if once else partial(_for_ever, runtime, every, _Rounds(_TIDY_SECONDS))
    settled = Counter[Outcome]()
    for found in _at_once(turn, threads):
        settled.update(found)
    _tidy(runtime)
    console.say(
        "worker.done", **{outcome.value: settled[outcome] for outcome in Outcome if outcome is not Outcome.LOST}
    )


def _at_once(turn: Callable[[], Counter[Outcome]], threads: int) -> list[Counter[Outcome]]:
    with ThreadPoolExecutor(threads) as pool:
        return [waits.result() for waits in [pool.submit(turn) for _ in range(threads)]]


def _all_due(runtime: Runtime) -> Counter[Outcome]:
    settled = Counter[Outcome]()
    while (outcome := webhooks.deliver_next(runtime, _outside())) is not None:
        settled[outcome] += 1
    return settled


class _Rounds:
    """Lets one of several threads through, now and again."""

    def __init__(self, seconds: float) -> None:
        """Let the first one through at once."""
        self._seconds, self._next, self._lock = seconds, 0.0, Lock()

    def is_due(self) -> bool:
        """Whether this thread is the one, now."""
        with self._lock:
            now = time.monotonic()
            is_due = now >= self._next
            self._next = now + self._seconds if is_due else self._next
        return is_due


def _for_ever(runtime: Runtime, every: float, rounds: _Rounds) -> Counter[Outcome]:
    while True:
        if rounds.is_due():
            _tidy(runtime)
        if not _is_busy(runtime):
            time.sleep(every)


def _is_busy(runtime: Runtime) -> bool:
    """Send what has been due longest, and say whether there was anything."""
    try:
        outcome = webhooks.deliver_next(runtime, _outside())
    except (SluiceError, SQLAlchemyError) as error:
        _LOG.warning("nothing was sent", exc_info=error)
        return False
    if outcome in (Outcome.LATER, Outcome.DEAD):
        _LOG.warning("a webhook was not told", extra={"outcome": outcome.value})
    return outcome is not None


def _tidy(runtime: Runtime) -> None:
    """Remove what is kept for a while only."""
    try:
        while _tidied(runtime).may_be_more:
            pass
    except (SluiceError, SQLAlchemyError) as error:
        _LOG.warning("nothing was removed", exc_info=error)


def _tidied(runtime: Runtime) -> tidying.Tidied:
    with runtime.work(SYSTEM) as work:
        return tidying.tidy(work)


def _outside() -> Outside:
    return Outside(outbound.resolve, partial(outbound.post, limits=_LIMITS))
