"""The projector: one case at a time in very large type, or two or three side by side, without anything around them.

It shows what the visitor may see, and nothing of votes before the item is decided.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from flask import request

from service.actions import meetings
from service.actions.meetings import OnTable
from service.actions.meetings.agendas import agenda
from service.core.cases.meetings import ItemState
from service.core.errors import NotFoundError
from service.core.people import Permission
from service.core.values import read_json
from service.web.api.sheets.minutes_paper import counted
from service.web.ui.meetings import overview
from service.web.ui.meetings.around import PROJECTOR, address
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows
from service.web.ui.room.around import around, neighbours
from service.web.ui.room.brief import brief, scorecard
from service.web.ui.room.comparing import compared
from service.web.ui.voice import Voice, voice
from service.work import Work

MOST_COMPARED: Final = 3
WITH: Final = "with"

_DIGITS: Final = 6

pages = Pages()

COVER: Final = Page(
    name="room_projector",
    path="/meetings/<uuid:meeting_id>/projector",
    permission=Permission.READ_MEETINGS,
    template="room_projector.html",
    under=overview.ONE,
)
ONE: Final = Page(
    name="room_projected",
    path="/meetings/<uuid:meeting_id>/projector/<int:n>",
    permission=Permission.READ_MEETINGS,
    template="room_projected.html",
    under=COVER,
)


@pages.page(COVER)
def project(call: PageCall[None], meeting_id: UUID) -> Shows:
    """Show the agenda, or the cases that are to stand side by side; one alone is shown by itself."""
    work, speaks = call.work, voice(call.spoken)
    chosen = list(dict.fromkeys(_numbers(request.args.getlist(WITH))))
    if len(chosen) == 1:
        return Go(address(meeting_id, f"{PROJECTOR}/{chosen[0]}"))
    found = agenda(work, meeting_id)
    there = [one for one in found.items if one.item.state != ItemState.WITHDRAWN.value]
    items = [_projected(work, meeting_id, n) for n in chosen[:MOST_COMPARED]]
    cards = [scorecard(work, on, speaks) for on in items]
    return {
        **around(found.meeting, speaks, PROJECTOR),
        "there": there,
        "items": items,
        "tables": compared(cards) if cards else [],
        "left_out": len(chosen) - len(items),
    }


@pages.page(ONE)
def project_one(call: PageCall[None], meeting_id: UUID, n: int) -> Shows:
    """Show a case."""
    work, speaks = call.work, voice(call.spoken)
    on = _projected(work, meeting_id, n)
    there = [one.item.n for one in agenda(work, meeting_id).items if one.item.state != ItemState.WITHDRAWN.value]
    return {
        "title": speaks.say("room.projected", n=n, number=on.case.number, applicant=on.case.applicant_name),
        "meeting": on.meeting,
        "on": on,
        "brief": brief(scorecard(work, on, speaks)),
        "place": there.index(n) + 1,
        "there": there,
        "beside": neighbours(n, there),
        "counted": _counted(on, speaks),
    }


def _projected(work: Work, meeting_id: UUID, n: int) -> OnTable:
    """Give an item that is on the sheet. Raises ``NotFoundError``, also for one that is not for these eyes."""
    on = meetings.item(work, meeting_id, n)
    if on.item.state in {ItemState.UNTABLED.value, ItemState.WITHDRAWN.value}:
        raise NotFoundError(kind="item")
    return on


def _numbers(texts: Sequence[str]) -> Iterator[int]:
    """Read numbers of items; what is none leads to nothing."""
    for text in texts:
        if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
            raise NotFoundError(kind="item")
        yield int(text)


def _counted(on: OnTable, speaks: Voice) -> str | None:
    """Say how an item was voted, once it is decided."""
    if on.decision is None:
        return None
    tally = read_json(on.decision.tally)
    counts = tally["counts"] if isinstance(tally, dict) else None
    return counted(speaks, counts) if isinstance(counts, dict) else None
