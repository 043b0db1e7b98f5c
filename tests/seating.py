"""Seats and recusals put straight into the tables, for tests of sight. Meetings have actions of their own."""

from uuid import UUID, uuid4

from service.actions.ledger import record
from service.core.people import SYSTEM, Actor
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, MeetingRow, RecusalRow, SeatRow
from service.work import Work
from tests.make import House


def seat(house: House, case_id: UUID, actor: Actor) -> UUID:
    """Give somebody a seat at a meeting with a submitted case on its agenda."""
    person_id, meeting_id = _person(actor), uuid4()
    with house.work(SYSTEM) as work:
        work.session.add(_meeting(work, meeting_id, person_id))
        work.session.flush()
        work.session.add(
            SeatRow(meeting_id=meeting_id, person_id=person_id, place=1, held_by=person_id, chair=False, voting=True)
        )
        work.session.add(_item(work, meeting_id, work.session.get_one(ApplicationRow, case_id), person_id))
    return meeting_id


def recuse(house: House, case_id: UUID, actor: Actor) -> None:
    """Give somebody a seat, and take their part in the case away."""
    meeting_id, person_id = seat(house, case_id, actor), _person(actor)
    with house.work(SYSTEM) as work:
        event_id = record(work, "recusal.declared", "application", str(case_id), {"person": actor.ref})
        work.session.add(
            RecusalRow(
                meeting_id=meeting_id,
                n=1,
                person_id=person_id,
                application_id=case_id,
                held_by=person_id,
                kind="declared",
                at=work.now,
                event_id=event_id,
            )
        )


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


def _meeting(work: Work, meeting_id: UUID, person_id: UUID) -> MeetingRow:
    return MeetingRow(
        id=meeting_id,
        title="评审会",
        held_at=work.now,
        state="called",
        called_by=person_id,
        called_at=work.now,
        version=1,
        event_id=record(work, "meeting.called", "meeting", str(meeting_id), {}),
    )


def _item(work: Work, meeting_id: UUID, case: ApplicationRow, person_id: UUID) -> MeetingItemRow:
    return MeetingItemRow(
        meeting_id=meeting_id,
        n=1,
        application_id=case.id,
        of_version=case.versions,
        rulebook_sha256=case.rulebook_sha256,
        waived="[]",
        declared_outcome="defer",
        declared_zh="{}",
        declared_en="{}",
        verified_outcome="defer",
        verified_zh="{}",
        verified_en="{}",
        tabled_by=person_id,
        tabled_at=work.now,
        state="tabled",
        version=1,
        event_id=record(work, "application.tabled", "application", str(case.id), {}),
    )
