"""The page of an item: for a member with a phone, and for whoever decides. Voting, stepping aside, pinning anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from flask import request

from service.actions import meetings
from service.actions.meetings.agendas import agenda
from service.core.cases.headers import reason_flaws
from service.core.cases.seats import Choice as Vote
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.web import forms
from service.web.ui import sent
from service.web.ui.filled_forms import FilledForm
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import SHEET, address
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.room import ruling
from service.web.ui.room.around import item_address, neighbours
from service.web.ui.room.item_shown import shown
from service.web.ui.voice import voice

pages = Pages()

PAGE: Final = Page(
    name="room_item",
    path="/meetings/<uuid:meeting_id>/items/<int:n>",
    permission=Permission.READ_MEETINGS,
    template="room_item.html",
    under=overview.ONE,
)

# What the forms of the page are sent to, and what their fields begin with.
_PREFIXES: Final = {
    "pages.room_vote": "vote",
    "pages.room_recuse": "recuse",
    "pages.room_order": "order",
    "pages.room_refresh": "refresh",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as it is sent."""

    vote_choice: Vote | None
    vote_reason: str


class VoteForm(FilledForm):
    """A vote."""

    makes = Cast
    neutral: ClassVar[Mapping[str, object]] = {"vote_choice": None, "vote_reason": ""}

    vote_choice = forms.Choice(Vote, said="")
    vote_reason = forms.Text()


@dataclass(frozen=True, slots=True)
class Stepping:
    """Why somebody steps aside."""

    recuse_reason: str


class SteppingForm(FilledForm):
    """Stepping aside."""

    makes = Stepping
    neutral: ClassVar[Mapping[str, object]] = {"recuse_reason": ""}

    recuse_reason = forms.Text()


@dataclass(frozen=True, slots=True)
class Ordered:
    """Who is taken out of an item, and why."""

    order_person: UUID | None
    order_reason: str


class OrderedForm(FilledForm):
    """A recusal that the chair orders."""

    makes = Ordered
    neutral: ClassVar[Mapping[str, object]] = {"order_person": None, "order_reason": ""}

    order_person = forms.Identifier()
    order_reason = forms.Text()


@pages.page(PAGE)
def read_item(call: PageCall[object], meeting_id: UUID, n: int) -> Shows:
    """Show an item, with what was typed where a form was refused."""
    return read(call, meeting_id, n, another=False)


def read(call: PageCall[object], meeting_id: UUID, n: int, *, another: bool) -> dict[str, object]:
    """Show an item; ``another`` gives the form of the decision one more row."""
    work, speaks = call.work, voice(call.spoken)
    on = meetings.item(work, meeting_id, n)
    card, values = shown(work, on, speaks)
    there = [one.item.n for one in agenda(work, meeting_id).items]
    texts = dict(sent.fields().items()) if request.method == "POST" else {}
    entries, rows = ruling.plan(card), ruling.free_rows(texts, another=another)
    return {
        **values,
        "beside": neighbours(n, there),
        "unvoted": meetings.unvoted(work, meeting_id),
        "texts": texts,
        "entries": entries,
        "rows": rows,
        "moments": [(one, speaks.say(f"due_{one}")) for one in ruling.MOMENTS],
        "labels": {**_labels(speaks.words), **ruling.labels(entries, rows, speaks.words)},
        "place": _place(texts),
        "version": texts.get(sent.VERSION, on.item.version) if another else on.item.version,
    }


def _place(texts: Mapping[str, str]) -> Callable[[str], str]:
    """Lead the pointers of whichever form was sent to its fields."""
    prefix = _PREFIXES.get(request.endpoint or "")
    if prefix is None:
        return ruling.read(texts).place
    return lambda pointer: prefix + "_" + pointer[1:].partition("/")[0].removeprefix(f"{prefix}_")


def _labels(words: Mapping[str, str]) -> dict[str, str]:
    fields = ("vote_choice", "vote_reason", "recuse_reason", "order_person", "order_reason")
    return {name: words[f"room.{name}"] for name in fields}


@pages.submission(
    Submission(name="room_vote", path=f"{PAGE.path}/votes", permission=Permission.VOTE, page=PAGE, form=VoteForm())
)
def vote(call: PageCall[Cast], meeting_id: UUID, n: int) -> Go:
    """Cast or change the visitor's vote, and go on to the next item that waits for one."""
    row = meetings.vote(call.work, meeting_id, n, call.given.vote_choice, call.given.vote_reason)
    choice = voice(call.spoken).say(f"vote_{row.choice}")
    waiting = meetings.unvoted(call.work, meeting_id)
    if not waiting:
        return Go(item_address(meeting_id, n), "said.voted_all", {"n": n, "choice": choice})
    following = next((other for other in waiting if other > n), waiting[0])
    figures = {"n": n, "choice": choice, "next": following, "count": len(waiting)}
    return Go(item_address(meeting_id, following), "said.voted", figures)


@pages.submission(
    Submission(
        name="room_recuse",
        path=f"{PAGE.path}/recusals",
        permission=Permission.RECUSE,
        page=PAGE,
        form=SteppingForm(),
    )
)
def recuse(call: PageCall[Stepping], meeting_id: UUID, n: int) -> Go:
    """Take the visitor out of an item; from now on it is not there for them."""
    meetings.recuse(call.work, meeting_id, n, None, call.given.recuse_reason)
    return Go(address(meeting_id, SHEET), "said.recused", {"n": n})


@pages.submission(
    Submission(
        name="room_order",
        path=f"{PAGE.path}/recusals/ordered",
        permission=Permission.RECUSE,
        page=PAGE,
        form=OrderedForm(),
    )
)
def order(call: PageCall[Ordered], meeting_id: UUID, n: int) -> Go:
    """Take somebody else out of an item, by whoever sits in the chair."""
    if call.given.order_person is None:
        raise InvalidError((Flaw("/order_person", "member_missing"), *reason_flaws(call.given.order_reason.strip())))
    meetings.recuse(call.work, meeting_id, n, call.given.order_person, call.given.order_reason)
    return Go(item_address(meeting_id, n), "said.recusal_ordered", {"n": n})


@pages.submission(
    Submission(name="room_refresh", path=f"{PAGE.path}/refresh", permission=Permission.CALL_MEETINGS, page=PAGE)
)
def refresh(call: PageCall[object], meeting_id: UUID, n: int) -> Go:
    """Pin an item anew; everybody votes again."""
    meetings.refresh(call.work, meeting_id, n)
    return Go(item_address(meeting_id, n), "said.item_refreshed", {"n": n})
