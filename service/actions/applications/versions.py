"""The submitted versions of a case: what was handed in each time, what it came to, and what is different."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from service.actions.applications.facts import stored_facts
from service.actions.applications.read import get
from service.actions.applications.story import names
from service.core.cases import differences as core
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.db.ledger import LedgerEvent
from service.db.meetings import DecisionRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision on an earlier version, which a reconsidered case follows."""

    of_version: int
    outcome: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as the ledger refers to them, and what they are called today."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """A submitted version: who handed it in, its assessment, and the decision it follows, if there is one."""

    row: ApplicationVersion
    assessment: AssessmentRow
    by: Named
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What is different in a version, from another one."""

    from_n: int
    to_n: int
    found: core.Differences


def versions(work: Work, case_id: UUID) -> list[Version]:
    """List the submitted versions of a case, the first one first. Raises ``NotFoundError``."""
    row = get(work, case_id)
    of_version = and_(
        AssessmentRow.application_id == ApplicationVersion.application_id, AssessmentRow.n == ApplicationVersion.n
    )
    wanted = (
        select(ApplicationVersion, AssessmentRow, LedgerEvent.canon)
        .join(AssessmentRow, of_version)
        .join(LedgerEvent, LedgerEvent.id == ApplicationVersion.event_id)
        .where(ApplicationVersion.application_id == row.id)
        .order_by(ApplicationVersion.n)
    )
    found = [(version, assessed, _actor(canon)) for version, assessed, canon in work.session.execute(wanted)]
    called, decisions = names(work, {ref for _, _, ref in found}), _decisions(work, row)
    return [
        Version(version, assessed, Named(ref, called.get(ref, ref)), decisions.get(version.follows or 0))
        for version, assessed, ref in found
    ]


def version(work: Work, case_id: UUID, n: int) -> Version:
    """Read one submitted version of a case. Raises ``NotFoundError``."""
    return _of(versions(work, case_id), n)


def differences(work: Work, case_id: UUID, n: int, from_n: int | None = None) -> Compared:
    """Say what is different in a version, from another one; held is the one it follows.

    Raises ``NotFoundError``, and ``InvalidError`` for a first version without another one to compare it with.
    """
    found = versions(work, case_id)
    later = _of(found, n)
    base = later.row.follows if from_n is None else from_n
    if base is None:
        raise InvalidError((Flaw("/from", "version_from_missing"),))
    earlier = _of(found, base)
    return Compared(base, n, core.differences(_compared(earlier), _compared(later)))


def _of(found: Iterable[Version], n: int) -> Version:
    for one in found:
        if one.row.n == n:
            return one
    raise NotFoundError(kind="version")


def _compared(one: Version) -> core.Version:
    return core.Version(stored_facts(one.row.facts), stored_facts(one.assessment.report_zh))


def _decisions(work: Work, row: ApplicationRow) -> dict[int, Decided]:
    decided = select(DecisionRow).where(DecisionRow.application_id == row.id)
    return {one.n: Decided(one.n, one.outcome, one.decided_at) for one in work.session.scalars(decided)}


def _actor(canon: bytes) -> str:
    ref: str = json.loads(canon)["actor"]["ref"]
    return ref
