"""When a call is sent again, and after how long."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from service.client.errors import ClientError, UnansweredError, UnavailableError

# Conflicts in which the service says that nothing was done and that trying again will do.
_BUSY: Final = frozenset({"busy", "still_running"})
_TOO_MANY_REQUESTS: Final = 429
_UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a call is tried in all, and how long is waited in between, in seconds.

    The wait doubles from ``first`` up to ``longest``; of each, half is waited in any case and the rest by chance, so
    that many callers do not come back at once. A ``Retry-After`` is waited out before that; one longer than
    ``longest`` is left to the caller.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 30
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def wait(self, error: ClientError, tried: int, *, repeatable: bool) -> float | None:
        """Say how long to wait before another try, None if there is to be none."""
        if tried >= self.tries or not worth_repeating(error, repeatable=repeatable):
            return None
        asked = error.retry_after or 0
        if asked > self.longest:
            return None
        most = min(self.longest, self.first * 2.0 ** (tried - 1))
        return asked + most / 2 + most / 2 * self.chance()


def worth_repeating(error: ClientError, *, repeatable: bool) -> bool:
    """Whether another try can succeed and cannot do anything twice.

    ``repeatable`` calls read only, or carry an Idempotency-Key. Others are sent again only where the service itself
    said that nothing was done.
    """
    if error.told.described and (error.code in _BUSY or error.status in {_TOO_MANY_REQUESTS, _UNAVAILABLE}):
        return True
    passing = isinstance(error, UnansweredError | UnavailableError) or error.status == _TOO_MANY_REQUESTS
    return repeatable and passing
