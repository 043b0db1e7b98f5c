"""Doing ahead of a unit of work what takes long and needs no database, so that nobody waits behind it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from service.web.headers import request_id
from service.web.process import runtime
from service.work import Identify, Work

# Takes a unit of work that only reads, what was given and the parts of the path; gives what is then done outside of
# any, None where there is nothing. Whatever keeps the deed from being done is for the deed to refuse.
Ahead: TypeAlias = Callable[..., Callable[[], Any] | None]


def done_ahead(identify: Identify, look: Callable[[Work], Callable[[], Any] | None]) -> Any:  # noqa: ANN401 - as it comes
    """Look at what is to be done, and do it when the unit of work that looked has ended."""
    with runtime().work(identify, request_id=request_id(), read_only=True) as work:
        found = look(work)
    return None if found is None else found()
