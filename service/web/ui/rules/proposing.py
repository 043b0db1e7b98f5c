"""The pages of proposals: proposing a rules file, looking at one, and deciding on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from marshmallow import fields

from service.actions import proposals, rulebooks
from service.actions.evidence import SentFile
from service.actions.proposals import Examined, NewProposal
from service.actions.proposals.sound import examined
from service.actions.rulebooks import NoRulebookInForceError
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.rules.compare import Comparison
from service.core.rules.faults import Fault
from service.core.rules.proposals import ProposalState
from service.db.proposals import RulebookProposalRow
from service.web.api.rulebooks.views import YAML
from service.web.endpoints import FileBody
from service.web.forms import Text
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.rules import editions
from service.web.ui.voice import Voice, voice
from service.web.views import Shown
from service.words import problems, sections
from service.words.changes import Telling
from service.work import Work

MOST_BYTES: Final = 262_144

pages = Pages()


@dataclass(frozen=True, slots=True)
class Noted:
    """Why a file is proposed."""

    note: str


class NotedForm(FilledForm):
    """Why a file is proposed; the file comes beside it."""

    makes = Noted
    neutral: ClassVar[Mapping[str, object]] = {"note": ""}

    file = fields.Raw(load_only=True)
    note = Text()


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Why a proposal is declined."""

    reason: str


class ReasonedForm(FilledForm):
    """Why a proposal is declined."""

    makes = Reasoned
    neutral: ClassVar[Mapping[str, object]] = {"reason": ""}

    reason = Text()


@dataclass(frozen=True, slots=True)
class Agreed:
    """That a day which has come is meant; a text that stands there is a tick."""

    agreed: str


