"""Giving the opinion of a department."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions.applications.cases import to_judge
from service.actions.ledger import record
from service.actions.opinions.rows import next_n, open_request
from service.core.cases.opinions import GIVEN_IN, NoDepartmentError, Stance, opinion_flaws, require_open
from service.core.cases.states import State
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.opinions import OpinionRow
from service.db.people import Person
from service.work import Work


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """An opinion as given; ``stance`` is None where it cannot be read."""

    stance: Stance | None
    reason: str
    conditions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Sound:
    """The same without a flaw."""

    department: str
    stance: Stance
    reason: str
    conditions: tuple[str, ...]


def give(work: Work, case_id: UUID, new: NewOpinion) -> OpinionRow:
    """Give the opinion of the actor's department on a case in review; it answers what the department was asked.

    One that was given before stays, and counts no more. Refused in this order: not granted, not for these eyes, the
    actor's own case, no department, every flaw at once (``InvalidError``), a state in which none is given.
    """
    work.actor.require(Permission.GIVE_OPINIONS)
    row = to_judge(work, case_id)
    sound = _checked(_department(work), new)
    require_open(State(row.state), GIVEN_IN)
    return _store(work, row, sound)


def _department(work: Work) -> str:
    person = work.session.get(Person, work.actor.person_id)
    if person is None or person.department is None:
        raise NoDepartmentError
    return person.department


def _checked(department: str, new: NewOpinion) -> _Sound:
    reason, conditions = new.reason.strip(), tuple(text.strip() for text in new.conditions)
    flaws = opinion_flaws(new.stance, reason, conditions)
    if flaws or new.stance is None:
        raise InvalidError(flaws)
    return _Sound(department, new.stance, reason, conditions)


def _store(work: Work, row: ApplicationRow, sound: _Sound) -> OpinionRow:
    opinion = open_request(work, row.id, sound.department)
    if opinion is None:
        n = next_n(work, row.id)
        opinion = OpinionRow(application_id=row.id, n=n, department=sound.department, version=0)
        work.session.add(opinion)
    opinion.of_version = row.versions
    opinion.stance, opinion.reason = sound.stance.value, sound.reason
    opinion.conditions = json.dumps(sound.conditions, ensure_ascii=False)
    opinion.given_by, opinion.given_at = work.actor.person_id, work.now
    opinion.version += 1
    opinion.event_id = record(work, "opinion.given", "application", str(row.id), _data(opinion, sound))
    work.session.flush()
    return opinion


def _data(opinion: OpinionRow, sound: _Sound) -> dict[str, Plain]:
    return {
        "n": opinion.n,
        "of_version": opinion.of_version,
        "department": sound.department,
        "due_on": None if opinion.due_on is None else opinion.due_on.isoformat(),
        "stance": sound.stance.value,
        "reason": sound.reason,
        "conditions": sound.conditions,
    }
