"""What waits for whoever asks, and what of it is late: cases of their own, and what they are to judge."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, select

from service.actions import proposals
from service.actions.accountability.looking import Looking
from service.actions.accountability.waiting import waiting
from service.actions.applications.cases import reconsider_until
from service.actions.applications.clocks import clocks
from service.actions.applications.sights import has_part
from service.actions.applications.story import day
from service.core.cases.accountability import Figure, Holder, Period
from service.core.cases.meetings import ItemState, MeetingState
from service.core.cases.opinions import is_late
from service.core.cases.states import State
from service.core.cases.waiting import Waiting, Waits, in_order
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, MeetingRow, RecusalRow, SeatRow, VoteRow
from service.db.opinions import OpinionRow
from service.db.people import Person
from service.work import Work

_OWN = {State.RETURNED: Waits.SUPPLEMENT, State.DRAFT: Waits.DRAFT, State.DEFERRED: Waits.DEFERRED}
_JUDGED = {
    Figure.CASES_TO_ACCEPT: Waits.ACCEPT,
    Figure.OPINIONS_ASKED: Waits.OPINION,
    Figure.PAPERS_PENDING: Waits.PAPERS,
    Figure.ITEMS_TO_DECIDE: Waits.DECIDE,
}
_TABLED = frozenset({Waits.VOTE, Waits.DECIDE})
# What is nobody's in particular, and through which deed it waits for somebody.
_SHARED = {
    Figure.CASES_TO_ACCEPT: Permission.ACCEPT_CASES,
    Figure.PAPERS_PENDING: Permission.RULE_ON_EVIDENCE,
}


def mine(work: Work) -> tuple[Waiting, ...]:
    """Give what waits for whoever asks, what is late first."""
    work.actor.require(Permission.READ_ONESELF)
    person = work.actor.person_id
    if person is None:
        return ()
    cases = [*_own(work, person), *_judged(work, person), *_to_table(work, person), *_votes(work, person)]
    return in_order([*_dated(work, cases, _opinions_due(work, person)), *_meetings(work), *_proposals(work)])


def _own(work: Work, person: UUID) -> Iterator[tuple[Waits, UUID]]:
    """Go through one's own cases that nobody else goes on with."""
    if work.actor.may(Permission.EDIT_CASES):
        states = [state.value for state in _OWN]
        wanted = select(ApplicationRow).where(ApplicationRow.submitted_by == person, ApplicationRow.state.in_(states))
        for row in work.session.scalars(wanted):
            if State(row.state) is not State.DEFERRED or work.today <= reconsider_until(work, row):
                yield _OWN[State(row.state)], row.id


def _judged(work: Work, person: UUID) -> Iterator[tuple[Waits, UUID]]:
    """Go through what waits for those who judge a case."""
    me = work.session.get_one(Person, person)
    holder = Holder(me.id, me.name, me.department, work.actor.roles)
    look = Looking(work, Period(work.today, work.today), (holder,))
    for duty in waiting(look):
        shared = _SHARED.get(duty.figure)
        is_mine = person in duty.people if shared is None else work.actor.may(shared)
        if is_mine and duty.figure in _JUDGED:
            yield _JUDGED[duty.figure], duty.shown.application_id


def _to_table(work: Work, person: UUID) -> Iterator[tuple[Waits, UUID]]:
    """Go through cases under review on which every opinion that was asked has been given."""
    if not work.actor.may(Permission.CALL_MEETINGS):
        return
    awaited = exists().where(
        OpinionRow.application_id == ApplicationRow.id,
        OpinionRow.of_version == ApplicationRow.versions,
        OpinionRow.stance.is_(None),
    )
    wanted = select(ApplicationRow.id).where(ApplicationRow.state == State.IN_REVIEW.value, has_part(person), ~awaited)
    yield from ((Waits.TABLE, case_id) for case_id in work.session.scalars(wanted))


