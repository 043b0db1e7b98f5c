"""Asking departments for their opinions, also while a case is accepted."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from service.actions import applications
from service.actions.applications.cases import to_judge
from service.actions.ledger import record
from service.actions.opinions.rows import departments_of, next_n, open_request
from service.core.cases.opinions import ASKED_IN, AlreadyAskedError, request_flaws, require_open
from service.core.cases.states import State
from service.core.errors import Flaw, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.opinions import OpinionRow
from service.work import Work


def ask(work: Work, case_id: UUID, department: str, due_on: date | None = None) -> OpinionRow:
    """Ask a department for its opinion on a case, until a day; held is so many working days as are set.

    Refused in this order: not granted, not for these eyes, the actor's own case, every flaw at once (``InvalidError``),
    a state in which nothing is asked for, a department that has not answered yet. Raises ``NoCalendarError``.
    """
    work.actor.require(Permission.ASK_OPINIONS)
    row = to_judge(work, case_id)
    asked = (("/department", department.strip()),)
    _require_sound(work, asked, due_on)
    (opinion,) = _ask(work, row, asked, due_on)
    return opinion


def accept(work: Work, case_id: UUID, departments: Sequence[str] = (), due_on: date | None = None) -> ApplicationRow:
    """Take a submitted case into review and ask departments for their opinions on it, all in one or nothing.

    Raises what accepting raises, then what asking raises; without departments a day is for nothing.
    """
    row = applications.accept(work, case_id)
    if not departments and due_on is None:
        return row
    asked = [(f"/departments/{at}", department.strip()) for at, department in enumerate(departments)]
    _require_sound(work, asked, due_on)
    work.actor.require(Permission.ASK_OPINIONS)
    _ask(work, row, asked, due_on)
    return row


def _require_sound(work: Work, asked: Sequence[tuple[str, str]], due_on: date | None) -> None:
    flaws = request_flaws(asked, departments_of(work), due_on, work.today)
    if due_on is not None and not asked:
        flaws = (Flaw("/departments", "departments_missing"), *flaws)
    if flaws:
        raise InvalidError(flaws)


def _ask(
    work: Work, row: ApplicationRow, asked: Iterable[tuple[str, str]], due_on: date | None
) -> tuple[OpinionRow, ...]:
    require_open(State(row.state), ASKED_IN)
    until = due_on or work.calendar.after(work.today, work.settings.opinion_days)
    return tuple(_store(work, row, department, until) for _, department in asked)


def _store(work: Work, row: ApplicationRow, department: str, due_on: date) -> OpinionRow:
    before = open_request(work, row.id, department)
    if before is not None:
        raise AlreadyAskedError(department=department, due_on=before.due_on)
    n = next_n(work, row.id)
    data: dict[str, Plain] = {
        "n": n,
        "of_version": row.versions,
        "department": department,
        "due_on": due_on.isoformat(),
    }
    opinion = OpinionRow(
        application_id=row.id,
        n=n,
        of_version=row.versions,
        department=department,
        asked_by=work.actor.person_id,
        asked_at=work.now,
        due_on=due_on,
        version=1,
        event_id=record(work, "opinion.asked", "application", str(row.id), data),
    )
    work.session.add(opinion)
    work.session.flush()
    return opinion
