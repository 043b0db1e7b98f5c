"""The opinions of departments on a case: for those who judge it, and nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from service.actions import applications, opinions
from service.actions.opinions import NewOpinion
from service.core.cases.opinions import ASKED_IN, GIVEN_IN, Stance
from service.core.cases.states import State
from service.core.people import Permission
from service.web.forms import Choice, Day, Text
from service.web.ui import cases
from service.web.ui.case_around import OPINIONS, around
from service.web.ui.filled_forms import FilledForm, Lines
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice

pages = Pages()

PAGE: Final = Page(
    name="case_opinions",
    path="/cases/<uuid:case_id>/opinions",
    permission=Permission.READ_OPINIONS,
    template="case_opinions.html",
    under=cases.ONE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A department that is asked, and until when."""

    department: str
    due_on: date | None


class AskedForm(FilledForm):
    """Which department is asked."""

    makes = Asked
    neutral: ClassVar[Mapping[str, object]] = {"department": "", "due_on": None}

    department = Text()
    due_on = Day()


class GivenForm(FilledForm):
    """What the visitor's department says."""

    makes = NewOpinion
    neutral: ClassVar[Mapping[str, object]] = {"stance": None, "reason": "", "conditions": ()}

    stance = Choice(Stance, said="")
    reason = Text()
    conditions = Lines()


@pages.page(PAGE)
def read_opinions(call: PageCall[None], case_id: UUID) -> Shows:
    """Show what departments were asked and what they said, and what the visitor may say or ask."""
    work, speaks = call.work, voice(call.spoken)
    row = applications.get(work, case_id)
    found = opinions.find(work, case_id)
    state, others = State(row.state), row.submitted_by != work.actor.person_id
    may_ask = others and state in ASKED_IN and work.actor.may(Permission.ASK_OPINIONS)
    return {
        **around(work, row, speaks, OPINIONS),
        "opinions": found,
        "may_give": others and state in GIVEN_IN and work.actor.may(Permission.GIVE_OPINIONS),
        "may_ask": may_ask,
        "departments": _unasked(found, sorted(opinions.departments_of(work))) if may_ask else [],
        "stances": [(stance.value, speaks.say(f"stance_{stance}")) for stance in Stance],
    }


@pages.submission(
    Submission(
        name="ask_opinion",
        path=f"{PAGE.path}/requests",
        permission=Permission.ASK_OPINIONS,
        page=PAGE,
        form=AskedForm(),
    )
)
def ask(call: PageCall[Asked], case_id: UUID) -> Go:
    """Ask a department."""
    opinions.ask(call.work, case_id, call.given.department, call.given.due_on)
    return Go(f"/cases/{case_id}/{OPINIONS}", "said.opinion_asked", {"department": call.given.department})


@pages.submission(
    Submission(name="give_opinion", path=PAGE.path, permission=Permission.GIVE_OPINIONS, page=PAGE, form=GivenForm())
)
def give(call: PageCall[NewOpinion], case_id: UUID) -> Go:
    """Give the opinion of the visitor's department."""
    opinions.give(call.work, case_id, call.given)
    return Go(f"/cases/{case_id}/{OPINIONS}", "said.opinion_given")


def _unasked(found: Sequence[opinions.Opinion], departments: Sequence[str]) -> list[tuple[str, str]]:
    waiting = {one.row.department for one in found if one.state is opinions.OpinionState.ASKED}
    return [(name, name) for name in departments if name not in waiting]
