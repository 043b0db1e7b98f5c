"""What comes in about editions of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from service.actions.proposals import NewProposal, Query
from service.web.forms import AnyText, Day, Form, Text
from service.web.paged import Cursor, PageLimit
from service.web.texts import prose

NEW: Final[Mapping[str, object]] = {
    "proposal": {
        "source": 'rulebook:\n  id: yellow-river\n  edition: "2026.2"\n  …\n',
        "note": "领导小组第十二次会议议定调整财政回报红线",
    }
}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


@dataclass(frozen=True, slots=True)
class On:
    """The day of which it is said what is in force; None for today."""

    on: date | None


@dataclass(frozen=True, slots=True)
class Against:
    """The released edition to compare with; None for the one that a proposal would follow."""

    against: str | None


class NewProposalForm(Form):
    """A rules file as a whole, and why it should be released."""

    makes = NewProposal
    neutral: ClassVar[Mapping[str, object]] = {"source": "", "note": ""}

    source = AnyText(
        required=True, metadata=_said("规则文件全文 · the text of the rules file (YAML)") | {"minLength": 1}
    )
    note = Text(required=True, metadata=prose("说明 · why; kept in the ledger for ever, so without personal data"))


class ProposalQueryForm(Form):
    """Which page of the proposals."""

    makes = Query

    cursor = Cursor()
    limit = PageLimit()


class OnForm(Form):
    """Of which day it is said what is in force."""

    makes = On
    neutral: ClassVar[Mapping[str, object]] = {"on": None}

    on = Day(metadata=_said("日期 · the day of which in_force is said; held is today"))


class AgainstForm(Form):
    """Which edition to compare with."""

    makes = Against
    neutral: ClassVar[Mapping[str, object]] = {"against": None}

    against = Text(
        metadata=_said("与哪一版比较 · sha256 of a released edition; held is the one the proposal would follow")
    )
