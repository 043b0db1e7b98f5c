"""The clock of a case, read from its chain in the ledger: every entry that moved it says where to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.actions.applications.read import get
from service.actions.applications.story import day, events
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock, Step
from service.core.cases.clock import clock as read_clock
from service.core.cases.states import State
from service.db.applications import ApplicationRow
from service.db.ledger import LedgerEvent
from service.work import Work

_MOVES = ("application.", "decision.")


def clock(work: Work, case_id: UUID) -> Clock:
    """Read the clock of a case as of today. Raises ``NotFoundError``, ``NoCalendarError``."""
    row = get(work, case_id)
    return read_clock(_steps(work, events(work, row)), work.calendar, work.settings.review_days, work.today)


def clocks(work: Work, rows: Iterable[ApplicationRow]) -> Mapping[UUID, Clock]:
    """Read the clocks of cases in sight as of today; none of a case whose days no calendar has."""
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = select(LedgerEvent.subject_id, LedgerEvent.canon).where(
        LedgerEvent.subject_kind == "application", LedgerEvent.subject_id.in_([str(row.id) for row in rows])
    )
    for subject, canon in work.session.execute(wanted.order_by(LedgerEvent.subject_id, LedgerEvent.rev)):
        told[subject].append(json.loads(canon))
    found: dict[UUID, Clock] = {}
    for subject, story in told.items():
        with suppress(NoCalendarError):
            steps = _steps(work, story)
            found[UUID(subject)] = read_clock(steps, work.calendar, work.settings.review_days, work.today)
    return found


def _steps(work: Work, story: Iterable[dict[str, Any]]) -> Iterator[Step]:
    for event in story:
        to_state = event["data"].get("to")
        if to_state is not None and event["type"].startswith(_MOVES):
            yield Step(State(to_state), day(work, datetime.fromisoformat(event["at"])))
