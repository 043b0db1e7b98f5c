"""The meeting's side of one case, for those who judge it: where it is or was on the table, and what was decided."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from service.actions.applications.cases import standing
from service.actions.meetings.loading import OnTable, meetings_in_sight
from service.core.cases.meetings import MeetingState
from service.core.cases.sight import sight
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow
from service.work import Work


def of_case(work: Work, case: ApplicationRow) -> list[OnTable]:
    """List the items a case is or was, the latest first; none for whoever has no part in judging it."""
    if not (work.actor.may(Permission.READ_MEETINGS) and sight(work.actor).judges(standing(work, case))):
        return []
    wanted = (
        select(MeetingRow, MeetingItemRow, DecisionRow)
        .join(MeetingItemRow, MeetingItemRow.meeting_id == MeetingRow.id)
        .outerjoin(
            DecisionRow, and_(DecisionRow.meeting_id == MeetingItemRow.meeting_id, DecisionRow.item == MeetingItemRow.n)
        )
        .where(MeetingItemRow.application_id == case.id, meetings_in_sight(work.actor))
        .order_by(MeetingItemRow.tabled_at.desc(), MeetingRow.id.desc(), MeetingItemRow.n.desc())
    )
    return [OnTable(meeting, item, case, decision) for meeting, item, decision in work.session.execute(wanted)]


def ahead(work: Work) -> Sequence[MeetingRow]:
    """List the meetings that are called and not open yet, the next one first."""
    work.actor.require(Permission.READ_MEETINGS)
    called = select(MeetingRow).where(MeetingRow.state == MeetingState.CALLED.value, meetings_in_sight(work.actor))
    return work.session.scalars(called.order_by(MeetingRow.held_at, MeetingRow.id)).all()
