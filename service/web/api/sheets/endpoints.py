"""The endpoints of what comes out of a review."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from service.actions.accountability import Asked, account
from service.actions.letters import decision_letter
from service.actions.meetings.minutes import minutes
from service.actions.meetings.scores import scores
from service.core.cases.letters import Letter
from service.core.people import Permission
from service.web.api.sheets import accountability as accounting
from service.web.api.sheets import letters, minutes_paper, scores_paper
from service.web.api.sheets import minutes as telling_minutes
from service.web.api.sheets import scores as telling_scores
from service.web.api.sheets.accountability import AccountView, PeriodForm, ToldAccount
from service.web.api.sheets.letters import LetterView
from service.web.api.sheets.minutes import ToldMinutes
from service.web.api.sheets.minutes_view import MinutesView
from service.web.api.sheets.saying import Saying
from service.web.api.sheets.scores import ToldSheet
from service.web.api.sheets.scores_view import ScoresView
from service.web.chosen import Chosen, Writer
from service.web.endpoints import Call, Endpoint
from service.web.errors import NotAcceptableError
from service.web.printing.documents import DOCX_TYPE
from service.web.printing.pages import HTML_TYPE
from service.web.printing.workbooks import XLSX_TYPE
from service.web.routes import Routes
from service.web.views import Plain, View
from service.work import Work

_MEETING: Final = "/meetings/<uuid:meeting_id>"

routes = Routes("sheets", ("会议材料与文书", "Scores sheets, minutes, letters, accountability"))


def _chosen(view: View, others: Mapping[str, Writer]) -> Chosen:
    return Chosen(Plain(view), MappingProxyType(others))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_MEETING}/scores",
        permission=Permission.READ_MEETINGS,
        title=("查看评分表", "Read the scores sheet"),
        renders=_chosen(ScoresView(), {HTML_TYPE: scores_paper.print_page, XLSX_TYPE: scores_paper.book}),
        refuses=(NotAcceptableError,),
    )
)
def get_scores(call: Call[None], meeting_id: UUID) -> ToldSheet:
    """Read what a meeting looks at: its cases as tabled, ranked by the worse of both outcomes and the verified total.

    Cases from which you are recused, and your own, are left out of it, also out of ranks, means and portfolio. JSON, a
    print page or a workbook, by Accept.
    """
    return telling_scores.told(scores(call.work, meeting_id), _saying(call.work, call.spoken))


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_MEETING}/minutes",
        permission=Permission.READ_MEETINGS,
        title=("查看会议纪要", "Read the minutes"),
        renders=_chosen(MinutesView(), {HTML_TYPE: minutes_paper.print_page, DOCX_TYPE: minutes_paper.file}),
        refuses=(NotAcceptableError,),
    )
)
def get_minutes(call: Call[None], meeting_id: UUID) -> ToldMinutes:
    """Read what a meeting did, once it is open; a draft until it is closed.

    Items from which you are recused, and your own, are left out. JSON, a print page or a document, by Accept.
    """
    return telling_minutes.told(minutes(call.work, meeting_id), _saying(call.work, call.spoken))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/applications/<uuid:case_id>/letter",
        permission=Permission.READ_CASES,
        title=("查看结论告知书", "Read the decision letter"),
        renders=_chosen(LetterView(), {HTML_TYPE: letters.print_page}),
        refuses=(NotAcceptableError,),
    )
)
def get_letter(call: Call[None], case_id: UUID) -> Letter:
    """Read the letter about the latest decision: outcome, every reason and its cure, conditions, reconsideration.

    It says nothing of votes, opinions and members, and is the same whenever it is read. JSON or a print page, by
    Accept.
    """
    return decision_letter(call.work, case_id, call.spoken)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/accountability",
        permission=Permission.READ_ACCOUNTABILITY,
        title=("查看履责情况", "Read who answers for what"),
        query=PeriodForm(),
        renders=_chosen(AccountView(), {HTML_TYPE: accounting.print_page, XLSX_TYPE: accounting.book}),
        refuses=(NotAcceptableError,),
    )
)
def get_accountability(call: Call[Asked]) -> ToldAccount:
    """Read for every person and role what waits now, what is overdue, and what was done from one day to another.

    Each figure names the ledger entries that show it. Cases from which you are recused, and your own, are left out.
    JSON, a print page or a workbook, by Accept.
    """
    return ToldAccount(_saying(call.work, call.spoken), account(call.work, call.given))


def _saying(work: Work, spoken: str) -> Saying:
    return Saying(spoken, ZoneInfo(work.settings.time_zone))
