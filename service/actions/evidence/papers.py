"""The papers of a case, as rows and as what the core judges."""

import json
from uuid import UUID

from sqlalchemy import func, select

from service.blobs import Blob
from service.core.cases.evidence import MOST_PAPERS, EvidenceState, Paper
from service.core.errors import NotFoundError
from service.core.rules.model import Grade
from service.db.evidence import EvidenceRow
from service.work import Work


def of_case(work: Work, application_id: UUID) -> list[EvidenceRow]:
    """List the papers of a case in their order."""
    of = select(EvidenceRow).where(EvidenceRow.application_id == application_id)
    return list(work.session.scalars(of.order_by(EvidenceRow.n)))


def count(work: Work, application_id: UUID) -> int:
    """Count the papers of a case."""
    of = select(func.count()).select_from(EvidenceRow).where(EvidenceRow.application_id == application_id)
    return work.session.scalars(of).one()


def one(work: Work, application_id: UUID, n: int) -> EvidenceRow:
    """Load a paper of a case that is in sight. Raises ``NotFoundError``."""
    row = work.session.get(EvidenceRow, (application_id, n), populate_existing=True) if n <= MOST_PAPERS else None
    if row is None:
        raise NotFoundError(kind="paper")
    return row


def facts_of(row: EvidenceRow) -> tuple[str, ...]:
    """Name the facts a paper backs."""
    return tuple(json.loads(row.facts))


def blob_of(row: EvidenceRow) -> Blob:
    """Say which content a paper has."""
    return Blob(row.sha256, row.size)


def paper(row: EvidenceRow) -> Paper:
    """Give what is remembered of a paper as the core judges it."""
    return Paper(
        n=row.n,
        grade=Grade(row.grade),
        facts=facts_of(row),
        issued_on=row.issued_on,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        expires_on=row.expires_on,
        state=EvidenceState(row.state),
    )
