"""Finding who is bound to a case they would judge, and recusing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from service.actions.ledger import record
from service.actions.meetings.loading import OnTable, place, seats_of
from service.core.cases.meetings import Bonds, Matter, Place, RecusalKind, conflicts
from service.core.ledger.canonical import Plain
from service.core.people import person_ref
from service.db.applications import ApplicationRow
from service.db.meetings import RecusalRow
from service.db.people import InterestRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Barred:
    """A seat that is to have no part in an item, and why. The reason of one that is found is the code of a tie."""

    person: UUID
    held_by: UUID
    kind: RecusalKind
    reason: str | None


def find_conflicts(work: Work, on: OnTable, places: Iterable[Place] | None = None) -> None:
    """Recuse every seat from an item to whose case its person, or who sits for them, is bound."""
    seats = tuple(map(place, seats_of(work, on.meeting.id))) if places is None else tuple(places)
    barred = {row.person_id for row in recusals(work, on)}
    free = tuple(seat for seat in seats if seat.person not in barred)
    matter = Matter(on.case.id, on.case.submitted_by, on.case.credit_code)
    for seat, tie in conflicts(free, _bonds(work, free, on.case), matter):
        bar(work, on, Barred(seat.person, seat.held_by, RecusalKind.FOUND, tie.value))


def bar(work: Work, on: OnTable, barred: Barred) -> RecusalRow:
    """Recuse somebody from an item that is held, and record it with the case."""
    data: dict[str, Plain] = {
        "meeting": str(on.meeting.id),
        "item": on.item.n,
        "person": person_ref(barred.person),
        "held_by": person_ref(barred.held_by),
        "reason": barred.reason,
    }
    row = RecusalRow(
        meeting_id=on.meeting.id,
        n=on.item.n,
        person_id=barred.person,
        application_id=on.case.id,
        held_by=barred.held_by,
        kind=barred.kind.value,
        reason=barred.reason,
        at=work.now,
        event_id=record(work, f"recusal.{barred.kind.value}", "application", str(on.case.id), data),
    )
    work.session.add(row)
    work.session.flush()
    return row


def recusals(work: Work, on: OnTable) -> list[RecusalRow]:
    """List the recusals from an item in the order they came about."""
    of_item = select(RecusalRow).where(RecusalRow.meeting_id == on.meeting.id, RecusalRow.n == on.item.n)
    return list(work.session.scalars(of_item.order_by(RecusalRow.event_id)))


def _bonds(work: Work, places: Iterable[Place], case: ApplicationRow) -> dict[UUID, Bonds]:
    """Say what binds the people of seats, as far as it can bind them to this case."""
    people = {person for place in places for person in (place.person, place.held_by)}
    applied = select(ApplicationRow.submitted_by).where(
        ApplicationRow.credit_code == case.credit_code, ApplicationRow.submitted_by.in_(people)
    )
    interested = select(InterestRow.person_id).where(
        InterestRow.credit_code == case.credit_code, InterestRow.person_id.in_(people)
    )
    barred = select(RecusalRow.person_id, RecusalRow.held_by).where(
        RecusalRow.application_id == case.id,
        or_(RecusalRow.person_id.in_(people), RecusalRow.held_by.in_(people)),
    )
    have_applied, have_interest = set(work.session.scalars(applied)), set(work.session.scalars(interested))
    are_recused = {person for pair in work.session.execute(barred) for person in pair}
    firm, itself = frozenset({case.credit_code}), frozenset({case.id})
    return {
        person: Bonds(
            applied_for=firm if person in have_applied else frozenset(),
            interests=firm if person in have_interest else frozenset(),
            recused_from=itself if person in are_recused else frozenset(),
        )
        for person in people
    }
