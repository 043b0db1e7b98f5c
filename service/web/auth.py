"""Who is asking: an API key or an access token shown as bearer, and nothing else. Cookies are never looked at."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Final

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.actions import people
from service.core.errors import SluiceError, UnauthenticatedError
from service.core.people import SYSTEM, Actor
from service.core.tokens import TokenRefusedError
from service.web import tokens
from service.web.headers import request_id
from service.web.process import runtime
from service.work import Identify, Runtime

_SCHEME = "bearer"
_VERIFIER: Final = "sluice_verifier"
_USED: Final = "sluice_key_used"

_log = logging.getLogger(__name__)
# One use is written down at a time; who finds another one at it leaves it to a later request.
_writing = Lock()


def hold(app: Flask, runtime: Runtime) -> None:
    """Give an application what believes tokens, and let it write down which keys are in use."""
    app.extensions[_VERIFIER] = tokens.open_verifier(runtime)
    app.after_request(_with_use)


def identify(header: str | None) -> Identify:
    """Say how to find the actor behind an ``Authorization`` header.

    Whether a key counts is asked inside the unit of work, so that a key revoked a moment ago does not. A token is
    looked at before, as its signer's keys may have to be fetched. Raises ``UnauthenticatedError`` if neither is shown.
    """
    scheme, _, shown = (header or "").partition(" ")
    if scheme.lower() != _SCHEME or not shown:
        raise UnauthenticatedError
    verifier: tokens.Verifier | None = current_app.extensions[_VERIFIER]
    if verifier is not None and tokens.is_token(shown):
        return _of_token(verifier, shown)
    return _of_key(shown)


def _of_key(key: str) -> Identify:
    def who(session: Session, now: datetime) -> Actor:
        return people.who(session, key, now, partial(_saw, now))

    return who


def _of_token(verifier: tokens.Verifier, shown: str) -> Identify:
    with _telling_the_log():
        token = verifier.read(shown, runtime().clock())

    def who(session: Session, now: datetime) -> Actor:
        del now
        with _telling_the_log():
            return people.bearer(session, token)

    return who


@contextmanager
def _telling_the_log() -> Iterator[None]:
    """Let the log alone know why a token does not count."""
    try:
        yield
    except TokenRefusedError as error:
        tokens.refused(error.because, request_id())
        raise UnauthenticatedError from error
    except UnauthenticatedError:
        tokens.refused("nobody_linked", request_id())
        raise


def _saw(now: datetime, key_id: str, last_used_at: datetime | None) -> None:
    if people.is_due(last_used_at, now):
        setattr(g, _USED, key_id)


def _with_use(response: Response) -> Response:
    """Let the use of a key be written down when the answer has been sent."""
    key_id: str | None = g.pop(_USED, None)
    if key_id is not None:
        response.call_on_close(partial(_write, runtime(), key_id))
    return response


def _write(runtime: Runtime, key_id: str) -> None:
    if not _writing.acquire(blocking=False):
        return
    try:
        with runtime.work(SYSTEM) as work:
            people.note_use(work, key_id)
    except (SluiceError, DBAPIError):
        _log.warning("the use of a key was not written down", exc_info=True)
    finally:
        _writing.release()
