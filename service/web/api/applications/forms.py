"""What comes in about applications."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from service.actions.applications import NewApplication, Query
from service.core.cases.states import State
from service.core.rules.model import Outcome
from service.core.values import Json
from service.web.forms import Choice, Flag, Form, Moment, Object, Text, WholeNumber


@dataclass(frozen=True, slots=True)
class NewFacts:
    """Facts that take the place of all the old ones."""

    facts: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a move is made."""

    reason: str


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class NewApplicationForm(Form):
    """An application: who applies, for what, and the facts the rulebook asks for."""

    makes = NewApplication
    neutral: ClassVar[Mapping[str, object]] = {
        "applicant_name": "",
        "credit_code": "",
        "project_name": "",
        "project_code": None,
        "facts": {},
        "draft": False,
    }

    applicant_name = Text(required=True, metadata=_said("申报主体 · the applicant's registered name"))
    credit_code = Text(required=True, metadata=_said("统一社会信用代码 · 18 characters with both check digits"))
    project_name = Text(required=True, metadata=_said("项目名称 · the project"))
    project_code = Text(
        allow_none=True, metadata=_said("投资项目在线审批监管平台代码 · the state platform's code, if any")
    )
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

    reason = Text(required=True, metadata=_said("理由 · why; kept in the ledger for ever, so without personal data"))


class QueryForm(Form):
    """What to look for, in which order, and which page."""

    makes = Query

    state = Choice(State, said="状态 · where the application stands")
    outcome = Choice(Outcome, said="结论 · what its latest assessment says")
    category = Text(metadata=_said("类别 · depth of review by its latest assessment"))
    industry = Text(metadata=_said("行业代码的开头 · beginning of the industry code"))
    submitted_after = Moment(metadata=_said("此刻之后提交 · submitted after this moment"))
    submitted_before = Moment(metadata=_said("此刻之前提交 · submitted before this moment"))
    text = Text(metadata=_said("名称或编号的一部分 · part of the applicant's or project's name, or of the number"))
    sort = Text(metadata=_said("submitted_at, number, total; a leading minus turns it round; held is -number"))
    cursor = Text(metadata=_said("上一页的 next_cursor · next_cursor of the page before"))
    limit = WholeNumber(metadata=_said("每页条数 · items on a page, 1 to 200, held is 50"))
