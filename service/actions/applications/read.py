"""Reading a case: as it stands, its assessments, and who did what, when and why."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.actions.applications.cases import seen
from service.core.errors import NotFoundError
from service.core.people import SYSTEM, Permission, person_ref
from service.db.applications import ApplicationRow, AssessmentRow
from service.db.ledger import LedgerEvent
from service.db.people import Person
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
    """List the ledger entries of a case, oldest first."""
    row = get(work, case_id)
    of_case = select(LedgerEvent.canon).where(
        LedgerEvent.subject_kind == "application", LedgerEvent.subject_id == str(row.id)
    )
    events = [json.loads(canon) for canon in work.session.scalars(of_case.order_by(LedgerEvent.rev))]
    names = _names(work, {event["actor"]["ref"] for event in events})
    return [_entry(event, names) for event in events]


def _entry(event: dict[str, Any], names: dict[str, str]) -> Entry:
    ref = event["actor"]["ref"]
    return Entry(
        rev=event["subject"]["rev"],
        type=event["type"],
        at=datetime.fromisoformat(event["at"]),
        actor_ref=ref,
        actor_name=names.get(ref, ref),
        data=event["data"],
    )


def _names(work: Work, refs: Iterable[str]) -> dict[str, str]:
    ids = {UUID(ref.removeprefix("u:")) for ref in refs if ref != SYSTEM.ref}
    people = work.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {SYSTEM.ref: SYSTEM.name} | {person_ref(person.id): person.name for person in people}