class AgreedForm(FilledForm):
    """Whether a day that has come is meant."""

    makes = Agreed
    neutral: ClassVar[Mapping[str, object]] = {"agreed": ""}

    agreed = Text()


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a file: where, how bad, and why."""

    line: int
    column: int
    severity: str
    because: str


def _require_proposing(work: Work) -> None:
    work.actor.require(Permission.PROPOSE_RULES)


NEW = Page(
    name="rule_propose",
    path="/rules/proposals/new",
    permission=Permission.PROPOSE_RULES,
    template="rules_propose.html",
    under=editions.LIST,
)
ONE = Page(
    name="rule_proposal",
    path="/rules/proposals/<uuid:proposal_id>",
    permission=Permission.READ_RULES,
    template="rules_proposal.html",
    under=editions.LIST,
)
FILE = Page(
    name="rule_proposal_file",
    path=f"{ONE.path}/file",
    permission=Permission.READ_RULES,
    template="rules_proposal.html",
    under=ONE,
)
COVERAGE = Page(
    name="rule_coverage",
    path=f"{ONE.path}/coverage",
    permission=Permission.READ_RULES,
    template="rules_coverage.html",
    under=ONE,
)


@pages.page(NEW)
def prepare(call: PageCall[None]) -> Shows:
    """Ask for a rules file, and why it should be released."""
    try:
        return {"current": rulebooks.in_force(call.work, call.work.today).rulebook.sha256}
    except NoRulebookInForceError:
        return {"current": None}


def _look_at(work: Work, given: Noted, file: SentFile | None) -> Callable[[], Examined] | None:
    del work, given
    content = _content(file)
    return None if not content else lambda: examined(content)


@pages.submission(
    Submission(
        name="propose_rules",
        path=NEW.path,
        permission=Permission.PROPOSE_RULES,
        page=NEW,
        receives=FileBody(NotedForm(), _require_proposing, (), MOST_BYTES),
        ahead=_look_at,
    )
)
def propose(call: PageCall[Noted]) -> Go:
    """Propose a rules file, or show everything that is wrong with it and keep nothing."""
    content = _content(call.file)
    if not content:
        raise InvalidError((Flaw("/file", "member_missing"),))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        examined(content).sound()
        raise
    row = proposals.propose(call.work, NewProposal(text, call.given.note), call.ready)
    return Go(f"/rules/proposals/{row.id}", "said.rules_proposed", {"edition": row.edition})


@pages.page(ONE)
def read_proposal(call: PageCall[None], proposal_id: UUID) -> Shows:
    """Show a proposal: why, what is found in it, what it changes, and what whoever looks may do with it."""
    work, speaks = call.work, voice(call.spoken)
    row, checks = proposals.get(work, proposal_id), proposals.checks(work, proposal_id)
    people = editions.names_of(work, [row.proposed_by, row.decided_by])
    compared = _compared(work, row, checks)
    return {
        "title": speaks.say("rules.proposal_of", edition=row.edition),
        "proposal": row,
        "author": people[row.proposed_by],
        "decider": "" if row.decided_by is None else people[row.decided_by],
        "checks": checks,
        "cases": 0 if checks.rulebook is None else len(checks.rulebook.cases),
        "failed": len({fault.figures["name"] for fault in checks.faults if fault.code.startswith("case_")}),
        "found": [_found(fault, speaks) for fault in checks.faults],
        "at_once": _at_once(work, row),
        "telling": None if compared is None else Telling(compared, call.spoken),
        "may_decide": proposals.may_decide(work, row),
        "may_withdraw": proposals.may_withdraw(work, row),
        "is_own": _is_own(work, row),
    }


@pages.page(FILE)
def take_file(call: PageCall[None], proposal_id: UUID) -> Shown:
    """Give the file of a proposal, byte for byte."""
    row = proposals.get(call.work, proposal_id)
    name = f'attachment; filename="rules-{row.sha256[:16]}.yaml"'
    return Shown(row.source, {"Content-Type": YAML, "Content-Disposition": name})


@pages.page(COVERAGE)
def read_coverage(call: PageCall[None], proposal_id: UUID) -> Shows:
    """Say what the cases of a proposal see of it."""
    row, speaks = proposals.get(call.work, proposal_id), voice(call.spoken)
    watched = proposals.coverage(call.work, proposal_id)
    rulebook = proposals.checks(call.work, proposal_id).sound()
    words = sections("coverage")[call.spoken]
    return {
        "title": speaks.say("rules.coverage_of", edition=row.edition),
        "cases": len(rulebook.cases),
        "watched": watched,
        "states": {state: words[f"state.{state}"] for one in watched for state in one.missing},
    }


@pages.submission(
    Submission(
        name="release_rules",
        path=f"{ONE.path}/release",
        permission=Permission.RELEASE_RULES,
        page=ONE,
        form=AgreedForm(),
        ahead=lambda work, _given, _file, proposal_id: proposals.look_again(work, proposal_id),
    )
)
def release(call: PageCall[Agreed], proposal_id: UUID) -> Go:
    """Release what somebody else proposed; where its day has come, only if that is said to be meant."""
    work, found = call.work, proposals.get(call.work, proposal_id)
    if not call.given.agreed and proposals.may_decide(work, found) and found.in_force_from <= work.today:
        raise InvalidError((Flaw("/agreed", "day_not_agreed"),))
    row = proposals.release(work, proposal_id, call.ready)
    return Go(f"/rules/editions/{row.sha256}", "said.rules_released", {"edition": row.edition})


@pages.submission(
    Submission(
        name="decline_rules",
        path=f"{ONE.path}/decline",
        permission=Permission.RELEASE_RULES,
        page=ONE,
        form=ReasonedForm(),
    )
)
def decline(call: PageCall[Reasoned], proposal_id: UUID) -> Go:
    """Decline what somebody else proposed, and say why."""
    row = proposals.decline(call.work, proposal_id, call.given.reason)
    return Go(f"/rules/proposals/{proposal_id}", "said.rules_declined", {"edition": row.edition})


@pages.submission(
    Submission(name="withdraw_rules", path=f"{ONE.path}/withdraw", permission=Permission.PROPOSE_RULES, page=ONE)
)
def withdraw(call: PageCall[None], proposal_id: UUID) -> Go:
    """Take one's own proposal back."""
    row = proposals.withdraw(call.work, proposal_id)
    return Go(f"/rules/proposals/{proposal_id}", "said.rules_withdrawn", {"edition": row.edition})


def _content(file: SentFile | None) -> bytes:
    return b"" if file is None else file.content.whole()


def _compared(work: Work, row: RulebookProposalRow, checks: Examined) -> Comparison | None:
    """Compare a proposal with what it would follow; one that is released with the edition that began before it."""
    if checks.stopping:
        return None
    if row.state == ProposalState.RELEASED.value:
        return editions.compared(work, row.sha256)
    try:
        return proposals.compare(work, row.id)
    except NoRulebookInForceError:
        return None


def _at_once(work: Work, row: RulebookProposalRow) -> str | None:
    """Give the code of what a first day that has come means for a release now; None for one ahead."""
    if row.in_force_from > work.today:
        return None
    begins = (one.row.in_force_from for one in rulebooks.find(work) if one.in_force)
    return "rules.never_said" if row.in_force_from < next(begins, row.in_force_from) else "rules.at_once_said"


def _is_own(work: Work, row: RulebookProposalRow) -> bool:
    """Say whether somebody could decide on a proposal, were it not theirs."""
    is_open = row.state == ProposalState.PROPOSED.value
    return is_open and work.actor.may(Permission.RELEASE_RULES) and not proposals.may_decide(work, row)


def _found(fault: Fault, speaks: Voice) -> Found:
    because = problems.because(speaks.language, Flaw("", fault.code, fault.figures))
    return Found(fault.place.line, fault.place.column, speaks.say(f"rules.severity.{fault.severity}"), because)
