"""Papers for tests: a file of every type, cases whose facts need them, and the shortest way to attach one."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from service.actions import evidence, rulebooks
from service.actions.evidence import SentFile
from service.blobs import Blobs, Receiving
from service.core.cases.evidence import Claims
from service.core.cases.states import State
from service.core.people import SYSTEM, Actor
from service.core.rules.model import Grade
from service.db.evidence import EvidenceRow
from service.work import Work
from tests import make


def zipped(*members: str) -> bytes:
    """A zip archive with these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return target.getvalue()


# In which states a case takes papers and rulings on them.
OPEN: Final = frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED})

PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILES: Final[Mapping[str, bytes]] = {
    "application/pdf": PDF,
    "application/ofd": zipped("OFD.xml", "Doc_0/Document.xml"),
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": zipped(
        "[Content_Types].xml", "xl/workbook.xml"
    ),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": zipped(
        "[Content_Types].xml", "word/document.xml"
    ),
    "text/csv": "项目,用水\r\n甲,12\r\n".encode(),
    "text/plain": "说明\n".encode(),
}


def claims(**changes: Any) -> Claims:  # noqa: ANN401 - any member
    """What a sound paper says of itself."""
    sound: dict[str, Any] = {
        "grade": Grade.THIRD_PARTY,
        "facts": ("output", "water"),
        "issued_on": date(2026, 6, 1),
        "expires_on": date(2027, 5, 31),
    }
    return Claims(**(sound | changes))


def blobs(house: make.House) -> Blobs:
    """The store of a house."""
    return Blobs(Path(house.runtime.settings.evidence_folder))


def attach(
    work: Work,
    case_id: UUID,
    coming: Receiving,
    content: bytes = PDF,
    **changes: Any,  # noqa: ANN401 - any member, or the name and type of the file
) -> EvidenceRow:
    """Attach a paper in a unit of work; what is received must last as long as the work does."""
    if coming is None:
        coming = Receiving(Path(work.settings.evidence_folder), work.settings.evidence_max_bytes)
    coming.write(content)
    file = SentFile(changes.pop("name", "论证.pdf"), changes.pop("media_type", "application/pdf"), coming)
    return evidence.attach(work, case_id, claims(**changes), file)


def attach_whole(work: Work, case_id: UUID) -> None:
    """Attach a paper and take the last steps of the work at once, so that what is received need not outlast this."""
    with Blobs(Path(work.settings.evidence_folder)).receiving(10**6) as coming:
        attach(work, case_id, coming)
        for step in list(work.last_steps):
            step(work)
            del work.last_steps[step]


def attached(house: make.House, case_id: UUID, actor: Actor | None = None, **changes: Any) -> int:  # noqa: ANN401 - any member
    """Attach a paper to a case, of the officer if not said otherwise; give its number."""
    with blobs(house).receiving(10**8) as coming, house.work(actor or house.officer) as work:
        return attach(work, case_id, coming, **changes).n


def ruled(house: make.House, case_id: UUID, n: int, *, accept: bool = True, actor: Actor | None = None) -> None:
    """Let the reviewer rule on a paper as it stands."""
    with house.work(house.auditor) as work:
        version = evidence.get(work, case_id, n).version
    with house.work(actor or house.reviewer, version) as work:
        if accept:
            evidence.accept(work, case_id, n)
        else:
            evidence.refuse(work, case_id, n, "看不清")


def release(house: make.House) -> None:
    """Put the rules in force in which some facts need papers."""
    with house.work(SYSTEM) as work:
        rulebooks.release(work, make.papered_edition())


def case(house: make.House, **changes: Any) -> UUID:  # noqa: ANN401 - any fact
    """Submit a case by those rules."""
    release(house)
    return house.create(make.application(**changes))
