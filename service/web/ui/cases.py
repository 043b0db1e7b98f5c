"""The pages of cases: the list, and a case as it stands."""

from typing import Final
from uuid import UUID

from flask import request

from service.actions import applications
from service.core.cases.states import State
from service.core.people import Permission
from service.core.rules.model import Outcome
from service.web.api.applications.forms import QueryForm
from service.web.ui import home
from service.web.ui.case_around import OVERVIEW, around
from service.web.ui.case_sheet import sheet
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import voice

SORTS: Final = ("-number", "number", "-submitted_at", "submitted_at", "-total", "total")

_FILTERS: Final = frozenset(QueryForm().fields) - {"cursor"}

pages = Pages()

LIST = Page(
    name="cases",
    path="/cases",
    permission=Permission.READ_CASES,
    template="cases.html",
    query=QueryForm(),
    in_navigation=True,
    under=home.PAGE,
)
ONE = Page(
    name="case", path="/cases/<uuid:case_id>", permission=Permission.READ_CASES, template="case.html", under=LIST
)


@pages.page(LIST)
def find_cases(call: PageCall[applications.Query]) -> Shows:
    """List the cases in sight, a page at a time."""
    found = applications.find(call.work, call.given)
    words = voice(call.spoken).words
    return {
        "query": call.given,
        "items": found.items,
        "next_cursor": found.next_cursor,
        "states": [(state.value, words[f"state_{state}"]) for state in State],
        "outcomes": [(outcome.value, words[f"outcome_{outcome}"]) for outcome in Outcome],
        "sorts": [(sort, words[f"sort.{sort}"]) for sort in SORTS],
        "filters": [(name, text) for name, text in request.args.items() if text and name in _FILTERS],
    }


@pages.page(ONE)
def read_case(call: PageCall[None], case_id: UUID) -> Shows:
    """Show a case: what it is, how it stands, how it was assessed, and what happened to it."""
    row = applications.get(call.work, case_id)
    speaks = voice(call.spoken)
    return {**around(call.work, row, speaks, OVERVIEW), **sheet(call.work, row, speaks)}
