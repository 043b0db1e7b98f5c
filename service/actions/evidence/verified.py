"""The assessment of a version by what is verified: facts that need a paper and have none that counts are unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.actions import rulebooks, waiving
from service.actions.applications.cases import seen
from service.actions.applications.facts import stored_facts
from service.actions.evidence import papers
from service.core.cases.evidence import Backing, backing, verified_values
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.rules.assessment import Assessment
from service.core.rules.engine import Engine
from service.core.rules.facts import Facts
from service.db.applications import ApplicationVersion
from service.work import Work


@dataclass(frozen=True, slots=True)
class Verified:
    """Version ``n`` of a case by what was verified on a day.

    ``facts`` are those that count, ``why`` says of every given fact how it stands on paper, and ``waived`` are the ids
    of the gates waived on that day.
    """

    n: int
    on: date
    engine: Engine
    facts: Facts
    assessment: Assessment
    why: Mapping[str, Backing]
    waived: frozenset[str]

    def report(self, language: str) -> str:
        """Write the report in ``zh`` or ``en``."""
        return self.engine.report(self.assessment, language)


def verified(work: Work, case_id: UUID, n: int, on: date) -> Verified:
    """Assess what is verified of version ``n`` of a case on a day, by the edition the version was submitted under.

    The gates waived on that day are waived. Raises ``NotFoundError``.
    """
    work.actor.require(Permission.READ_CASES)
    seen(work, case_id)
    version = work.session.get(ApplicationVersion, (case_id, n))
    if version is None:
        raise NotFoundError(kind="assessment")
    engine, raw = rulebooks.edition(work, version.rulebook_sha256), stored_facts(version.facts)
    given = {name for name, value in raw.items() if value is not None}
    why = backing(engine.rulebook, given, map(papers.paper, papers.of_case(work, case_id)), on)
    facts, waived = engine.read(verified_values(raw, why)), waiving.waived(work, case_id, on)
    return Verified(n, on, engine, facts, engine.assess(facts, waived), why, waived)


def latest(work: Work, case_id: UUID) -> Verified:
    """Assess what is verified today of the latest version of a case. Raises ``NotFoundError``."""
    return verified(work, case_id, seen(work, case_id).versions, work.today)
