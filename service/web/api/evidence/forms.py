"""What comes in about papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields

from service.core.cases.evidence import MOST_FACTS, Claims
from service.core.rules.model import Grade
from service.web.forms import Choice, Day, Form, Text
from service.web.texts import due_prose


@dataclass(frozen=True, slots=True)
class Ruling:
    """Why a paper is accepted."""

    reason: str


class Names(fields.List[str]):
    """Names, each in a field of its own or several in one with commas between them."""

    def __init__(self, said: str) -> None:
        """Take what the documentation says."""
        super().__init__(fields.String(), metadata={"description": said, "minItems": 1, "maxItems": MOST_FACTS})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ANN401 - the library's
        del attr, data
        parts = (part.strip() for text in value for part in text.split(","))
        return tuple(part for part in parts if part)


class ClaimsForm(Form):
    """A paper: the file, and what it says of itself: how good it is, which facts it backs, and its dates.

    The file itself goes another way; the form only says that it is there.
    """

    makes = Claims
    neutral: ClassVar[Mapping[str, object]] = {"grade": None, "facts": ()}

    file = fields.Raw(
        metadata={"type": "string", "format": "binary", "description": "文件 · the file, with its name and media type"}
    )
    grade = Choice(Grade, said="佐证等级 · who stands behind it; what a fact needs is in the rulebook")
    facts = Names("所佐证的填报项 · facts it backs by their names, repeated or with commas between them")
    issued_on = Day(metadata={"description": "出具日期 · when it was issued"})
    covers_from = Day(metadata={"description": "覆盖期间起始日 · first day it is about"})
    covers_to = Day(metadata={"description": "覆盖期间截止日 · last day it is about; it does not count afterwards"})
    expires_on = Day(metadata={"description": "有效期截止日 · last day on which it counts"})


class PaperRulingForm(Form):
    """The reason of accepting a paper, if there is one to give."""

    makes = Ruling
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text(metadata=due_prose("理由 · why, if need be; kept in the ledger for ever, so without personal data"))
