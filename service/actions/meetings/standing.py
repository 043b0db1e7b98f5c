"""What a meeting judges a case by: its latest submitted version assessed twice, as declared and as far as verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from service.actions.applications.facts import stored_facts
from service.actions.evidence.verified import verified
from service.core.cases.overrides import GateStanding
from service.core.rules.assessment import Assessment, GateState
from service.core.rules.engine import Engine
from service.core.rules.facts import Facts
from service.core.rules.model import Outcome
from service.db.applications import ApplicationRow, ApplicationVersion
from service.db.meetings import MeetingItemRow, MeetingRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Told:
    """An assessment, which is reported when somebody reads it."""

    engine: Engine
    facts: Facts
    assessment: Assessment
    waived: frozenset[str]

    @property
    def zh(self) -> str:
        """Report it in Chinese."""
        return self.engine.explain(self.facts, "zh", self.waived)

    @property
    def en(self) -> str:
        """Report it in English."""
        return self.engine.explain(self.facts, "en", self.waived)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A version as a meeting is told of it.

    ``waived`` are the gates that are, in the order of their ids; ``left_out`` are the declared facts that no paper
    backs, in the order of their names.
    """

    n: int
    rulebook_sha256: str
    waived: tuple[str, ...]
    left_out: tuple[str, ...]
    declared: Told
    verified: Told

    @property
    def gates(self) -> Iterator[GateStanding]:
        """Give every gate with the worse of what is declared and what is verified: failed, then unknown."""
        for said, shown in zip(self.declared.assessment.gates, self.verified.assessment.gates, strict=True):
            state = GateState.FAIL if said.state is GateState.FAIL else shown.state
            yield GateStanding(shown.rule.id, shown.rule.label, shown.rule.level, state, waived=shown.waived)

    @property
    def outcome(self) -> Outcome:
        """Give what a decision is measured by: what is verified, where each gate that failed as declared is open.

        Facts that no paper backs may leave such a gate passed, since rules may ask whether a fact is there at all.
        """
        failed = (gate for gate in self.declared.assessment.gates if gate.state is GateState.FAIL and not gate.waived)
        limits = (min(gate.rule.on_fail, Outcome.DEFER, key=_severity) for gate in failed)
        return max((self.verified.assessment.outcome, *limits), key=_severity)


def day_of(work: Work, meeting: MeetingRow) -> date:
    """Give the day a meeting judges by: that on which it is held, or today if it is later."""
    return max(meeting.held_at.astimezone(ZoneInfo(work.settings.time_zone)).date(), work.today)


def pinned(work: Work, case: ApplicationRow, on: date) -> Pinned:
    """Assess the latest version of a case as it stands on a day, with the waivers in force then."""
    version = work.session.get_one(ApplicationVersion, (case.id, case.versions))
    found = verified(work, case.id, version.n, on)
    engine, facts = found.engine, found.engine.read(stored_facts(version.facts))
    return Pinned(
        n=version.n,
        rulebook_sha256=version.rulebook_sha256,
        waived=tuple(sorted(found.waived)),
        left_out=tuple(sorted(name for name, backing in found.why.items() if not backing.counts)),
        declared=Told(engine, facts, engine.assess(facts, found.waived), found.waived),
        verified=Told(engine, found.facts, found.assessment, found.waived),
    )


def is_outdated(item: MeetingItemRow, now: Pinned, waived_then: tuple[str, ...]) -> bool:
    """Whether an item would be pinned otherwise now: other waivers, or facts that other papers back."""
    texts = (item.declared_zh, item.verified_zh)
    return (item.of_version, waived_then, *texts) != (now.n, now.waived, now.declared.zh, now.verified.zh)


def _severity(outcome: Outcome) -> int:
    return outcome.severity
