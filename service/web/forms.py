"""What comes in: a form reads raw JSON or a query into a frozen dataclass, and tells every flaw at once.

A form never stops at its own flaws. A member it refuses is read as if it were not there, so that the action behind
it can tell its flaws too; the edge raises both together and keeps nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, NoReturn, TypeVar, cast
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load

from service.core.errors import Flaw
from service.core.values import Json, control_at
from service.web.texts import FREE

Made_co = TypeVar("Made_co", covariant=True)

MOST_ITEMS: Final = 200

_LONGEST_INTEGER = 9
_IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Given(Generic[Made_co]):
    """What a form made of the input, and the flaws it found on the way."""

    value: Made_co
    flaws: tuple[Flaw, ...] = ()


def _told(code: str, **figures: object) -> list[Flaw]:
    return [Flaw("", code, figures)]


def _saying(**flaws: list[Flaw] | Flaw) -> dict[str, Any]:
    return dict(flaws)


class Form(Schema):
    """A form: ``makes`` is the dataclass, ``neutral`` what stands in it for a member that is not there."""

    makes: ClassVar[type]
    neutral: ClassVar[Mapping[str, object]] = {}

    error_messages = _saying(unknown=_told("member_unknown")[0])

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> object:
        """Make the dataclass."""
        return self.makes(**{**self.neutral, **data})

    def read(self, raw: Mapping[str, object]) -> Given[Any]:
        """Read an object; flaws point at its members, those of the form first, unknown ones last."""
        try:
            return Given(self.load(raw))
        except ValidationError as error:
            wrong = cast("dict[str, list[Flaw]]", error.messages)
        sound = {name: value for name, value in raw.items() if name in self.fields and name not in wrong}
        flaws = tuple(_placed(name, flaw) for name, found in wrong.items() for flaw in found)
        return Given(self.load(sound, partial=True), flaws)


def _placed(name: str, flaw: Flaw) -> Flaw:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    return Flaw(pointer + flaw.pointer, flaw.code, {"found": name, **flaw.figures})


def _missing(code: str, wanted: str) -> dict[str, Any]:
    wrong = _told("member_type", type=wanted)
    return {"required": _told(code), "null": _told(code), "invalid": wrong, "invalid_utf8": wrong}


class AnyText(fields.String):
    """A text of any characters: the core looks at them, and says where in the text they are."""

    default_error_messages = _missing("text_missing", "text")


class Text(AnyText):
    """A text without control characters. What else it must hold is looked at by the core."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **options: Any) -> None:  # noqa: ANN401 - the library's
        """Take what the documentation says of it."""
        described = dict(metadata or {})
        super().__init__(metadata=described if "enum" in described else {"pattern": FREE, **described}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:  # noqa: ANN401 - the library's
        text: str = super()._deserialize(value, attr, data, **options)
        position = control_at(text)
        if position is not None:
            raise ValidationError(_told("text_character", position=position))
        return text


class Flag(fields.Field[bool]):
    """True or false, and nothing that only looks like it."""

    default_error_messages = _missing("member_missing", "boolean")

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> bool:
        del attr, data
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Switch(fields.Field[bool]):
    """Yes or no in a query."""

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> bool:
        del attr, data
        if value not in ("true", "false"):
            raise ValidationError(cast("Any", _told("member_choice", found=value, known=("true", "false"))))
        return value == "true"


class Object(fields.Field[dict[str, Json]]):
    """A JSON object, kept as it is: the rulebook knows its members."""

    default_error_messages = _missing("member_missing", "object")

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> dict[str, Json]:
        del attr, data
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return value


class Choice(fields.Field[StrEnum]):
    """One of the values of an enumeration."""

    default_error_messages = _missing("member_missing", "text")

    def __init__(self, choices: type[StrEnum], said: str, *, required: bool = False) -> None:
        """Take the enumeration, what the documentation says, and whether it has to be there."""
        described = {"description": said, "enum": [choice.value for choice in choices]}
        super().__init__(required=required, metadata=described)
        self.choices = choices

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> StrEnum:
        del attr, data
        known = {choice.value: choice for choice in self.choices}
        return known[value] if isinstance(value, str) and value in known else _refuse(value, tuple(known))


def _refuse(value: object, known: tuple[str, ...]) -> NoReturn:
    raise ValidationError([Flaw("", "member_choice", {"found": value, "known": known})])


class Moment(fields.Field[datetime]):
    """A moment with its offset from UTC, as RFC 3339 writes it."""

    default_error_messages = _missing("member_missing", "text") | _saying(invalid=_told("member_moment"))

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> datetime:
        del attr, data
        try:
            found = datetime.fromisoformat(str(value))
            if found.utcoffset() is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error
        raise self.make_error("invalid")


class Day(fields.Field[date]):
    """A date, written ``2026-01-31`` and no other way."""

    default_error_messages = _missing("member_missing", "date") | _saying(invalid=_told("member_day"))

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> date:
        del attr, data
        try:
            found = date.fromisoformat(str(value))
        except ValueError as error:
            raise self.make_error("invalid") from error
        if found.isoformat() != value:
            raise self.make_error("invalid")
        return found


class Identifier(fields.Field[UUID]):
    """A UUID, written with its hyphens."""

    default_error_messages = _missing("member_missing", "text") | _saying(invalid=_told("member_identifier"))

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> UUID:
        del attr, data
        if not (isinstance(value, str) and _IDENTIFIER.fullmatch(value)):
            raise self.make_error("invalid")
        return UUID(value)


class WholeNumber(fields.Field[int]):
    """A whole number in a query."""

    default_error_messages = _missing("member_missing", "integer")

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **options: Any) -> None:  # noqa: ANN401 - as above
        """Take what the documentation says of it."""
        super().__init__(metadata={"minimum": 0, "maximum": 10**_LONGEST_INTEGER - 1, **(metadata or {})}, **options)

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> int:
        del attr, data
        text = str(value)
        if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_INTEGER):
            raise self.make_error("invalid")
        return int(text)


