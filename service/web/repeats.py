"""Requests that are sent again: with the same ``Idempotency-Key`` they get the answer they got, byte for byte."""

from collections.abc import Callable, Collection
from typing import Final, cast

from flask import Response, request

from service.actions import replies
from service.actions.replies import Asked, Reply
from service.core.values import Json, read_json, write_json
from service.web.proven import ENTRIES
from service.work import Work

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"

_KEPT_HEADERS = ("Content-Type", "ETag", "Location", ENTRIES)


def is_answered(work: Work) -> bool:
    """Whether the request carries a key whose first request was answered."""
    key = request.headers.get(HEADER)
    return key is not None and replies.is_known(work, Asked(request.method, request.path, key, b""))


def answered_once(work: Work, content: bytes, done: Callable[[], Response], withheld: Collection[str] = ()) -> Response:
    """Give the answer to a request that carries a key: the one it got before, or the one it gets now.

    Members that are ``withheld`` are shown once: they are not kept, and null in every repetition.
    """
    asked = Asked(request.method, request.path, request.headers[HEADER], content)
    known = replies.recall(work, asked)
    if known is not None:
        return Response(known.body, known.status, {**known.headers, REPLAYED: "true"})
    response = done()
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    replies.remember(work, asked, Reply(response.status_code, _without(withheld, response.get_data()), kept))
    return response


def _without(withheld: Collection[str], content: bytes) -> bytes:
    if not withheld:
        return content
    told = cast("dict[str, Json]", read_json(content))
    return write_json({name: None if name in withheld else value for name, value in told.items()}).encode()