def _votes(work: Work, person: UUID) -> Iterator[tuple[Waits, UUID]]:
    """Go through items of open meetings at which one holds a seat that has not voted."""
    of_seat = and_(
        VoteRow.meeting_id == SeatRow.meeting_id, VoteRow.n == MeetingItemRow.n, VoteRow.person_id == SeatRow.person_id
    )
    recused = and_(
        RecusalRow.meeting_id == SeatRow.meeting_id,
        RecusalRow.n == MeetingItemRow.n,
        RecusalRow.person_id == SeatRow.person_id,
    )
    wanted = (
        select(ApplicationRow.id)
        .join(MeetingItemRow, MeetingItemRow.application_id == ApplicationRow.id)
        .join(MeetingRow, MeetingRow.id == MeetingItemRow.meeting_id)
        .join(SeatRow, SeatRow.meeting_id == MeetingRow.id)
        .where(MeetingRow.state == MeetingState.OPEN.value, MeetingItemRow.state == ItemState.TABLED.value)
        .where(SeatRow.held_by == person, SeatRow.voting, SeatRow.present.is_(True), has_part(person))
        .where(~exists().where(of_seat), ~exists().where(recused))
    )
    yield from ((Waits.VOTE, case_id) for case_id in work.session.scalars(wanted))


def _meetings(work: Work) -> Iterator[Waiting]:
    """Go through meetings that are called and not open yet."""
    if work.actor.may(Permission.RUN_MEETINGS):
        for row in work.session.scalars(select(MeetingRow).where(MeetingRow.state == MeetingState.CALLED.value)):
            due_on = day(work, row.held_at)
            yield Waiting(Waits.OPEN, row.id, None, row.title, due_on, late=due_on < work.today)


def _proposals(work: Work) -> Iterator[Waiting]:
    """Go through editions of the rules that somebody else proposed, and that nobody has decided on."""
    if work.actor.may(Permission.RELEASE_RULES):
        for row in proposals.open_ones(work):
            yield Waiting(Waits.RELEASE, row.id, None, row.edition)


def _opinions_due(work: Work, person: UUID) -> Mapping[UUID, date]:
    """Give the days of the opinions that one's department is asked for."""
    department = work.session.get_one(Person, person).department
    wanted = select(OpinionRow.application_id, OpinionRow.due_on).where(
        OpinionRow.department == department, OpinionRow.stance.is_(None)
    )
    return {case_id: due_on for case_id, due_on in work.session.execute(wanted) if due_on is not None}


def _dated(work: Work, found: Iterable[tuple[Waits, UUID]], opinions: Mapping[UUID, date]) -> Iterator[Waiting]:
    """Say of each case what it is called and when it is due: an opinion on its own day, else the whole review."""
    things = list(found)
    wanted = select(ApplicationRow).where(ApplicationRow.id.in_({case_id for _, case_id in things}))
    rows = {row.id: row for row in work.session.scalars(wanted)}
    read, tables = clocks(work, rows.values()), _tables(work, [case_id for why, case_id in things if why in _TABLED])
    for why, case_id in things:
        row, clock = rows[case_id], read.get(case_id)
        due_on, late = (None, False) if clock is None else (clock.due_on, clock.overdue)
        if why is Waits.DEFERRED:
            due_on, late = reconsider_until(work, row), False
        if why is Waits.OPINION and case_id in opinions:
            due_on = opinions[case_id]
            late = is_late(due_on, None, work.today)
        table = tables.get(case_id) if why in _TABLED else None
        yield Waiting(why, case_id, row.number, row.project_name, due_on, late, table)


def _tables(work: Work, cases: Collection[UUID]) -> Mapping[UUID, tuple[UUID, int]]:
    """Say on which table each of the cases lies: the meeting, and the number of the item."""
    wanted = select(MeetingItemRow.application_id, MeetingItemRow.meeting_id, MeetingItemRow.n).where(
        MeetingItemRow.application_id.in_(cases), MeetingItemRow.state == ItemState.TABLED.value
    )
    return {case_id: (meeting_id, n) for case_id, meeting_id, n in work.session.execute(wanted)}