class Listing(fields.List[Any]):
    """A list, each of its items read by itself; the flaws of all of them are told, with their places."""

    default_error_messages = _missing("member_missing", "list")

    def __init__(
        self,
        inner: fields.Field[Any],
        *,
        metadata: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401 - as above
    ) -> None:
        """Take what its items are, and what the documentation says of it."""
        super().__init__(inner, metadata={"maxItems": MOST_ITEMS, **(metadata or {})}, **options)

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> list[Any]:
        del attr, data
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if len(value) > MOST_ITEMS:
            raise ValidationError(_told("items_count", length=len(value), most=MOST_ITEMS))
        read = [self._read(item) for item in value]
        flaws = [replace(flaw, pointer=f"/{at}{flaw.pointer}") for at, item in enumerate(read) for flaw in item.flaws]
        if flaws:
            raise ValidationError(cast("Any", flaws))
        return [item.value for item in read]

    def _read(self, item: object) -> Given[Any]:
        try:
            return Given(self.inner.deserialize(item))
        except ValidationError as error:
            return Given(None, tuple(cast("list[Flaw]", error.messages)))


class Records(Listing):
    """A list of objects, each read by a form."""

    def __init__(self, form: type[Form], **options: Any) -> None:  # noqa: ANN401 - the library's
        """Take the form of the items."""
        super().__init__(fields.Nested(form), **options)
        self._form = form()

    def _read(self, item: object) -> Given[Any]:
        if not isinstance(item, dict):
            return Given(None, tuple(_told("member_type", type="object")))
        return self._form.read(item)


@dataclass(frozen=True, slots=True)
class Nothing:
    """What a request without content gives."""


class Empty(Form):
    """A body that may be missing, or an empty object."""

    makes = Nothing


# What the documentation calls the fields above.
TYPES: Final[Mapping[type[fields.Field[Any]], tuple[str, str | None]]] = MappingProxyType(
    {
        Flag: ("boolean", None),
        Object: ("object", None),
        Choice: ("string", None),
        Moment: ("string", "date-time"),
        Day: ("string", "date"),
        Identifier: ("string", "uuid"),
        WholeNumber: ("integer", None),
    }
)
