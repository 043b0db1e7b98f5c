"""What a bundle holds for reading: how to check it, the rows of the case, its facts as given, the letter."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files as resources
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from service import words
from service.actions.bundles import cosigned
from service.actions.bundles.chain import Link
from service.actions.letters import decision_letter
from service.core.cases.letters import Letter
from service.core.cases.meetings import ItemState
from service.core.errors import NotFoundError
from service.core.ledger.bundles import Parts
from service.core.ledger.keys import fingerprint, write_vkey
from service.core.values import number_text
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.db.base import Base
from service.db.evidence import EvidenceRow
from service.db.meetings import DecisionRow, MeetingItemRow, RecusalRow, VoteRow
from service.db.opinions import OpinionRow
from service.db.waivers import WaiverRow
from service.signing import Signer
from service.work import Work

# The rows of a case by what they are called in ``case.json``.
_ROWS: Final[Mapping[str, type[Base]]] = {
    "versions": ApplicationVersion,
    "assessments": AssessmentRow,
    "papers": EvidenceRow,
    "waivers": WaiverRow,
    "opinions": OpinionRow,
    "items": MeetingItemRow,
    "recusals": RecusalRow,
    "decisions": DecisionRow,
}

# Texts that are files of their own here; the rows give their hashes.
_LONG: Final = frozenset({"report_zh", "report_en", "declared_zh", "declared_en", "verified_zh", "verified_en"})
_JSON: Final = frozenset({"waived", "tally", "conditions", "dissent"})
_LEFT_OUT: Final = frozenset({"event_id", "facts"})


def files(
    work: Work, signer: Signer | None, case: ApplicationRow, proven: tuple[Sequence[Link], Parts]
) -> dict[str, bytes]:
    """Write the files for reading, by their paths."""
    links, parts = proven
    found = {"case.json": _case(work, case, links), "verify.py": _verifier()}
    versions = select(ApplicationVersion).where(ApplicationVersion.application_id == case.id)
    found |= {f"facts/{row.n}.json": row.facts.encode() for row in work.session.scalars(versions)}
    for language in words.LANGUAGES:
        found[f"README.{language}.txt"] = _readme(work, language, signer, (case, parts))
        found |= _letter(work, case, language)
    return found


def _verifier() -> bytes:
    return (resources("service.core.ledger") / "verify.py").read_bytes()


def _readme(work: Work, language: str, signer: Signer | None, of: tuple[ApplicationRow, Parts]) -> bytes:
    case, parts = of
    vkey = "" if signer is None else write_vkey(signer.key)
    figures = {
        "number": case.number,
        "entries": len(parts.entries),
        "size": parts.size,
        "witnesses": _witnessed(work, language, parts.size),
        "vkey": vkey,
        "fingerprint": fingerprint(vkey),
    }
    return words.sentence(language, "bundles", "readme", figures).encode()


def _witnessed(work: Work, language: str, size: int) -> str:
    """Say plainly which witnesses of the settings have signed the checkpoint."""
    named, lacking = work.settings.ledger_witnesses, cosigned.lacking(work, size)
    code = "witnesses_none" if not named else "witnesses_lacking" if lacking else "witnesses_all"
    return words.sentence(language, "bundles", code, {"names": lacking or [one.key.name for one in named]})


def _letter(work: Work, case: ApplicationRow, language: str) -> dict[str, bytes]:
    try:
        letter = decision_letter(work, case.id, language)
    except NotFoundError:
        return {}
    return {f"letter.{language}.txt": _written(letter)}


def _written(letter: Letter) -> bytes:
    passages = ("\n".join((passage.title, *passage.sentences)) for passage in letter.passages)
    blocks = (letter.title, letter.salutation, letter.opening, *passages, letter.notice, letter.signed)
    return ("\n\n".join(blocks) + "\n").encode()


def _case(work: Work, case: ApplicationRow, links: Iterable[Link]) -> bytes:
    places = {link.number: link.index for link in links}
    told: dict[str, Any] = {"application": _row(case, places)}
    for name, model in _ROWS.items():
        told[name] = [_row(row, places) for row in _of_case(work, model, case.id)]
    told["votes"] = [_row(row, places) for row in _votes(work, case.id)]
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _of_case(work: Work, model: type[Base], case_id: UUID) -> Iterable[Base]:
    table = model.__table__
    of_case = select(model).where(table.c.application_id == case_id)
    return work.session.scalars(of_case.order_by(table.c.event_id)).all()


def _votes(work: Work, case_id: UUID) -> Iterable[Base]:
    of_case = (
        select(VoteRow)
        .join(MeetingItemRow, (MeetingItemRow.meeting_id == VoteRow.meeting_id) & (MeetingItemRow.n == VoteRow.n))
        .where(MeetingItemRow.application_id == case_id, MeetingItemRow.state == ItemState.DECIDED.value)
    )
    return work.session.scalars(of_case.order_by(VoteRow.event_id)).all()


def _row(row: Base, places: Mapping[int, int | None]) -> dict[str, Any]:
    """Tell a row: its columns, and under ``entry`` the number of the entry that says the same."""
    told: dict[str, Any] = {"entry": places.get(getattr(row, "event_id"))}  # noqa: B009 - rows share no such base
    for column in row.__table__.columns:
        value = getattr(row, column.name)
        if column.name in _LONG:
            told[f"{column.name}_sha256"] = hashlib.sha256(value.encode()).hexdigest()
        elif column.name not in _LEFT_OUT:
            told[column.name] = json.loads(value) if column.name in _JSON and value else _plain(value)
    if isinstance(row, EvidenceRow):
        told["facts"] = json.loads(row.facts)
    return told


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value) if isinstance(value, UUID | date) else value
