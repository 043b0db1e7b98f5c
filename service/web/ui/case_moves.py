"""What somebody may do with a case: each move on a page of its own, with what it asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final
from uuid import UUID

from service.actions import applications, opinions, rulebooks
from service.actions.applications.facts import given_facts, required_flaws, stored_facts
from service.core.cases.states import MOVES, State, after
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.web import counting
from service.web.forms import Day, Listing, Text
from service.web.ui import cases
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice
from service.words import problems
from service.work import Work

pages = Pages()


@dataclass(frozen=True, slots=True)
class Given:
    """What a move is given: a reason, and departments to be asked until a day."""

    reason: str
    departments: Sequence[str]
    due_on: date | None


class GivenForm(FilledForm):
    """What any move may ask for."""

    makes = Given
    neutral: ClassVar[Mapping[str, object]] = {"reason": "", "departments": (), "due_on": None}

    reason = Text()
    departments = Listing(Text())
    due_on = Day()


@dataclass(frozen=True, slots=True)
class Lacking:
    """A fact that keeps a case from being submitted, and why."""

    label: str
    because: str


PAGE = Page(
    name="move",
    path="/cases/<uuid:case_id>/moves/<move>",
    permission=Permission.READ_CASES,
    template="case_move.html",
    under=cases.ONE,
)


@pages.page(PAGE)
def prepare(call: PageCall[None], case_id: UUID, move: str) -> Shows:
    """Show what a move does and asks for. Refused in the order in which the move itself would be."""
    row = applications.get(call.work, case_id)
    if move not in _DEEDS:
        raise NotFoundError(kind="path")
    call.work.actor.require(MOVES[move].permission)
    after(State(row.state), move)
    speaks = voice(call.spoken)
    title = speaks.say("case.part", part=speaks.say(f"move_{move}"), title=row.number)
    return {
        "title": title,
        "case": row,
        "move": move,
        "reason_due": MOVES[move].reason_due,
        "departments": sorted(opinions.departments_of(call.work)) if move == "accept" else [],
        "lacking": _lacking(call.work, row, speaks) if move == "submit" else [],
    }


@pages.submission(
    Submission(name="make_move", path=PAGE.path, permission=Permission.READ_CASES, page=PAGE, form=GivenForm())
)
def make(call: PageCall[Given], case_id: UUID, move: str) -> Go:
    """Make the move."""
    if move not in _DEEDS:
        raise NotFoundError(kind="path")
    row = _DEEDS[move](call.work, case_id, call.given)
    return Go(f"/cases/{case_id}", f"said.moved_{move}", {"number": row.number})


def _submit(work: Work, case_id: UUID, given: Given) -> ApplicationRow:
    del given
    row = applications.submit(work, case_id)
    counting.assessed_and_kept(row.outcome)
    return row


_DEEDS: Final[Mapping[str, Callable[[Work, UUID, Given], ApplicationRow]]] = MappingProxyType(
    {
        "submit": _submit,
        "accept": lambda work, case_id, given: opinions.accept(work, case_id, given.departments, given.due_on),
        "return": lambda work, case_id, given: applications.return_(work, case_id, given.reason),
        "withdraw": lambda work, case_id, given: applications.withdraw(work, case_id, given.reason),
        "reconsider": lambda work, case_id, given: applications.reconsider(work, case_id, given.reason),
    }
)


def _lacking(work: Work, row: ApplicationRow, speaks: Voice) -> list[Lacking]:
    """Say what keeps the facts as they stand from being submitted today."""
    engine = rulebooks.in_force(work, work.today)
    given = given_facts(engine, stored_facts(row.facts))
    found = []
    for flaw in given.flaws + required_flaws(given):
        fact = engine.rulebook.facts.get(flaw.pointer.split("/")[2])
        label = flaw.pointer if fact is None else speaks.label(fact.label)
        found.append(Lacking(label, problems.because(speaks.language, flaw)))
    return found
