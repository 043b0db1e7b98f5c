"""Telling others of checkpoints, each in a thread of its own: whoever is slow keeps nobody else waiting."""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from service import outbound
from service.actions import ledger
from service.core.errors import SluiceError
from service.core.ledger.witnessing import Witness
from service.work import Runtime

SHORTEST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0

_LOG = logging.getLogger(__name__)


def start(runtime: Runtime, every: float) -> None:
    """Begin to ask each witness and to post to the anchor, for as long as the process lives.

    Whoever fails is asked again after twice the pause, up to ``LONGEST_PAUSE``.
    """
    turns: list[Callable[[], bool]] = [partial(_ask, runtime, witness) for witness in runtime.settings.ledger_witnesses]
    if runtime.settings.ledger_anchor_url:
        turns.append(_Anchor(runtime).post)
    for turn in turns:
        Thread(target=_again, args=(turn, max(every, SHORTEST_PAUSE)), daemon=True).start()


def _again(turn: Callable[[], bool], every: float) -> None:
    pause = every
    while True:
        pause = every if _is_done(turn) else max(every, min(2 * pause, LONGEST_PAUSE))
        time.sleep(pause)


def _is_done(turn: Callable[[], bool]) -> bool:
    try:
        return turn()
    except (SluiceError, SQLAlchemyError) as error:
        _LOG.warning("nobody was told of the checkpoint", exc_info=error)
        return False


def _ask(runtime: Runtime, witness: Witness) -> bool:
    asked = ledger.cosign_by(runtime, witness, outbound.post)
    if asked.because is not None:
        level = logging.CRITICAL if asked.is_alarming else logging.WARNING
        _LOG.log(level, "no cosignature", extra={"witness": asked.witness, "because": asked.because})
    return asked.because is None


class _Anchor:
    """What the anchor has, as far as this process knows."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._has = ledger.Anchored()

    def post(self) -> bool:
        self._has = ledger.anchor(self._runtime, outbound.post, self._has)
        if self._has.because is not None:
            _LOG.warning("the anchor took no checkpoint", extra={"because": self._has.because})
        return self._has.because is None
