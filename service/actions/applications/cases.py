"""Loading a case for somebody: what is not for their eyes is not found, what they may not touch is refused."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from service.actions.applications.sights import is_recused, is_seated
from service.actions.applications.story import day
from service.core.cases.reconsidering import last_day, require_in_time
from service.core.cases.sight import Standing, require_judging, require_sight, require_whose
from service.core.cases.states import DECIDED_AGAINST, MOVES, RECONSIDER, State, Whose, after
from service.core.errors import NotFoundError, StaleError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.meetings import SeatRow
from service.work import Work

# Asked for everything that is read of a case: written once.
_PERSON: Final = bindparam("person", type_=SeatRow.person_id.type)
_PARTS: Final = select(ApplicationRow.id, is_seated(_PERSON), is_recused(_PERSON)).where(
    ApplicationRow.id.in_(bindparam("cases", expanding=True))
)


def seen(work: Work, case_id: UUID, *, lock: bool = False) -> ApplicationRow:
    """Load a case for reading, with its row locked if wanted. Raises ``NotFoundError``."""
    return _seen(work, case_id, lock=lock)[0]


def judged(work: Work, case_id: UUID, *, lock: bool = False) -> ApplicationRow:
    """Load a case whose judging side is read, with its row locked if wanted. Raises ``NotFoundError``."""
    row = _found(work, case_id, lock=lock)
    require_judging(work.actor, standing(work, row))
    return row


def to_judge(work: Work, case_id: UUID) -> ApplicationRow:
    """Load a case for judging something of it and hold its row until the work ends.

    Refused in this order: not there or not for these eyes (``NotFoundError``), the actor's own (``OwnCaseError``).
    """
    row, known = _seen(work, case_id, lock=True)
    require_whose(work.actor, known, Whose.OTHERS)
    return row


def taken(work: Work, case_id: UUID, permission: Permission, whose: Whose) -> ApplicationRow:
    """Load a case for changing and hold its row until the work ends.

    Refused in this order: not there or not for these eyes, not granted, not on this case, not the version last read.
    """
    row, known = _seen(work, case_id, lock=True)
    work.actor.require(permission)
    require_whose(work.actor, known, whose)
    _require_version(work, row)
    return row


def moved(work: Work, case_id: UUID, move: str) -> tuple[ApplicationRow, State]:
    """Load a case for a move and say where it leads.

    After everything ``taken`` refuses, raises ``IllegalMoveError``, and ``ReconsiderationOverError`` when too late.
    """
    rule = MOVES[move]
    row = taken(work, case_id, rule.permission, rule.whose)
    to_state = after(State(row.state), move)
    if move == RECONSIDER:
        require_in_time(reconsider_until(work, row), work.today)
    return row, to_state


def standing(work: Work, row: ApplicationRow) -> Standing:
    """Say of a row what the actor's sight of it depends on."""
    return standings(work, (row,))[row.id]


def standings(work: Work, rows: Sequence[ApplicationRow]) -> dict[UUID, Standing]:
    """Say the same of several rows at once, by their identifiers."""
    found = work.session.execute(_PARTS, {"person": work.actor.person_id, "cases": [row.id for row in rows]})
    parts = {case_id: (bool(seated), bool(recused)) for case_id, seated, recused in found}
    return {
        row.id: Standing(
            State(row.state),
            row.submitted_by,
            filed=row.versions > 0,
            seated=parts[row.id][0],
            recused=parts[row.id][1],
            closed=_is_closed(work, row),
        )
        for row in rows
    }


def reconsider_until(work: Work, row: ApplicationRow) -> date:
    """Give the last day on which a case that was decided against may be opened again; the decision changed it last."""
    return last_day(day(work, row.updated_at), work.settings.reconsider_days)


def changed(work: Work, row: ApplicationRow, event_id: int) -> ApplicationRow:
    """Finish a change of a row: its entry, its next version, its moment."""
    row.event_id = event_id
    row.version += 1
    row.updated_at = work.now
    work.session.flush()
    return row


def _seen(work: Work, case_id: UUID, *, lock: bool) -> tuple[ApplicationRow, Standing]:
    """Load a case for the actor's eyes, and say what their sight of it rests on."""
    row = _found(work, case_id, lock=lock)
    known = standing(work, row)
    require_sight(work.actor, known)
    return row, known


def _found(work: Work, case_id: UUID, *, lock: bool) -> ApplicationRow:
    row = work.session.get(ApplicationRow, case_id, populate_existing=True, with_for_update=True if lock else None)
    if row is None:
        raise NotFoundError(kind="application")
    return row


def _is_closed(work: Work, row: ApplicationRow) -> bool:
    return State(row.state) in DECIDED_AGAINST and work.today > reconsider_until(work, row)


def _require_version(work: Work, row: ApplicationRow) -> None:
    if work.expects is None:
        raise StaleError(because="missing", current=row.version)
    if work.expects != row.version:
        raise StaleError(because="differs", current=row.version, expected=work.expects)
