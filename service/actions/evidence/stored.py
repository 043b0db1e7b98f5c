"""Whether the store has what the database says it has: for whoever holds the machine, after a restore above all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from service.actions.evidence import papers
from service.blobs import Blobs, DamagedBlobError, name_of
from service.db.evidence import EvidenceRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class DamagedPaper:
    """A paper whose content is not there as it was stored. ``because`` is missing, size or content."""

    application_id: UUID
    n: int
    sha256: str
    because: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the store found: papers that are sound, those that are not, files that belong to none."""

    sound: int
    damaged: tuple[DamagedPaper, ...]
    orphans: tuple[str, ...]


def check(work: Work) -> Checked:
    """Compare every paper of the database with the store, byte for byte, and name what no paper has in it."""
    blobs = Blobs(Path(work.settings.evidence_folder))
    rows = work.session.scalars(select(EvidenceRow).order_by(EvidenceRow.application_id, EvidenceRow.n)).all()
    damaged = tuple(_damaged(blobs, rows))
    known = {name_of(row.sha256) for row in rows}
    orphans = tuple(name for name in blobs.names() if name not in known)
    return Checked(len(rows) - len(damaged), damaged, orphans)


def _damaged(blobs: Blobs, rows: Sequence[EvidenceRow]) -> Iterator[DamagedPaper]:
    for row in rows:
        try:
            blobs.check(papers.blob_of(row))
        except DamagedBlobError as error:
            yield DamagedPaper(row.application_id, row.n, row.sha256, str(error.figures["because"]))
