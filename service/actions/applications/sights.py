"""Sight in SQL: what ``service.core.cases.sight`` says of one case, said of many at once."""

from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, exists, false, or_, true

from service.core.cases.sight import sight
from service.core.cases.states import State
from service.core.people import Actor
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, RecusalRow, SeatRow


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Say which rows of ``application`` the actor sees (``Sight.covers``)."""
    seen = sight(actor)
    own = ApplicationRow.submitted_by == seen.own if seen.own is not None else false()
    filed = and_(ApplicationRow.versions > 0, ApplicationRow.state != State.DRAFT.value) if seen.filed else false()
    within = true() if seen.everything else or_(filed, is_seated(seen.person))
    return or_(own, and_(within, ~is_recused(seen.person)))


def has_part(person: UUID | None) -> ColumnElement[bool]:
    """Say in judging which rows of ``application`` a person may have a part (``sight.has_part``)."""
    if person is None:
        return true()
    return and_(ApplicationRow.submitted_by != person, ~is_recused(person))


def is_seated(person: UUID | BindParameter[UUID] | None) -> ColumnElement[bool]:
    """Say for which rows of ``application`` a person has or holds a seat at a meeting that has it."""
    if person is None:
        return false()
    return exists().where(
        MeetingItemRow.application_id == ApplicationRow.id,
        SeatRow.meeting_id == MeetingItemRow.meeting_id,
        or_(SeatRow.person_id == person, SeatRow.held_by == person),
    )


def is_recused(person: UUID | BindParameter[UUID] | None) -> ColumnElement[bool]:
    """Say from which rows of ``application`` a person is recused: with their own seat, or one they hold or held."""
    if person is None:
        return false()
    holds = exists().where(
        SeatRow.meeting_id == RecusalRow.meeting_id,
        SeatRow.person_id == RecusalRow.person_id,
        SeatRow.held_by == person,
    )
    return exists().where(
        RecusalRow.application_id == ApplicationRow.id,
        or_(RecusalRow.person_id == person, RecusalRow.held_by == person, holds),
    )
