"""Reading papers: what is said of them, and what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.cases import seen
from service.actions.applications.facts import stored_facts
from service.actions.evidence import papers
from service.actions.ledger import record
from service.blobs import Blobs
from service.core.cases.evidence import Backing, backing
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a case, and how every given fact stands on them on a day."""

    items: tuple[EvidenceRow, ...]
    backing: Mapping[str, Backing]
    on: date


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a paper. ``pieces`` gives it once, and its last piece only if all of it is what was stored."""

    paper: EvidenceRow
    pieces: Iterator[bytes]


def find(work: Work, case_id: UUID) -> Papers:
    """List the papers of a case, with how its facts as they stand are backed today. Raises ``NotFoundError``."""
    case = _seen(work, case_id)
    rows = papers.of_case(work, case_id)
    rulebook = rulebooks.edition(work, case.rulebook_sha256).rulebook
    given = {name for name, value in stored_facts(case.facts).items() if value is not None}
    return Papers(tuple(rows), backing(rulebook, given, map(papers.paper, rows), work.today), work.today)


def get(work: Work, case_id: UUID, n: int) -> EvidenceRow:
    """Read what is said of a paper. Raises ``NotFoundError``."""
    _seen(work, case_id)
    return papers.one(work, case_id, n)


def content(work: Work, case_id: UUID, n: int) -> Content:
    """Read what stands in a paper, and record that it was read.

    Raises ``NotFoundError``, and ``DamagedBlobError`` when the store has not what was stored.
    """
    _seen(work, case_id, lock=True)
    row = papers.one(work, case_id, n)
    blobs, blob = Blobs(Path(work.settings.evidence_folder)), papers.blob_of(row)
    blobs.open(blob).close()
    record(work, "evidence.read", "application", str(case_id), {"paper": row.n, "sha256": row.sha256})
    return Content(row, blobs.read(blob))


def _seen(work: Work, case_id: UUID, *, lock: bool = False) -> ApplicationRow:
    work.actor.require(Permission.READ_PAPERS)
    return seen(work, case_id, lock=lock)
