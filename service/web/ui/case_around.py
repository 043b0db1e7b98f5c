"""What is around every page of a case: its title, its other pages, and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.actions import applications, evidence, rulebooks
from service.actions.applications import Entry
from service.actions.applications.cases import standing
from service.actions.evidence import papers
from service.core.cases.evidence import PapersClosedError, TooManyPapersError, require_attachable
from service.core.cases.sight import sight
from service.core.cases.states import State
from service.core.people import Permission
from service.core.values import read_json
from service.db.applications import ApplicationRow
from service.web.ui.charts import Kind
from service.web.ui.scorecard import Scorecard, Side
from service.web.ui.voice import Voice
from service.work import Work

OVERVIEW: Final = ""
CRITERIA: Final = "criteria"
EVIDENCE: Final = "evidence"
OPINIONS: Final = "opinions"
WAIVERS: Final = "waivers"
VERSIONS: Final = "versions"

MOVES_HERE: Final = ("submit", "accept", "return", "withdraw", "reconsider")

_EDIT: Final = "replace_facts"
_ATTACH: Final = "attach"
_END: Final = "withdraw"
_RETURNED: Final = "application.returned"
_PARTS: Final = (OVERVIEW, CRITERIA, EVIDENCE, OPINIONS, WAIVERS, VERSIONS)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a case that the visitor may read."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """Something the visitor may do, and where."""

    name: str
    label: str
    address: str

    @property
    def is_main(self) -> bool:
        """Whether it leads on; what ends a case does not."""
        return self.name != _END


def ways(work: Work, row: ApplicationRow, moves: Sequence[str], voice: Voice) -> list[Way]:
    """Give the moves that are made on pages of the case; meetings make all others."""
    found = [Way(_EDIT, voice.say(f"move_{_EDIT}"), address(row, "edit"))] if _EDIT in moves else []
    found += [
        Way(move, voice.say(f"move_{move}"), address(row, f"moves/{move}")) for move in moves if move in MOVES_HERE
    ]
    if takes_papers(work, row):
        found.append(Way(_ATTACH, voice.say("case.attach"), address(row, f"{EVIDENCE}#attach")))
    return sorted(found, key=lambda way: not way.is_main)


def takes_papers(work: Work, row: ApplicationRow) -> bool:
    """Say whether the visitor may attach a paper to the case as it stands."""
    if not work.actor.may(Permission.ATTACH_EVIDENCE) or work.actor.person_id != row.submitted_by:
        return False
    try:
        require_attachable(State(row.state), papers.count(work, row.id))
    except (PapersClosedError, TooManyPapersError):
        return False
    return True


def address(row: ApplicationRow, part: str = OVERVIEW) -> str:
    """Give the address of a page of a case."""
    return f"/cases/{row.id}/{part}".rstrip("/")


def around(work: Work, row: ApplicationRow, voice: Voice, part: str) -> Mapping[str, object]:
    """Give what every page of a case shows; ``part`` is this one."""
    named = voice.say("case.title", number=row.number, project=row.project_name)
    title = named if part == OVERVIEW else voice.say("case.part", part=voice.say(f"part.{part}"), title=named)
    seen = [one for one in _PARTS if one != OPINIONS or judges(work, row)]
    return {"title": title, "case": row, "part": part, "parts": [Part(one, address(row, one)) for one in seen]}


def returned(work: Work, row: ApplicationRow) -> Entry | None:
    """Give the entry by which a case was returned, as long as it is; it says why."""
    if row.state != State.RETURNED.value:
        return None
    told = [entry for entry in applications.timeline(work, row.id) if entry.type == _RETURNED]
    return told[-1] if told else None


def judges(work: Work, row: ApplicationRow) -> bool:
    """Say whether the judging side of a case is for the visitor's eyes, as the API has it."""
    return work.actor.may(Permission.READ_OPINIONS) and sight(work.actor).judges(standing(work, row))


def scorecard(work: Work, row: ApplicationRow, voice: Voice) -> Scorecard | None:
    """Give the scorecard of the latest version, None before the first.

    Where there are papers, what is verified today stands beside what was declared.
    """
    assessed = applications.assessments(work, row.id)
    if not assessed:
        return None
    latest = assessed[-1]
    report = {"zh": latest.report_zh, "en": latest.report_en}[voice.language]
    sides = [Side(Kind.DECLARED, read_json(report))]
    if papers.count(work, row.id):
        found = evidence.latest(work, row.id)
        told = found.engine.explain(found.facts, voice.language, found.waived)
        sides.append(Side(Kind.VERIFIED, read_json(told)))
    return Scorecard(rulebooks.edition(work, latest.rulebook_sha256).rulebook, voice, sides)
