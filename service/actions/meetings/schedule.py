"""Meetings as a calendar has them: those to come first, the next one at the top, then those that are over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from service.actions.applications import LARGEST_PAGE, Page, cursors
from service.actions.meetings.loading import items_in_sight, meetings_in_sight
from service.core.cases.meetings import ItemState, MeetingState
from service.core.errors import Flaw, InvalidError, MalformedError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, MeetingRow
from service.work import Work

_AHEAD = MeetingRow.state.in_((MeetingState.CALLED.value, MeetingState.OPEN.value))
_BOUND = "schedule"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of the meetings, of all or of those in one state."""

    state: MeetingState | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Usual:
    """What the next meeting is likely to be like: the number it has in its year, and where the last one was called."""

    year: int
    n: int
    place: str | None


def find(work: Work, asked: Asked) -> Page[MeetingRow]:
    """List the meetings in sight: those to come by their day, rising; then those that are over, the last one first.

    Raises ``InvalidError`` for a limit outside 1 to ``LARGEST_PAGE``, ``MalformedError`` for a cursor of another list.
    """
    work.actor.require(Permission.READ_MEETINGS)
    if not 1 <= asked.limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    wanted = select(MeetingRow).where(meetings_in_sight(work.actor))
    bound_to = (_BOUND, asked.state)
    if asked.state is not None:
        wanted = wanted.where(MeetingRow.state == asked.state.value)
    if asked.cursor is not None:
        wanted = wanted.where(_after(cursors.read(asked.cursor, bound_to).key))
    rows = work.session.scalars(wanted.order_by(*_terms()).limit(asked.limit + 1)).all()
    items = tuple(rows[: asked.limit])
    more = len(rows) > len(items)
    return Page(items, cursors.write(cursors.Position(_key(items[-1]), 0), bound_to) if more else None)


def counts(work: Work, meetings: Iterable[UUID]) -> Mapping[UUID, int]:
    """Say how many items the actor may know of are on the agenda of each meeting, or were when it ended."""
    wanted = (
        select(MeetingItemRow.meeting_id, func.count())
        .join(ApplicationRow, ApplicationRow.id == MeetingItemRow.application_id)
        .where(MeetingItemRow.meeting_id.in_(list(meetings)), MeetingItemRow.state != ItemState.UNTABLED.value)
        .where(items_in_sight(work.actor))
        .group_by(MeetingItemRow.meeting_id)
    )
    return {row[0]: row[1] for row in work.session.execute(wanted)}


def titles(work: Work, meetings: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Say what meetings are called; one that is not in sight is left out."""
    wanted = [one for one in meetings if one is not None]
    rows = select(MeetingRow.id, MeetingRow.title).where(MeetingRow.id.in_(wanted), meetings_in_sight(work.actor))
    return {row.id: row.title for row in work.session.execute(rows)}


def usual(work: Work) -> Usual:
    """Say what the next meeting is likely to be like."""
    work.actor.require(Permission.CALL_MEETINGS)
    zone, year = ZoneInfo(work.settings.time_zone), work.today.year
    this_year = select(func.count()).where(
        MeetingRow.state != MeetingState.CANCELLED.value,
        MeetingRow.held_at >= datetime(year, 1, 1, tzinfo=zone),
        MeetingRow.held_at < datetime(year + 1, 1, 1, tzinfo=zone),
    )
    place = work.session.scalars(select(MeetingRow.place).order_by(MeetingRow.id.desc()).limit(1)).first()
    return Usual(year, (work.session.scalar(this_year) or 0) + 1, place)


def _terms() -> tuple[Any, ...]:
    rising, falling = case((_AHEAD, MeetingRow.held_at)), case((~_AHEAD, MeetingRow.held_at)).desc()
    return case((_AHEAD, 0), else_=1), rising, falling, MeetingRow.id


def _key(row: MeetingRow) -> str:
    is_ahead = row.state in {MeetingState.CALLED.value, MeetingState.OPEN.value}
    return f"{'ahead' if is_ahead else 'over'} {row.held_at.astimezone(UTC).isoformat()} {row.id}"


def _after(key: str | None) -> ColumnElement[bool]:
    """Say which meetings come after one."""
    try:
        where, moment, name = (key or "").split(" ")
        held_at, meeting = datetime.fromisoformat(moment).astimezone(UTC), UUID(name)
    except (ValueError, OverflowError) as error:
        raise MalformedError(because="cursor") from error
    beside = and_(MeetingRow.held_at == held_at, MeetingRow.id > meeting)
    if where == "ahead":
        return or_(~_AHEAD, and_(_AHEAD, or_(MeetingRow.held_at > held_at, beside)))
    return and_(~_AHEAD, or_(MeetingRow.held_at < held_at, beside))
