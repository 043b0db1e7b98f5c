"""Reading the opinions on a case, on its judging side only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from service.actions.applications.cases import judged
from service.actions.applications.story import day
from service.core.cases.opinions import is_late
from service.core.people import Permission
from service.db.opinions import OpinionRow
from service.work import Work


class OpinionState(StrEnum):
    """How an opinion stands: asked for and not given, given, or replaced by a newer one of its department."""

    ASKED = "asked"
    GIVEN = "given"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as it stands today; ``late`` also where its day is over and nothing came."""

    row: OpinionRow
    state: OpinionState
    late: bool
    conditions: tuple[str, ...]


def find(work: Work, case_id: UUID) -> list[Opinion]:
    """List what departments were asked and what they said, in that order. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_OPINIONS)
    return _opinions(work, judged(work, case_id).id)


def opinion(work: Work, row: OpinionRow) -> Opinion:
    """Say how one opinion stands."""
    return next(found for found in _opinions(work, row.application_id) if found.row.n == row.n)


def _opinions(work: Work, case_id: UUID) -> list[Opinion]:
    of_case = select(OpinionRow).where(OpinionRow.application_id == case_id).order_by(OpinionRow.n)
    rows = work.session.scalars(of_case).all()
    latest = _latest(rows)
    return [_standing(work, row, latest) for row in rows]


def _latest(rows: Iterable[OpinionRow]) -> frozenset[int]:
    """Give the number of the last opinion that each department gave."""
    return frozenset({row.department: row.n for row in rows if row.given_at is not None}.values())


def _standing(work: Work, row: OpinionRow, latest: frozenset[int]) -> Opinion:
    state = OpinionState.GIVEN if row.n in latest else OpinionState.REPLACED
    given_on = None if row.given_at is None else day(work, row.given_at)
    return Opinion(
        row=row,
        state=OpinionState.ASKED if given_on is None else state,
        late=is_late(row.due_on, given_on, work.today),
        conditions=tuple(json.loads(row.conditions or "[]")),
    )
