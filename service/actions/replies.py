"""Idempotency: a request that comes again gets the answer it got, and nothing happens twice.

``recall`` before the deed, ``remember`` after it, in the deed's own unit of work: either the deed and its answer stay,
or neither. A deed that is refused leaves no answer; the same request may be tried again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sqlalchemy import func, select

from service.core.errors import Flaw, InvalidError, MalformedError
from service.db.replies import ReplyRow
from service.work import RETRY_AFTER_SECONDS, BusyError, Work

LONGEST_KEY: Final = 255


class StillRunningError(BusyError):
    """The first request with this key is not answered yet. Figures: ``retry_after``."""

    code = "still_running"


class KeyReusedError(InvalidError):
    """The key was used for another body before."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the caller may send it again: method, path, the caller's key, and the body's bytes."""

    method: str
    path: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, to be sent again byte for byte."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def is_known(work: Work, asked: Asked) -> bool:
    """Whether this caller got an answer to a request with the same key, whatever its body was."""
    return work.session.get(ReplyRow, _scope(work, asked).hex()) is not None


def recall(work: Work, asked: Asked) -> Reply | None:
    """Give the answer this caller got to the same request, None for a request that is new.

    A new request keeps its key until the work ends. Raises ``StillRunningError`` while another has it,
    ``KeyReusedError`` if the body was another one, ``MalformedError`` for a key that is none.
    """
    if not (0 < len(asked.key) <= LONGEST_KEY and asked.key.isascii() and asked.key.isprintable()):
        raise MalformedError(because="idempotency_key")
    scope = _scope(work, asked)
    _take(work, scope)
    row = work.session.get(ReplyRow, scope.hex())
    if row is None:
        return None
    if row.body_sha256 != _sha256(asked.body):
        raise KeyReusedError((Flaw("", "idempotency_key_reused"),))
    return Reply(row.status, row.body, json.loads(row.headers))


def remember(work: Work, asked: Asked, reply: Reply) -> None:
    """Keep the answer to a request that ``recall`` called new."""
    work.session.add(
        ReplyRow(
            scope=_scope(work, asked).hex(),
            caller=work.actor.ref,
            body_sha256=_sha256(asked.body),
            status=reply.status,
            headers=json.dumps(dict(reply.headers), ensure_ascii=False),
            body=reply.body,
            replied_at=work.now,
        )
    )
    work.session.flush()


def _take(work: Work, scope: bytes) -> None:
    """Hold the key until the work ends; SQLite's one writer holds everything anyway."""
    if work.session.get_bind().dialect.name == "sqlite":
        return
    number = int.from_bytes(scope[:8], signed=True)
    if not work.session.scalars(select(func.pg_try_advisory_xact_lock(number))).one():
        raise StillRunningError(retry_after=RETRY_AFTER_SECONDS)


def _scope(work: Work, asked: Asked) -> bytes:
    parts = (work.actor.ref, asked.method, asked.path, asked.key)
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
