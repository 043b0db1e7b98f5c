"""Pages of things whose identifiers sort by time, the latest first."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select

from service.actions.applications import LARGEST_PAGE, Page, cursors
from service.core.errors import Flaw, InvalidError, MalformedError
from service.work import Work

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which page: after a cursor, how long, and what of the query the cursor belongs to."""

    cursor: str | None
    limit: int
    bound_to: tuple[str | None, ...] = ()


def latest_first(
    work: Work,
    wanted: Select[Row],
    column: Any,  # noqa: ANN401 - a column that is also a member of the row
    cursor: str | None,
    limit: int,
) -> Page[Row]:
    """Give a page of rows by their identifier, falling; the cursor belongs to whoever asks, and to this list.

    Raises ``InvalidError`` for a limit outside 1 to ``LARGEST_PAGE``, ``MalformedError`` for a cursor of another list.
    """
    return slice_of(work, wanted, column, Slice(cursor, limit))


def slice_of(
    work: Work,
    wanted: Select[Row],
    column: Any,  # noqa: ANN401 - a column that is also a member of the row
    part: Slice,
) -> Page[Row]:
    """Give such a page of a list that is filtered. Raises what ``latest_first`` does."""
    limit = part.limit
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    bound_to = (str(column), *part.bound_to)
    if part.cursor is not None:
        wanted = wanted.where(column < _last(part.cursor, bound_to))
    rows = work.session.scalars(wanted.order_by(column.desc()).limit(limit + 1)).all()
    items = tuple(rows[:limit])
    if len(rows) == len(items):
        return Page(items, None)
    last = getattr(items[-1], column.key)
    return Page(items, cursors.write(cursors.Position(str(last), 0), bound_to))


def _last(cursor: str, bound_to: tuple[str | None, ...]) -> UUID:
    key = cursors.read(cursor, bound_to).key
    try:
        return UUID(key)
    except (TypeError, ValueError, AttributeError) as error:
        raise MalformedError(because="cursor") from error
