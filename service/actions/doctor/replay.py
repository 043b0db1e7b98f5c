"""Assessing again: from the facts and the edition of a stored assessment, with its bytes as the measure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Row, select

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.core.errors import InvalidError, MalformedError
from service.core.ledger.folding import Entry
from service.core.rules.engine import Engine
from service.db.applications import ApplicationVersion, AssessmentRow
from service.work import Work

LANGUAGES: Final = ("zh", "en")

_PAGE = 100


class Verdict(StrEnum):
    """What assessing again came to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_REPLAYABLE = "not_replayable"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One assessment, assessed again. ``because`` names what differs, or what is missing."""

    application_id: UUID
    n: int
    verdict: Verdict
    because: str | None = None


def replay(work: Work, entries: dict[int, Entry]) -> Iterator[Replayed]:
    """Assess every stored version again, with the waivers its entry names; ``entries`` by their numbers."""
    rows = (
        select(AssessmentRow, ApplicationVersion)
        .join(
            ApplicationVersion,
            (ApplicationVersion.application_id == AssessmentRow.application_id)
            & (ApplicationVersion.n == AssessmentRow.n),
        )
        .order_by(AssessmentRow.event_id)
        .execution_options(yield_per=_PAGE)
    )
    for row in work.session.execute(rows):
        yield _replayed(work, row, entries.get(row.AssessmentRow.event_id))


def _replayed(work: Work, row: Row[AssessmentRow, ApplicationVersion], entry: Entry | None) -> Replayed:
    stored, version = row.AssessmentRow, row.ApplicationVersion
    key = stored.application_id, stored.n
    if entry is None:
        return Replayed(*key, Verdict.NOT_REPLAYABLE, "entry")
    try:
        engine = rulebooks.edition(work, stored.rulebook_sha256)
        differs = _difference(engine, stored, version, entry)
    except (InvalidError, MalformedError):
        return Replayed(*key, Verdict.DIFFERENT, "facts")
    return Replayed(*key, Verdict.EQUAL) if differs is None else Replayed(*key, Verdict.DIFFERENT, differs)


def _difference(engine: Engine, stored: AssessmentRow, version: ApplicationVersion, entry: Entry) -> str | None:
    facts = engine.read(stored_facts(version.facts))
    waived = frozenset(entry.data.get("waived") or ())
    if not facts.sha256 == stored.facts_sha256 == entry.data.get("facts_sha256"):
        return "facts"
    for language in LANGUAGES:
        again = engine.explain(facts, language, waived)
        kept = getattr(stored, f"report_{language}")
        if again != kept or _sha256(again) != entry.data.get(f"report_{language}_sha256"):
            return f"report_{language}"
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
