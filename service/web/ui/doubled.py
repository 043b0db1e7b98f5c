"""Forms that are sent twice: what makes something makes it once, and both times lead to the same place.

A form carries a text that is its own. Who sends it again with the same fields is answered as before, by what keeps the
answers of ``Idempotency-Key``. What is shown once is not kept: the second time says that it was done already.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, TypeVar

from flask import request

from service.actions import replies
from service.actions.evidence import SentFile
from service.actions.replies import Asked, Reply, StillRunningError
from service.web.ui import sent
from service.web.ui.pages import Go, Once
from service.web.ui.rendering import addressed
from service.web.views import Shown
from service.work import Work

Answered = TypeVar("Answered")
Found = Go | Once | Shown

# For how long the second of two at once waits for the first, in seconds.
_WAITS: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


def once(work: Work, own: frozenset[str], file: SentFile | None, done: Callable[[], Found]) -> Found:
    """Do what a form asks for, or give the answer that it got before; ``own`` fields make no difference."""
    if not sent.fields().get(sent.ONCE):
        return done()
    asked = Asked(request.method, request.path, _key(own, file), b"")
    known = replies.recall(work, asked)
    if known is not None:
        return Go(**json.loads(known.body))
    found = done()
    if not isinstance(found, Shown):
        replies.remember(work, asked, Reply(HTTPStatus.SEE_OTHER, _kept(found)))
    return found


def waited_for(answered: Callable[[], Answered], waits: Sequence[float] = _WAITS) -> Answered:
    """Answer, after another that the same form came with. Raises ``StillRunningError`` if that one takes long."""
    for seconds in waits:
        try:
            return answered()
        except StillRunningError:
            time.sleep(seconds)
    return answered()


def _key(own: frozenset[str], file: SentFile | None) -> str:
    """Tell a form by its text, its fields and its file."""
    fields = sent.fields()
    held = sorted((name, fields.getlist(name)) for name in fields if name not in own or name == sent.ONCE)
    brought = None if file is None else file.content.finish().sha256
    return hashlib.sha256(json.dumps([held, brought]).encode()).hexdigest()


def _kept(found: Go | Once) -> bytes:
    """Say where whoever sends a form again is led, and what is told there."""
    if isinstance(found, Once):
        found = Go(addressed(found.page.under or found.page), "said.done_already")
    figures = {name: str(value) for name, value in found.figures.items()}
    return json.dumps({"to": found.to, "said": found.said, "figures": figures}).encode()
