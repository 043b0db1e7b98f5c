"""Lists: whole ones, and long ones that come a page at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from service.client.calls import Call
from service.client.reading import shaped
from service.client.sending import Line

MOST: Final = 200

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _List:
    items: tuple[Any, ...]
    next_cursor: str | None = None


def whole(line: Line, kind: type[Answer], path: str) -> tuple[Answer, ...]:
    """Give a list that comes at once."""
    return _shaped(kind, line.ask(_List, Call("GET", path)))


def paged(
    line: Line, kind: type[Answer], path: str, wanted: Mapping[str, str], cursor: str = "cursor"
) -> Iterator[Answer]:
    """Go through a long list, asking for the next page when it is needed."""
    call = Call("GET", path, wanted)
    while True:
        page = line.ask(_List, call)
        yield from _shaped(kind, page)
        if page.next_cursor is None:
            return
        call = replace(call, query={**call.query, cursor: page.next_cursor})


def _shaped(kind: type[Answer], found: _List) -> tuple[Answer, ...]:
    return tuple(shaped(kind, item) for item in found.items)
