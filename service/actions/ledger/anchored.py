"""Checkpoints that leave the building: the newest is posted to an anchor, which need do no more than keep it."""

from dataclasses import dataclass
from typing import Final

from service.actions.ledger.checkpoints import newest, note
from service.actions.ledger.witnessed import Post, why
from service.core.people import SYSTEM
from service.outbound import Answer, Letter
from service.work import Runtime

_GOOD: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Anchored:
    """The largest size the anchor is known to have (0: none), and why it did not take the newest, if it did not."""

    size: int = 0
    because: str | None = None


def anchor(runtime: Runtime, post: Post, before: Anchored = Anchored()) -> Anchored:
    """Post the newest checkpoint to the anchor of the settings, if it is larger than what it is known to have."""
    url = runtime.settings.ledger_anchor_url
    with runtime.work(SYSTEM, read_only=True) as work:
        last = newest(work.session)
        if not url or last is None or last.size <= before.size:
            return Anchored(before.size)
        letter = Letter(url, note(work, last.size))
    reply = post(letter)
    if isinstance(reply, Answer) and reply.status in _GOOD:
        return Anchored(last.size)
    return Anchored(before.size, why(reply))
