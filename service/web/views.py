"""What goes out: a schema says which members a value shows, a renderer makes bytes and headers of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from flask import request
from marshmallow import EXCLUDE, Schema, fields

from service.actions.applications import Page
from service.core.values import write_json
from service.web.headers import tag

_NONE: Final[Mapping[str, str]] = MappingProxyType({})

# What OpenAPI is told of a content: a schema class, or a schema written out.
Shape: TypeAlias = "type[Schema] | dict[str, Any]"


class View(Schema):
    """What a value shows. More members may come; readers leave out what they do not know."""

    class Meta:
        """Options of the library."""

        unknown = EXCLUDE


class Verbatim(str):
    """JSON text that goes out as it stands."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The content of an answer and the headers that belong to it.

    ``pieces`` are content read as it is sent; ``later`` gives such pieces once the work is committed, and what it
    refuses is answered like any other refusal.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    pieces: Iterator[bytes] | None = None
    later: Callable[[], Iterator[bytes]] | None = None


class Renderer(Protocol):
    """Makes the content of an answer; ``shape`` says of it what ``openapi.yaml`` says."""

    @property
    def shape(self) -> Shape:
        """The schema of the content."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers the content brings."""

    def __call__(self, value: Any, spoken: str) -> Shown:  # noqa: ANN401 - each renderer knows its own value
        """Render a value in ``zh`` or ``en``."""


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever a schema dumps
    """Write what a schema dumped: figures by value, text unescaped, verbatim pieces as they stand."""
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{write_json(name)}:{json_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(json_text, value)) + "]"
    return write_json(value)


class Figure(fields.Field[Decimal]):
    """An exact number, written by value."""

    def _serialize(self, value: Decimal | None, attr: str | None, obj: object, **_: object) -> Decimal | None:
        del attr, obj
        return value


class MomentView(fields.Field[datetime]):
    """A moment in UTC with microseconds."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: object, **_: object) -> str | None:
        del attr, obj
        return None if value is None else moment_text(value)


class Stored(fields.Field[str]):
    """JSON that is kept as text: it goes out as it was kept."""

    def _serialize(self, value: str | None, attr: str | None, obj: object, **_: object) -> Verbatim | None:
        del attr, obj
        return None if value is None else Verbatim(value)


# What the documentation calls the fields above.
TYPES: Final[Mapping[type[fields.Field[Any]], tuple[str, str | None]]] = MappingProxyType(
    {Figure: ("number", None), MomentView: ("string", "date-time"), Stored: ("object", None)}
)


def moment_text(moment: datetime) -> str:
    """Write a moment the way every answer does: ``2026-11-23T02:15:30.123456Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Versioned:
    """Renders a thing that has a version: its tag, and its address if it is new."""

    schema: Schema
    address: str

    @property
    def shape(self) -> Shape:
        """The schema of the thing."""
        return type(self.schema)

    @property
    def headers(self) -> tuple[str, ...]:
        """Its tag and its address."""
        return ("ETag", "Location")

    def __call__(self, value: Any, spoken: str) -> Shown:  # noqa: ANN401 - whatever the schema dumps
        """Render the thing; the language changes nothing."""
        del spoken
        identifier: UUID = value.id
        headers = {"ETag": tag(value.version), "Location": f"{self.address}/{identifier}"}
        return Shown(json_text(self.schema.dump(value)).encode(), headers)


@dataclass(frozen=True, slots=True)
class Plain:
    """Renders one thing without a version."""

    schema: Schema
    headers: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """The schema of the thing."""
        return type(self.schema)

    def __call__(self, value: Any, spoken: str) -> Shown:  # noqa: ANN401 - whatever the schema dumps
        """Render the thing; the language changes nothing."""
        del spoken
        return Shown(json_text(self.schema.dump(value)).encode())


@dataclass(frozen=True, slots=True)
class Listed:
    """Renders a whole list."""

    schema: Schema
    headers: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """The schema of the list."""
        items = {"type": "array", "items": type(self.schema)}
        return {"type": "object", "required": ["items"], "properties": {"items": items}}

    def __call__(self, value: Any, spoken: str) -> Shown:  # noqa: ANN401 - whatever the schema dumps
        """Render the list; the language changes nothing."""
        del spoken
        return Shown(json_text({"items": self.schema.dump(value, many=True)}).encode())


@dataclass(frozen=True, slots=True)
class Paged:
    """Renders a page of a longer list, and the address of the next. ``cursor`` is what the query calls its cursor."""

    schema: Schema
    headers: tuple[str, ...] = ("Link",)
    cursor: str = "cursor"

    @property
    def shape(self) -> Shape:
        """The schema of the page."""
        members = {
            "items": {"type": "array", "items": type(self.schema)},
            "next_cursor": {"type": ["string", "null"], "description": "Null on the last page."},
        }
        return {"type": "object", "required": list(members), "properties": members}

    def __call__(self, value: Page[Any], spoken: str) -> Shown:
        """Render the page; the language changes nothing."""
        del spoken
        page = {"items": self.schema.dump(value.items, many=True), "next_cursor": value.next_cursor}
        headers = _NONE if value.next_cursor is None else {"Link": f'<{self._next(value.next_cursor)}>; rel="next"'}
        return Shown(json_text(page).encode(), headers)

    def _next(self, cursor: str) -> str:
        query = urlencode({**request.args.to_dict(), self.cursor: cursor})
        return f"{request.path}?{query}"
