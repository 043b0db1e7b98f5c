"""The deeds of a meeting as done to a case, for the tests that stop them: the meeting is the one that has the case."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from service.actions import applications, meetings
from service.actions.meetings import NewMeeting, NewSeat, Ruling
from service.db.meetings import MeetingItemRow, MeetingRow
from service.db.people import PersonRole
from service.work import Work
from tests import make, meeting
from tests.meeting import SUPPORT, in_review, opened, tabled


def called_for(house: make.House) -> UUID:
    """A case in review, and a meeting that could have it."""
    meeting.called(house)
    return in_review(house)


def on_agenda(house: make.House) -> UUID:
    """A case on the agenda of a meeting."""
    case_id = in_review(house)
    tabled(house, case_id)
    return case_id


def on_table(house: make.House) -> UUID:
    """A case on the table of a meeting that is open."""
    case_id = in_review(house)
    opened(house, case_id)
    return case_id


def voted_on(house: make.House) -> UUID:
    """The same, supported by everybody."""
    case_id = in_review(house)
    opened(house, case_id).vote([SUPPORT] * 6)
    return case_id


def call(work: Work, _: UUID) -> None:
    """Call a meeting of all members, one of them in the chair."""
    people = work.session.execute(select(PersonRole.person_id, PersonRole.role).order_by(PersonRole.role)).all()
    seats = [NewSeat(row.person_id, row.role == "member", row.role == "chair") for row in people]
    sitting = [seat for seat in seats if seat.voting or seat.chair]
    meetings.call(work, NewMeeting("评审会", work.now, None, sitting))


def table(work: Work, case_id: UUID) -> None:
    """Put the case on the agenda."""
    meetings.table(work, work.session.scalars(select(MeetingRow.id)).one(), case_id)


def untable(work: Work, case_id: UUID) -> None:
    """Take it off again."""
    item = _item(work, case_id)
    meetings.untable(replace(work, expects=item.version), item.meeting_id, item.n)


def refresh(work: Work, case_id: UUID) -> None:
    """Pin it anew."""
    item = _item(work, case_id)
    meetings.refresh(replace(work, expects=item.version), item.meeting_id, item.n)


def open_(work: Work, case_id: UUID) -> None:
    """Open the meeting with everybody there."""
    found = _meeting(work, case_id)
    seats = meetings.seated(work, found).seats
    meetings.open_(replace(work, expects=found.version), found.id, [seat.person_id for seat in seats])


def recuse(work: Work, case_id: UUID) -> None:
    """Step aside."""
    item = _item(work, case_id)
    meetings.recuse(work, item.meeting_id, item.n, None, "近亲属任职")


def vote(work: Work, case_id: UUID) -> None:
    """Vote for it."""
    item = _item(work, case_id)
    meetings.vote(work, item.meeting_id, item.n, SUPPORT, "符合规划")


def decide(work: Work, case_id: UUID) -> None:
    """Decide as the votes carry."""
    item = _item(work, case_id)
    meetings.decide(replace(work, expects=item.version), item.meeting_id, item.n, Ruling("", [], override=False))


def close(work: Work, case_id: UUID) -> None:
    """Close the meeting, the case undecided."""
    found = _meeting(work, case_id)
    meetings.close(replace(work, expects=found.version), found.id, "时间不足")


def cancel(work: Work, case_id: UUID) -> None:
    """Call the meeting off."""
    found = _meeting(work, case_id)
    meetings.cancel(replace(work, expects=found.version), found.id, "另行召集")


def withdraw(work: Work, case_id: UUID) -> None:
    """Take the case back from the table."""
    applications.withdraw(work, case_id, "另选他址")


def _item(work: Work, case_id: UUID) -> MeetingItemRow:
    return work.session.scalars(select(MeetingItemRow).where(MeetingItemRow.application_id == case_id)).one()


def _meeting(work: Work, case_id: UUID) -> MeetingRow:
    return work.session.get_one(MeetingRow, _item(work, case_id).meeting_id)
