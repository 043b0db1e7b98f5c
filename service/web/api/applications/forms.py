"""What comes in about applications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from service.actions.applications import NewApplication, NewHeader, Query
from service.actions.applications.orders import KEYS
from service.core.cases.headers import LONGEST_CODE, LONGEST_NAME, SHORTEST_NAME
from service.core.cases.opinions import LONGEST_DEPARTMENT
from service.core.cases.states import State
from service.core.rules.model import Outcome
from service.core.values import Json
from service.web.forms import Choice, Day, Flag, Form, Listing, Moment, Object, Switch, Text
from service.web.paged import Cursor, PageLimit
from service.web.texts import credit_code, line, prose, sought

ORDERS: Final = [sign + name for name in KEYS for sign in ("", "-")]


@dataclass(frozen=True, slots=True)
class NewFacts:
    """Facts that take the place of all the old ones."""

    facts: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a move is made."""

    reason: str


@dataclass(frozen=True, slots=True)
class Which:
    """Which assessment is asked for: as it was written, or by what is verified now."""

    verified_only: bool = False


@dataclass(frozen=True, slots=True)
class Accepting:
    """Departments to be asked while a case is accepted."""

    departments: Sequence[str]
    due_on: date | None


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


_HEADER: Final[Mapping[str, object]] = {
    "applicant_name": "",
    "credit_code": "",
    "project_name": "",
    "project_code": None,
}


class NewHeaderForm(Form):
    """Who applies, for what."""

    makes: ClassVar[type] = NewHeader
    neutral: ClassVar[Mapping[str, object]] = _HEADER

    applicant_name = Text(
        required=True, metadata=line("申报主体 · the applicant's registered name", LONGEST_NAME, SHORTEST_NAME)
    )
    credit_code = Text(required=True, metadata=credit_code("统一社会信用代码 · 18 characters with both check digits"))
    project_name = Text(required=True, metadata=line("项目名称 · the project", LONGEST_NAME, SHORTEST_NAME))
    project_code = Text(
        allow_none=True,
        metadata=line("投资项目在线审批监管平台代码 · the state platform's code, if any", LONGEST_CODE, 0),
    )


class NewApplicationForm(NewHeaderForm):
    """An application: who applies, for what, and the facts the rulebook asks for."""

    makes = NewApplication
    neutral: ClassVar[Mapping[str, object]] = {**_HEADER, "facts": {}, "draft": False}

    facts = Object(required=True, metadata=_said("填报项 · facts by their names in the rulebook"))
    draft = Flag(metadata=_said("true：只保存不提交 · only store, do not submit yet"))


class NewFactsForm(Form):
    """Facts that replace those of a draft or returned application."""

    makes = NewFacts
    neutral: ClassVar[Mapping[str, object]] = {"facts": {}}

    facts = Object(required=True, metadata=_said("填报项 · facts by their names in the rulebook"))


class ReasonForm(Form):
    """The reason of a move, for the timeline."""

    makes = Reason
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text(required=True, metadata=prose("理由 · why; kept in the ledger for ever, so without personal data"))


class WhichForm(Form):
    """Which of the assessments of a version."""

    makes = Which

    verified_only = Switch(
        metadata={
            "type": "boolean",
            "description": "true：仅采信有佐证的填报项，即时评价 · count only what is verified, worked out now",
        }
    )


class AcceptingForm(Form):
    """Which departments to ask for their opinions while accepting; none need be."""

    makes = Accepting
    neutral: ClassVar[Mapping[str, object]] = {"departments": (), "due_on": None}

    departments = Listing(
        Text(metadata=line("部门 · a department that has reviewers", LONGEST_DEPARTMENT)),
        metadata=_said("征求意见的部门 · whom to ask") | {"uniqueItems": True},
    )
    due_on = Day(
        allow_none=True,
        metadata=_said("期限 · the last day to answer; held is the number of working days that is set"),
    )


class QueryForm(Form):
    """What to look for, in which order, and which page."""

    makes = Query

    state = Choice(State, said="状态 · where the application stands")
    outcome = Choice(Outcome, said="结论 · what its latest assessment says")
    category = Text(metadata=sought("类别 · depth of review by its latest assessment"))
    industry = Text(metadata=sought("行业代码的开头 · beginning of the industry code"))
    submitted_after = Moment(metadata=_said("此刻之后提交 · submitted after this moment"))
    submitted_before = Moment(metadata=_said("此刻之前提交 · submitted before this moment"))
    text = Text(metadata=sought("名称或编号的一部分 · part of the applicant's or project's name, or of the number"))
    sort = Text(
        metadata={"description": "顺序 · the order; a leading minus turns it round; held is -number", "enum": ORDERS}
    )
    cursor = Cursor()
    limit = PageLimit()
