"""Forms as browsers send them: a field in which nothing stands is not given, and several texts stand in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from marshmallow import fields, pre_load

from service.web.forms import Form, Given


class FilledForm(Form):
    """A form whose fields are not given where nothing stands in them."""

    @pre_load
    def drop_empty(self, data: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Leave out what was left empty."""
        return {name: value for name, value in data.items() if value != ""}


@dataclass(frozen=True, slots=True)
class Texts:
    """The fields of a form as they were typed."""

    of: Mapping[str, str]


class AnyForm(Form):
    """Takes every field as it is: the rulebook knows them, and so does whoever reads them."""

    makes = Texts
    neutral: ClassVar[Mapping[str, object]] = MappingProxyType({"of": {}})

    def read(self, raw: Mapping[str, object]) -> Given[Texts]:
        """Take the fields."""
        return Given(Texts({name: str(text) for name, text in raw.items()}))


class Lines(fields.List[str]):
    """Texts, each on a line of its own."""

    def __init__(self) -> None:
        """Take lines of text."""
        super().__init__(fields.String())

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ANN401 - the library's
        del attr, data
        return tuple(line.strip() for text in value for line in text.splitlines() if line.strip())
