"""The clock of a case, read from its chain in the ledger: every entry that moved it says where to."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from service.actions.applications.read import get
from service.actions.applications.story import day, events
from service.core.cases.clock import Clock, Step
from service.core.cases.clock import clock as read_clock
from service.core.cases.states import State
from service.db.applications import ApplicationRow
from service.work import Work

_MOVES = ("application.", "decision.")


def clock(work: Work, case_id: UUID) -> Clock:
    """Read the clock of a case as of today. Raises ``NotFoundError``, ``NoCalendarError``."""
    row = get(work, case_id)
    return read_clock(_steps(work, row), work.calendar, work.settings.review_days, work.today)


def _steps(work: Work, row: ApplicationRow) -> Iterator[Step]:
    for event in events(work, row):
        to_state = event["data"].get("to")
        if to_state is not None and event["type"].startswith(_MOVES):
            yield Step(State(to_state), day(work, datetime.fromisoformat(event["at"])))
