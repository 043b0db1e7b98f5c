"""Deputies: somebody sits for another, from one day to another, at one meeting or at any."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from service.actions.applications import Page
from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.meetings.loading import require_version
from service.actions.meetings.places import bylaws_of, roles_of_people
from service.actions.paging import latest_first
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import MeetingState, deputy_flaws, votes
from service.core.errors import ConflictError, Flaw, ForbiddenError, InvalidError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, Role, person_ref
from service.db.meetings import DeputyRow, MeetingRow, SeatRow
from service.db.people import Person
from service.work import Work


class NotYourSeatError(ForbiddenError):
    """A deputy is appointed by whoever they sit for, or by a chair."""

    code = "not_your_seat"


class DeputyRevokedError(ConflictError):
    """The appointment is revoked already."""

    code = "deputy_revoked"


@dataclass(frozen=True, slots=True)
class NewDeputy:
    """An appointment as asked for; ``person`` is None for the actor, the others where they cannot be read."""

    person: UUID | None
    deputy: UUID | None
    from_on: date | None
    to_on: date | None
    meeting: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of the appointments."""

    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class _Sound:
    """An appointment without a flaw."""

    person: UUID
    deputy: UUID
    from_on: date
    to_on: date
    meeting: UUID | None
    reason: str


def appoint(work: Work, new: NewDeputy) -> DeputyRow:
    """Appoint a deputy for oneself, or as a chair for another. There are no chains: nobody passes a seat on.

    Raises ``NotYourSeatError``, ``InvalidError`` with every flaw.
    """
    work.actor.require(Permission.APPOINT_DEPUTIES)
    me = _me(work)
    person = new.person or me
    if person != me and Role.CHAIR not in work.actor.roles:
        raise NotYourSeatError
    return _store(work, _checked(work, person, new), me)


def find(work: Work, query: Query) -> Page[DeputyRow]:
    """List appointments, the latest first, a page at a time; members see those they are part of."""
    work.actor.require(Permission.READ_MEETINGS)
    return latest_first(work, select(DeputyRow).where(_in_sight(work)), DeputyRow.id, query.cursor, query.limit)


def revoke(work: Work, deputy_id: UUID) -> DeputyRow:
    """End an appointment: by whoever it is for, whoever made it, or a chair. Seats already taken stay as they are.

    Raises ``NotFoundError``, ``NotYourSeatError``, ``DeputyRevokedError``.
    """
    work.actor.require(Permission.APPOINT_DEPUTIES)
    found = select(DeputyRow).where(DeputyRow.id == deputy_id, _in_sight(work)).with_for_update()
    row = work.session.scalars(found.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError(kind="deputy")
    if Role.CHAIR not in work.actor.roles and _me(work) not in (row.person_id, row.appointed_by):
        raise NotYourSeatError
    if row.revoked_at is not None:
        raise DeputyRevokedError
    require_version(work, row.version)
    _hold(work, row.person_id)
    row.revoked_at, row.version = work.now, row.version + 1
    data: dict[str, Plain] = {"deputy": str(row.id), "sits": person_ref(row.deputy_id), "version": row.version}
    row.event_id = record(work, "deputy.revoked", "person", str(row.person_id), data)
    work.session.flush()
    return row


def _me(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.APPOINT_DEPUTIES.value)
    return work.actor.person_id


def _in_sight(work: Work) -> ColumnElement[bool]:
    if not work.actor.roles.isdisjoint({Role.SECRETARY, Role.CHAIR, Role.AUDITOR}):
        return true()
    me = work.actor.person_id
    return or_(DeputyRow.person_id == me, DeputyRow.deputy_id == me, DeputyRow.appointed_by == me)


def _checked(work: Work, person: UUID, new: NewDeputy) -> _Sound:
    said = new.reason.strip()
    missing = tuple(
        Flaw(f"/{name}", "member_missing") for name in ("deputy", "from_on", "to_on") if getattr(new, name) is None
    )
    flaws = (*missing, *_people_flaws(work, person, new), *reason_flaws(said))
    if new.deputy is None or new.from_on is None or new.to_on is None:
        raise InvalidError(flaws)
    flaws += deputy_flaws(person, new.deputy, (new.from_on, new.to_on), work.today)
    if flaws:
        raise InvalidError(flaws)
    return _Sound(person, new.deputy, new.from_on, new.to_on, new.meeting, said)


def _people_flaws(work: Work, person: UUID, new: NewDeputy) -> tuple[Flaw, ...]:
    roles = roles_of_people(work, [one for one in (person, new.deputy) if one is not None])
    found: list[Flaw] = []
    if person not in roles:
        found.append(Flaw("/person", "person_unknown"))
    if new.deputy is not None and new.deputy not in roles:
        found.append(Flaw("/deputy", "person_unknown"))
    elif new.deputy is not None and not votes(roles[new.deputy], bylaws_of(work).voting_roles):
        found.append(Flaw("/deputy", "deputy_role"))
    return (*found, *_meeting_flaws(work, new))


def _meeting_flaws(work: Work, new: NewDeputy) -> tuple[Flaw, ...]:
    """At one meeting, nobody sits for another who has a seat of their own, and not once it is open."""
    if new.meeting is None:
        return ()
    meeting = work.session.get(MeetingRow, new.meeting)
    if meeting is None or meeting.state != MeetingState.CALLED.value:
        return (Flaw("/meeting", "deputy_meeting"),)
    own = work.session.get(SeatRow, (new.meeting, new.deputy)) if new.deputy is not None else None
    return () if own is None else (Flaw("/deputy", "deputy_seated"),)


def _store(work: Work, sound: _Sound, me: UUID) -> DeputyRow:
    _hold(work, sound.person)
    deputy_id = new_id(work)
    data: dict[str, Plain] = {
        "deputy": str(deputy_id),
        "sits": person_ref(sound.deputy),
        "from_on": sound.from_on.isoformat(),
        "to_on": sound.to_on.isoformat(),
        "meeting": None if sound.meeting is None else str(sound.meeting),
        "reason": sound.reason,
        "version": 1,
    }
    row = DeputyRow(
        id=deputy_id,
        person_id=sound.person,
        deputy_id=sound.deputy,
        from_on=sound.from_on,
        to_on=sound.to_on,
        meeting_id=sound.meeting,
        reason=sound.reason,
        appointed_by=me,
        appointed_at=work.now,
        version=1,
        event_id=record(work, "deputy.appointed", "person", str(sound.person), data),
    )
    work.session.add(row)
    work.session.flush()
    return row


def _hold(work: Work, person: UUID) -> None:
    """Hold a person's row, so that their chain does not fork."""
    work.session.get_one(Person, person, with_for_update=True)
