"""What is sent, as JSON: figures by value, moments and days as ISO 8601."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import UUID

from service.core.values import Json, write_json

# The facts of an application, by name, as the rulebook declares them.
Facts: TypeAlias = "Mapping[str, object]"


def written(value: object) -> bytes:
    """Write a value. Raises ``TypeError`` for what has no place in JSON, ``ValueError`` for numbers that are none."""
    return write_json(plain(value)).encode()


def plain(value: object) -> Json:
    """Make JSON of a value. A member of ours that is None is left out; a fact that is None is sent as unknown."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(item) for name, item in given.items() if item is not None}
    return _scalar(value)


def text(value: object) -> str:
    """Write a value the way a query or a form takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    scalar = _scalar(value)
    return scalar if isinstance(scalar, str) else write_json(scalar)


def _scalar(value: object) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Enum):
        return _scalar(value.value)
    if isinstance(value, datetime):
        return _moment(value)
    return _words(value)


def _number(value: float | Decimal) -> Decimal:
    """Take a number as it is printed: a float of 0.1 is 0.1."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(str(value))
    return number


def _moment(value: datetime) -> str:
    if value.utcoffset() is None:
        message = f"{value.isoformat()} has no time zone"
        raise ValueError(message)
    return value.isoformat()


def _words(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | UUID):
        return str(value)
    raise TypeError(type(value).__name__)
