"""Submitting: a version is written, assessed by the edition in force, and recorded, all in one transaction."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from service.actions import rulebooks, waiving
from service.actions.applications.cases import changed, moved
from service.actions.applications.facts import GivenFacts, given_facts, required_flaws, stored_facts
from service.actions.applications.rename import header_of
from service.actions.ledger import record
from service.core.cases.states import State
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.rules.compiled.rulebook import Decided
from service.core.rules.waiving import NOTHING
from service.core.values import number_text
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Report:
    """What an assessment says in one language, and the hash (hex) of it."""

    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What a submission stores and records: sound facts, what was decided, and its report in both languages."""

    given: GivenFacts
    decided: Decided
    report_zh: Report
    report_en: Report


def submit(work: Work, case_id: UUID) -> ApplicationRow:
    """Submit a draft, or a returned case again, with its facts as they stand.

    Raises ``InvalidError`` with every flaw when facts are wrong by the edition in force, or required ones are missing.
    """
    row, _ = moved(work, case_id, "submit")
    given = given_facts(rulebooks.in_force(work, work.today), stored_facts(row.facts))
    flaws = given.flaws + required_flaws(given)
    if flaws:
        raise InvalidError(flaws)
    return file(work, row, assessed(given, waiving.waived(work, row.id, work.today)))


def assessed(given: GivenFacts, waived: frozenset[str] = NOTHING) -> Filing:
    """Assess sound facts; ``waived`` are ids of gates."""
    found = given.engine.explain_in_each(given.facts, waived)
    return Filing(given, found.decided, _report(found.reports["zh"]), _report(found.reports["en"]))


def file(work: Work, row: ApplicationRow, filing: Filing) -> ApplicationRow:
    """Write the next version of a case, with its assessment in both languages."""
    given = filing.given
    from_state, row.state = row.state, State.SUBMITTED.value
    row.versions += 1
    row.industry = given.industry
    row.rulebook_sha256 = given.rulebook_sha256
    row.outcome, row.category, row.total = _found(filing.decided)
    row.submitted_at = work.now
    event_id = record(work, "application.submitted", "application", str(row.id), _data(row, from_state, filing))
    changed(work, row, event_id)
    _keep(work, row, filing)
    return row


def _found(decided: Decided) -> tuple[str, str | None, Decimal | None]:
    """Give what search sees of an assessment: outcome, category, published total."""
    return decided.outcome.value, decided.category.id, decided.total


def _data(row: ApplicationRow, from_state: str, filing: Filing) -> dict[str, Plain]:
    """Give what the entry says: every figure and hash by which version and assessment can be checked against it."""
    return {
        "from": from_state,
        "to": row.state,
        "version": row.version + 1,
        "n": row.versions,
        "follows": _follows(row),
        "header_sha256": header_of(row).sha256,
        "facts_sha256": filing.given.sha256,
        "rulebook_sha256": row.rulebook_sha256,
        "outcome": row.outcome,
        "category": row.category,
        "total": None if row.total is None else number_text(row.total),
        "waived": filing.decided.waived,
        "completeness": number_text(filing.decided.completeness),
        "report_zh_sha256": filing.report_zh.sha256,
        "report_en_sha256": filing.report_en.sha256,
    }


def _keep(work: Work, row: ApplicationRow, filing: Filing) -> None:
    """Write the version, then its assessment; neither ever changes."""
    version = ApplicationVersion(
        application_id=row.id,
        n=row.versions,
        follows=_follows(row),
        facts=row.facts,
        rulebook_sha256=row.rulebook_sha256,
        submitted_at=work.now,
        event_id=row.event_id,
    )
    work.session.add(version)
    work.session.flush()
    outcome, category, total = _found(filing.decided)
    assessment = AssessmentRow(
        application_id=row.id,
        n=row.versions,
        rulebook_sha256=row.rulebook_sha256,
        facts_sha256=filing.given.sha256,
        outcome=outcome,
        category=category,
        total=total,
        completeness=filing.decided.completeness,
        report_zh=filing.report_zh.text,
        report_en=filing.report_en.text,
        report_zh_sha256=filing.report_zh.sha256,
        report_en_sha256=filing.report_en.sha256,
        assessed_at=work.now,
        event_id=row.event_id,
    )
    work.session.add(assessment)
    work.session.flush()


def _follows(row: ApplicationRow) -> int | None:
    return row.versions - 1 or None


def _report(text: str) -> Report:
    return Report(text, hashlib.sha256(text.encode("utf-8")).hexdigest())
