"""What is asked of the pages of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import post_load

from service.actions.entries import Sought
from service.web.api.ledger.forms import LedgerNumber
from service.web.forms import Day, Form, Text, WholeNumber


class SoughtForm(Form):
    """Which entries; ``cursor`` is the number to go on below."""

    makes = Sought
    neutral: ClassVar[Mapping[str, object]] = {}

    type = Text()
    kind = Text()
    subject = Text()
    actor = Text()
    from_ = Day(data_key="from", attribute="from_on")
    to = Day(attribute="to_on")
    cursor = LedgerNumber(attribute="before")
    limit = WholeNumber()


@dataclass(frozen=True, slots=True)
class Between:
    """The sizes of two checkpoints, None where it is not said."""

    old: int | None
    new: int | None


class BetweenForm(Form):
    """From which checkpoint to which."""

    from_ = LedgerNumber(data_key="from")
    to = LedgerNumber()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> object:
        """Make the sizes."""
        return Between(data.get("from_"), data.get("to"))
