"""Reading a case: as it stands, its assessments, and who did what, when and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.actions.applications.cases import seen, standing
from service.actions.applications.story import events, names
from service.core.cases.timelines import reader, shown
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.db.applications import ApplicationRow, AssessmentRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's timeline: the ledger entry, with the actor's name as it is known today."""

    rev: int
    type: str
    at: datetime
    actor_ref: str
    actor_name: str
    data: dict[str, Any]


def get(work: Work, case_id: UUID) -> ApplicationRow:
    """Read a case. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_CASES)
    return seen(work, case_id)


def assessment(work: Work, case_id: UUID) -> AssessmentRow:
    """Read the assessment of the latest version, which counts. Raises ``NotFoundError``, also while there is none."""
    found = assessments(work, case_id)
    if not found:
        raise NotFoundError(kind="assessment")
    return found[-1]


def assessments(work: Work, case_id: UUID) -> list[AssessmentRow]:
    """List the assessments of every version of a case, the first version first."""
    row = get(work, case_id)
    of_case = select(AssessmentRow).where(AssessmentRow.application_id == row.id)
    return list(work.session.scalars(of_case.order_by(AssessmentRow.n)))


def timeline(work: Work, case_id: UUID) -> list[Entry]:
    """List the ledger entries of a case that are for the actor's eyes, oldest first."""
    row = get(work, case_id)
    told = events(work, row)
    reads = reader(work.actor, standing(work, row))
    kept = [(told[at], data) for at, data in shown(reads, [(event["type"], event["data"]) for event in told])]
    called = names(work, {event["actor"]["ref"] for event, _ in kept})
    return [_entry(event, data, called) for event, data in kept]


def _entry(event: dict[str, Any], data: dict[str, Any], called: dict[str, str]) -> Entry:
    ref = event["actor"]["ref"]
    return Entry(
        rev=event["subject"]["rev"],
        type=event["type"],
        at=datetime.fromisoformat(event["at"]),
        actor_ref=ref,
        actor_name=called.get(ref, ref),
        data=data,
    )
