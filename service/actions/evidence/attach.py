"""Attaching a paper to one's own case."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.cases import seen, standing
from service.actions.evidence import papers
from service.actions.ledger import record
from service.blobs import Blob, Receiving
from service.core.cases import evidence
from service.core.cases.evidence import Claims, EvidenceState, require_attachable
from service.core.cases.papers import LOOKED_AT, cleaned, file_flaws
from service.core.cases.sight import require_whose
from service.core.cases.states import State, Whose
from service.core.errors import Flaw, ForbiddenError, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.rules.model import Grade
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was received and not yet kept, with the name and the type it was sent under."""

    name: str
    media_type: str
    content: Receiving


@dataclass(frozen=True, slots=True)
class _Sound:
    """A paper without a flaw."""

    grade: Grade
    claims: Claims
    file: SentFile
    blob: Blob


def require_attaching(work: Work, case_id: UUID, *, lock: bool = False) -> ApplicationRow:
    """Load a case that the actor may attach a paper to, with its row locked if wanted.

    Refused in this order: not granted, not there or not for these eyes, somebody else's, not in a state that takes
    papers or full of them.
    """
    work.actor.require(Permission.ATTACH_EVIDENCE)
    case = seen(work, case_id, lock=lock)
    require_whose(work.actor, standing(work, case), Whose.OWN)
    require_attachable(State(case.state), papers.count(work, case_id))
    return case


def attach(work: Work, case_id: UUID, claims: Claims, file: SentFile | None) -> EvidenceRow:
    """Attach a paper to a case and record it. Its content is kept right before the work is committed, not earlier.

    Raises ``InvalidError`` with every flaw, after everything ``require_attaching`` refuses.
    """
    case = require_attaching(work, case_id, lock=True)
    sound = _checked(work, case, claims, file)
    row = _store(work, case, sound)
    work.last_steps[lambda _: sound.file.content.keep()] = None
    return row


def _checked(work: Work, case: ApplicationRow, claims: Claims, file: SentFile | None) -> _Sound:
    rulebook = rulebooks.edition(work, case.rulebook_sha256).rulebook
    flaws = (*_file_flaws(file), *evidence.flaws(rulebook, claims, work.today))
    if flaws or file is None or claims.grade is None:
        raise InvalidError(flaws)
    return _Sound(claims.grade, claims, file, file.content.finish())


def _file_flaws(file: SentFile | None) -> tuple[Flaw, ...]:
    if file is None:
        return (Flaw("/file", "member_missing"),)
    return file_flaws(file.media_type, *file.content.ends(LOOKED_AT))


def _store(work: Work, case: ApplicationRow, sound: _Sound) -> EvidenceRow:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.ATTACH_EVIDENCE.value)
    n, claims = papers.count(work, case.id) + 1, sound.claims
    row = EvidenceRow(
        application_id=case.id,
        n=n,
        sha256=sound.blob.sha256,
        size=sound.blob.size,
        media_type=sound.file.media_type,
        name=cleaned(sound.file.name),
        grade=sound.grade.value,
        facts=json.dumps(claims.facts, ensure_ascii=False),
        issued_on=claims.issued_on,
        covers_from=claims.covers_from,
        covers_to=claims.covers_to,
        expires_on=claims.expires_on,
        uploaded_by=work.actor.person_id,
        uploaded_at=work.now,
        state=EvidenceState.PENDING.value,
        version=1,
        event_id=record(work, "evidence.attached", "application", str(case.id), _data(n, sound)),
    )
    work.session.add(row)
    work.session.flush()
    return row


def _data(n: int, sound: _Sound) -> dict[str, Plain]:
    """Give what the entry says; not the name, in which anything may stand."""
    claims = sound.claims
    return {
        "paper": n,
        "sha256": sound.blob.sha256,
        "size": sound.blob.size,
        "media_type": sound.file.media_type,
        "grade": sound.grade.value,
        "facts": claims.facts,
        "issued_on": _day(claims.issued_on),
        "covers_from": _day(claims.covers_from),
        "covers_to": _day(claims.covers_to),
        "expires_on": _day(claims.expires_on),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
