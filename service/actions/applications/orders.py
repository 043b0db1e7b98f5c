"""The orders cases can be listed in. Every order is total: the serial decides between equals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Numeric, String, and_, cast, literal, or_

from service.actions.applications.cursors import Position
from service.core.errors import MalformedError
from service.core.values import DIGITS, number_text
from service.db.applications import ApplicationRow
from service.db.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Key:
    """What an order sorts by before the serial: the column, a row's key as text, and that text as SQL again."""

    column: ColumnElement[Any]
    text_of: Callable[[ApplicationRow], str | None]
    literal_of: Callable[[str], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """An order: by a key (None: by serial alone), rising or falling. Rows without the key come last either way."""

    key: Key | None
    descending: bool

    def terms(self) -> tuple[ColumnElement[Any], ...]:
        """Give the terms of ORDER BY."""
        serial = _directed(ApplicationRow.serial, self.descending)
        if self.key is None:
            return (serial,)
        return (self.key.column.is_(None), _directed(self.key.column, self.descending), serial)

    def text_of(self, row: ApplicationRow) -> str | None:
        """Give the key of a row, for a cursor."""
        return None if self.key is None else self.key.text_of(row)

    def after(self, position: Position) -> ColumnElement[bool]:
        """Say in SQL which rows come after a position. Raises ``MalformedError`` for a key that is none."""
        later = _beyond(ApplicationRow.serial, literal(position.serial), self.descending)
        if self.key is None:
            return later
        column = self.key.column
        if position.key is None:
            return and_(column.is_(None), later)
        mark = self.key.literal_of(position.key)
        return or_(column.is_(None), _beyond(column, mark, self.descending), and_(column == mark, later))


def _directed(column: Any, descending: bool) -> ColumnElement[Any]:  # noqa: ANN401, FBT001 - any column; a direction
    term: ColumnElement[Any] = column.desc() if descending else column.asc()
    return term


def _beyond(column: Any, mark: Any, descending: bool) -> ColumnElement[bool]:  # noqa: ANN401, FBT001 - as above
    beyond: ColumnElement[bool] = column < mark if descending else column > mark
    return beyond


def _moment(text: str) -> ColumnElement[Any]:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise MalformedError(because="cursor")
        return literal(moment.astimezone(UTC), UtcDateTime())
    except (ValueError, OverflowError) as error:
        raise MalformedError(because="cursor") from error


def _figure(text: str) -> ColumnElement[Any]:
    try:
        figure = Decimal(text)
    except InvalidOperation as error:
        raise MalformedError(because="cursor") from error
    if not figure.is_finite() or abs(figure.adjusted()) > DIGITS:
        raise MalformedError(because="cursor")
    return cast(literal(number_text(figure), String()), Numeric())


# Decimals are text on SQLite; as NUMERIC they sort by value on both databases.
_TOTAL = Key(
    cast(ApplicationRow.total, Numeric()),
    lambda row: None if row.total is None else number_text(row.total),
    _figure,
)
_SUBMITTED_AT = Key(
    ApplicationRow.__table__.c.submitted_at,
    lambda row: None if row.submitted_at is None else row.submitted_at.isoformat(),
    _moment,
)

KEYS: Mapping[str, Key | None] = MappingProxyType({"submitted_at": _SUBMITTED_AT, "number": None, "total": _TOTAL})


def order(sort: str) -> Order | None:
    """Give the order of that name, falling with a leading minus; None if there is none of that name."""
    name = sort.removeprefix("-")
    return Order(KEYS[name], descending=sort != name) if name in KEYS else None
