"""What waits for whom now, and what is overdue."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import select

from service.actions.accountability.looking import Looking, of_cases, of_rows
from service.core.cases.accountability import Duty, Figure, speakers
from service.core.cases.evidence import EvidenceState
from service.core.cases.meetings import ItemState
from service.core.cases.opinions import ASKED_IN, is_late
from service.core.cases.states import State
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.db.meetings import MeetingItemRow, MeetingRow, SeatRow
from service.db.opinions import OpinionRow

_UNDER_REVIEW = tuple(state.value for state in ASKED_IN)
_SUBMITTED, _RETURNED = State.SUBMITTED.value, State.RETURNED.value


def waiting(look: Looking) -> Iterator[Duty]:
    """Go through everything that waits for somebody."""
    yield from _cases(look)
    yield from _opinions(look)
    yield from _papers(look)
    yield from _items(look)


def _cases(look: Looking) -> Iterator[Duty]:
    """Go through submitted cases, which wait for any reviewer, and returned ones, which wait for their submitters."""
    wanted = of_cases().where(ApplicationRow.state.in_((_SUBMITTED, _RETURNED)))
    for row, shown in look.found(wanted):
        if row.state == _SUBMITTED:
            yield Duty(Figure.CASES_TO_ACCEPT, shown)
        else:
            yield Duty(Figure.CASES_TO_SUPPLEMENT, shown, (row.submitted_by,))


def _opinions(look: Looking) -> Iterator[Duty]:
    """Go through opinions that are asked; they wait for who speaks for the department while the case is reviewed."""
    wanted = of_rows(OpinionRow).where(
        OpinionRow.stance.is_(None),
        OpinionRow.of_version == ApplicationRow.versions,
        ApplicationRow.state.in_(_UNDER_REVIEW),
    )
    for row, shown in look.found(wanted):
        people = speakers(row.department, look.holders)
        yield Duty(Figure.OPINIONS_ASKED, shown, people)
        if is_late(row.due_on, None, look.work.today):
            yield Duty(Figure.OPINIONS_OVERDUE, shown, people)


def _papers(look: Looking) -> Iterator[Duty]:
    """Go through papers nobody has ruled on; they wait for any reviewer, as long as the case is reviewed."""
    wanted = of_rows(EvidenceRow).where(
        EvidenceRow.state == EvidenceState.PENDING.value, ApplicationRow.state.in_(_UNDER_REVIEW)
    )
    for _, shown in look.found(wanted):
        yield Duty(Figure.PAPERS_PENDING, shown)


def _items(look: Looking) -> Iterator[Duty]:
    """Go through tabled items; they wait for whoever sits in the chair, and for whoever called the meeting."""
    people = _deciding(look)
    for row, shown in look.found(of_rows(MeetingItemRow).where(MeetingItemRow.state == ItemState.TABLED.value)):
        yield Duty(Figure.ITEMS_TO_DECIDE, shown, people[row.meeting_id])


def _deciding(look: Looking) -> Mapping[UUID, tuple[UUID, ...]]:
    tabled = select(MeetingItemRow.meeting_id).where(MeetingItemRow.state == ItemState.TABLED.value)
    seats = (
        select(MeetingRow.id, MeetingRow.called_by, SeatRow.held_by)
        .join(SeatRow, SeatRow.meeting_id == MeetingRow.id)
        .where(MeetingRow.id.in_(tabled), SeatRow.chair)
    )
    found: dict[UUID, tuple[UUID, ...]] = defaultdict(tuple)
    for meeting_id, called_by, chair in look.work.session.execute(seats):
        found[meeting_id] = tuple(dict.fromkeys((called_by, chair)))
    return found
