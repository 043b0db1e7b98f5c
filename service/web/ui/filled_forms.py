"""Forms as browsers send them: a field in which nothing stands is not given, and several texts stand in one."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, pre_load

from service.web.forms import Form


class FilledForm(Form):
    """A form whose fields are not given where nothing stands in them."""

    @pre_load
    def drop_empty(self, data: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Leave out what was left empty."""
        return {name: value for name, value in data.items() if value != ""}


class Lines(fields.List[str]):
    """Texts, each on a line of its own."""

    def __init__(self) -> None:
        """Take lines of text."""
        super().__init__(fields.String())

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ANN401 - the library's
        del attr, data
        return tuple(line.strip() for text in value for line in text.splitlines() if line.strip())
