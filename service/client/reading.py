"""Answers as typed values: members the client does not know are left out, missing ones are an error."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from service.client.errors import Told, UnreadableError
from service.core.errors import MalformedError
from service.core.values import Json, read_json

Answer = TypeVar("Answer")


def read(kind: type[Answer], content: bytes) -> Answer:
    """Read an answer of a kind. Raises ``UnreadableError`` for one that is not of it."""
    return shaped(kind, parsed(content))


def parsed(content: bytes) -> Json:
    """Read JSON, every number a ``Decimal``. Raises ``UnreadableError`` for anything else."""
    try:
        return read_json(content)
    except MalformedError as error:
        raise unreadable("json") from error


def shaped(kind: type[Answer], raw: Json) -> Answer:
    """Give JSON the shape of a kind. Raises ``UnreadableError`` if it does not have it."""
    try:
        value: Answer = _value(kind, raw)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
        detail = f"{kind.__name__}: {error}"
        raise unreadable(detail) from error
    return value


def unreadable(detail: str) -> UnreadableError:
    """Say what of an answer is not as it should be."""
    return UnreadableError(Told("unreadable", detail=detail))


def _value(kind: Any, raw: Any) -> Any:  # noqa: ANN401 - as many types as there are annotations
    if kind is Any:
        return raw
    if kind in _READERS:
        return _READERS[kind](raw)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_value(arguments[0], item) for item in _require(list, raw))
    if origin is Mapping:
        return {name: _value(arguments[1], item) for name, item in _require(dict, raw).items()}
    if NoneType in arguments:
        return None if raw is None else _value(next(arm for arm in arguments if arm is not NoneType), raw)
    return kind(**_members(kind, _require(dict, raw)))


def _members(kind: Hashable, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read the members a class has; a trailing underscore keeps a name apart from a word of Python."""
    return {
        name: _value(hint, raw[name.rstrip("_")])
        for name, hint, optional in _hints(kind)
        if not (optional and name.rstrip("_") not in raw)
    }


@cache
def _hints(kind: Hashable) -> tuple[tuple[str, Any, bool], ...]:
    answer = cast("type[Any]", kind)
    found = get_type_hints(answer)
    return tuple((field.name, found[field.name], field.default is not MISSING) for field in fields(answer))


def _require(kind: type[Any], raw: Any) -> Any:  # noqa: ANN401 - gives what it takes
    if not isinstance(raw, kind):
        message = f"{kind.__name__} expected"
        raise TypeError(message)
    return raw


def _integer(raw: Decimal) -> int:
    number = _require(Decimal, raw)
    if number != int(number):
        raise ValueError(str(number))
    return int(number)


_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = MappingProxyType(
    {
        str: lambda raw: _require(str, raw),
        bool: lambda raw: _require(bool, raw),
        int: _integer,
        Decimal: lambda raw: _require(Decimal, raw),
        UUID: lambda raw: UUID(_require(str, raw)),
        datetime: lambda raw: datetime.fromisoformat(_require(str, raw)),
        date: lambda raw: date.fromisoformat(_require(str, raw)),
    }
)
