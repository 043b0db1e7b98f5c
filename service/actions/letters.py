"""The decision letter of a case: read from what was pinned and decided, the same whenever it is asked for."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from service import words
from service.actions import rulebooks
from service.actions.applications.cases import seen
from service.actions.applications.story import day
from service.actions.meetings.agendas import conditions_of, counted_facts
from service.core.cases.conditions import Condition as Decided
from service.core.cases.conditions import said_in
from service.core.cases.letters import AGAINST, Condition, Letter, Ruling, letter
from service.core.cases.reconsidering import last_day
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.rules.assessment import Assessment
from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import Explanation, Reader
from service.core.rules.model import Outcome, Rulebook
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow, MeetingItemRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class _Told:
    """An assessment told to the applicant in one language."""

    rulebook: Rulebook
    assessment: Assessment
    language: str

    @property
    def explanation(self) -> Explanation:
        said = words.together("assessment", "explanations")
        return explain(self.rulebook, self.assessment, Reader.APPLICANT, said, self.language)

    def condition(self, one: Decided) -> Condition:
        """Say a condition in the language."""
        due = words.section(self.language, "explanations").get(f"due_{one.due}", one.due)
        text = said_in(self.language, one, self.rulebook)
        return Condition(text, one.owner, due, one.due_on, one.evidence)


def decision_letter(work: Work, case_id: UUID, language: str) -> Letter:
    """Write the letter about the latest decision on a case. Raises ``NotFoundError``, also while there is none."""
    work.actor.require(Permission.READ_CASES)
    case = seen(work, case_id)
    latest = select(DecisionRow).where(DecisionRow.application_id == case.id).order_by(DecisionRow.n.desc()).limit(1)
    decision = work.session.scalars(latest).first()
    if decision is None:
        raise NotFoundError(kind="letter")
    told = _Told(*_assessed(work, decision), language)
    said = words.together("domain", "letters")[language]
    return letter(_ruling(work, case, decision, told), told.explanation, said)


def _ruling(work: Work, case: ApplicationRow, decision: DecisionRow, told: _Told) -> Ruling:
    outcome, decided_on = Outcome(decision.outcome), day(work, decision.decided_at)
    until = last_day(decided_on, work.settings.reconsider_days)
    return Ruling(
        number=case.number,
        applicant=case.applicant_name,
        credit_code=case.credit_code,
        project=case.project_name,
        of_version=decision.n,
        outcome=outcome,
        assessed=Outcome(decision.assessed),
        reason=decision.reason,
        conditions=tuple(told.condition(one) for one in conditions_of(decision.conditions)),
        decided_on=decided_on,
        reconsider_until=until if outcome in AGAINST else None,
    )


def _assessed(work: Work, decision: DecisionRow) -> tuple[Rulebook, Assessment]:
    """Give the verified assessment that was pinned again: the same facts by the same rules give the same."""
    item = work.session.get_one(MeetingItemRow, (decision.meeting_id, decision.item))
    engine = rulebooks.edition(work, item.rulebook_sha256)
    return engine.rulebook, engine.assess(counted_facts(work, item), frozenset(json.loads(item.waived)))
