"""What is asked of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import post_load

from service.actions.entries import Wanted
from service.core.errors import MalformedError
from service.core.ledger.spelling import LARGEST_SIZE, read_number
from service.web.forms import Form, WholeNumber
from service.web.paged import PageLimit


@dataclass(frozen=True, slots=True)
class Place:
    """The number of an entry, and the size of the checkpoint to prove it to; None is the newest."""

    index: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Two sizes of the tree."""

    old: int
    new: int


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class LedgerNumber(WholeNumber):
    """The number of an entry or the size of a tree, in the ledger's one spelling."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **options: Any) -> None:  # noqa: ANN401 - the library's
        """Take what the documentation says of it."""
        super().__init__(metadata={"maximum": LARGEST_SIZE, **(metadata or {})}, **options)

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> int:
        del attr, data
        try:
            return read_number(str(value))
        except MalformedError as error:
            raise self.make_error("invalid") from error


class PlaceForm(Form):
    """Which entry, proven to which checkpoint."""

    makes = Place
    neutral: ClassVar[Mapping[str, object]] = {"index": 0, "size": None}

    index = LedgerNumber(required=True, metadata=_said("记录序号 · number of the entry in the tree, from 0"))
    size = LedgerNumber(metadata=_said("检查点大小，缺省为最新 · size of a signed checkpoint; otherwise the newest"))


class SizesForm(Form):
    """From which checkpoint to which."""

    makes = Sizes

    class Meta:
        """``from`` is a word of the language, so that its field cannot be written as the others are."""

        include: ClassVar[Mapping[str, LedgerNumber]] = {
            "from": LedgerNumber(required=True, metadata=_said("较早检查点的大小 · size of the older checkpoint")),
            "to": LedgerNumber(required=True, metadata=_said("较新检查点的大小 · size of the newer checkpoint")),
        }

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> object:
        """Make the sizes."""
        return Sizes(data.get("from", 0), data.get("to", 0))


class WantedForm(Form):
    """Which entries."""

    makes = Wanted

    after = LedgerNumber(metadata=_said("此序号之后 · after this number; otherwise from the first on"))
    limit = PageLimit()
