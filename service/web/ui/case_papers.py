"""The papers of a case: what they back, one more of them, and what a reviewer says of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias
from uuid import UUID

from service.actions import applications, evidence, rulebooks
from service.core.cases.evidence import (
    Backing,
    Claims,
    PapersClosedError,
    Standing,
    require_rulable,
)
from service.core.cases.papers import MEDIA_TYPES
from service.core.cases.states import State
from service.core.people import Permission
from service.core.rules.model import Grade, Rulebook
from service.db.applications import ApplicationRow
from service.web.api.evidence.forms import ClaimsForm
from service.web.api.evidence.views import Attachment
from service.web.endpoints import FileBody
from service.web.forms import Choice, Text
from service.web.ui import cases
from service.web.ui.case_around import EVIDENCE, around, takes_papers
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice
from service.web.views import Shown

pages = Pages()

LIST: Final = Page(
    name="case_evidence",
    path="/cases/<uuid:case_id>/evidence",
    permission=Permission.READ_PAPERS,
    template="case_evidence.html",
    under=cases.ONE,
)
ONE: Final = Page(
    name="case_paper",
    path="/cases/<uuid:case_id>/evidence/<int:n>",
    permission=Permission.READ_PAPERS,
    template="case_paper.html",
    under=LIST,
)


class Verdict(StrEnum):
    """What may be said of a paper."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer says of a paper, and why; ``verdict`` is None where it cannot be read."""

    verdict: Verdict | None
    reason: str


class RulingForm(FilledForm):
    """What a reviewer says of a paper."""

    makes = Ruling
    neutral: ClassVar[Mapping[str, object]] = {"verdict": None, "reason": ""}

    verdict = Choice(Verdict, said="", required=True)
    reason = Text()


@dataclass(frozen=True, slots=True)
class Backed:
    """How a fact stands on paper."""

    label: str
    needs: str
    state: Standing
    paper: int | None


Options: TypeAlias = "list[tuple[str, str]]"


@pages.page(LIST)
def find_papers(call: PageCall[None], case_id: UUID) -> Shows:
    """Show the papers, and how every fact that needs one stands."""
    work, speaks = call.work, voice(call.spoken)
    row, found = applications.get(work, case_id), evidence.find(work, case_id)
    rulebook = rulebooks.edition(work, row.rulebook_sha256).rulebook
    may_attach, backed = takes_papers(work, row), _needed(found.backing)
    needed, others = _offered(rulebook, [name for name, _ in backed], speaks) if may_attach else ([], [])
    return {
        **around(work, row, speaks, EVIDENCE),
        "papers": [(paper, _labels(rulebook, evidence.facts_of(paper), speaks)) for paper in found.items],
        "on": found.on,
        "backed": [
            Backed(speaks.label(rulebook.facts[name].label), speaks.say(f"grade.{one.needs}"), one.state, one.paper)
            for name, one in backed
        ],
        "may_attach": may_attach,
        "facts": needed,
        "other_facts": others,
        "grades": [(grade.value, speaks.say(f"grade.{grade}")) for grade in Grade],
        "accepts": ",".join(MEDIA_TYPES),
    }


@pages.submission(
    Submission(
        name="attach_paper",
        path=LIST.path,
        permission=Permission.ATTACH_EVIDENCE,
        page=LIST,
        receives=FileBody(ClaimsForm(), evidence.require_attaching),
    )
)
def attach(call: PageCall[Claims], case_id: UUID) -> Go:
    """Attach a paper to one's own case."""
    row = evidence.attach(call.work, case_id, call.given, call.file)
    return Go(f"/cases/{case_id}/{EVIDENCE}", "said.paper_attached", {"n": row.n})


@pages.page(ONE)
def read_paper(call: PageCall[None], case_id: UUID, n: int) -> Shows:
    """Show what is said of a paper, and let a reviewer rule on it."""
    work, speaks = call.work, voice(call.spoken)
    row, paper = applications.get(work, case_id), evidence.get(work, case_id, n)
    rulebook = rulebooks.edition(work, row.rulebook_sha256).rulebook
    may_rule = work.actor.may(Permission.RULE_ON_EVIDENCE) and row.submitted_by != work.actor.person_id
    return {
        **around(work, row, speaks, EVIDENCE),
        "title": speaks.say("paper.title", n=n, number=row.number),
        "paper": paper,
        "facts": _labels(rulebook, evidence.facts_of(paper), speaks),
        "may_rule": may_rule and _is_open(row),
    }


@pages.submission(
    Submission(name="rule_on_paper", path=ONE.path, permission=Permission.RULE_ON_EVIDENCE, page=ONE, form=RulingForm())
)
def rule(call: PageCall[Ruling], case_id: UUID, n: int) -> Go:
    """Accept a paper or refuse it."""
    accepts = call.given.verdict is Verdict.ACCEPT
    ruled = evidence.accept if accepts else evidence.refuse
    ruled(call.work, case_id, n, call.given.reason)
    said = "said.paper_accepted" if accepts else "said.paper_refused"
    return Go(f"/cases/{case_id}/{EVIDENCE}", said, {"n": n})


@pages.submission(
    Submission(name="take_paper", path=f"{ONE.path}/content", permission=Permission.READ_PAPERS, page=None)
)
def take(call: PageCall[None], case_id: UUID, n: int) -> Shown:
    """Give out what stands in a paper; that it was read is recorded, so that it is sent for, never only followed to."""
    return Attachment()(evidence.content(call.work, case_id, n), call.spoken)


def _is_open(row: ApplicationRow) -> bool:
    try:
        require_rulable(State(row.state))
    except PapersClosedError:
        return False
    return True


def _needed(backing: Mapping[str, Backing]) -> list[tuple[str, Backing]]:
    return [(name, one) for name, one in backing.items() if one.state is not Standing.NOT_NEEDED]


def _offered(rulebook: Rulebook, needed: Sequence[str], speaks: Voice) -> tuple[Options, Options]:
    """Give the facts a paper may back: those that need one, with the grade they need, and all others."""
    labels = {name: speaks.label(fact.label) for name, fact in rulebook.facts.items()}
    grades = {name: speaks.say(f"grade.{fact.evidence}") for name, fact in rulebook.facts.items()}
    due = [(name, speaks.say("papers.of_grade", fact=labels[name], grade=grades[name])) for name in needed]
    return due, [(name, label) for name, label in labels.items() if name not in needed]


def _labels(rulebook: Rulebook, names: Sequence[str], speaks: Voice) -> str:
    return speaks.joined(
        [speaks.label(rulebook.facts[name].label) if name in rulebook.facts else name for name in names]
    )
