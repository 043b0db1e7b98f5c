"""The rows of opinions, and the departments there are."""

from uuid import UUID

from sqlalchemy import func, select

from service.core.people import Role
from service.db.opinions import OpinionRow
from service.db.people import Person, PersonRole
from service.work import Work


def open_request(work: Work, case_id: UUID, department: str) -> OpinionRow | None:
    """Give the request that a department has not answered yet, or None; the case's row is held."""
    of_department = (OpinionRow.application_id == case_id, OpinionRow.department == department)
    wanted = select(OpinionRow).where(*of_department, OpinionRow.given_at.is_(None))
    return work.session.scalars(wanted.execution_options(populate_existing=True)).first()


def next_n(work: Work, case_id: UUID) -> int:
    """Give the number of the next opinion on a case; the case's row is held."""
    last = select(func.max(OpinionRow.n)).where(OpinionRow.application_id == case_id)
    return (work.session.scalar(last) or 0) + 1


def departments_of(work: Work) -> frozenset[str]:
    """Give the departments that have somebody who can speak for them."""
    reviewers = select(PersonRole.person_id).where(PersonRole.role == Role.REVIEWER.value)
    named = select(Person.department).where(Person.department.is_not(None), Person.id.in_(reviewers))
    return frozenset(name for name in work.session.scalars(named) if name is not None)
