"""Deciding an item by a form: what its votes carry, with the conditions that are typed."""

from typing import Final
from uuid import UUID

from service.actions import meetings
from service.core.errors import InvalidError
from service.core.people import Permission
from service.web.ui.filled_forms import AnyForm, Texts
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.room import items, ruling
from service.web.ui.room.around import item_address
from service.web.ui.voice import voice

pages = Pages()

ROWS: Final = Page(
    name="room_rows",
    path=f"{items.PAGE.path}/conditions",
    permission=Permission.DECIDE_ITEMS,
    template=items.PAGE.template,
    form=AnyForm(),
    of=items.PAGE,
)


@pages.page(ROWS)
def add_row(call: PageCall[Texts], meeting_id: UUID, n: int) -> Shows:
    """Show the form again as it stands, with room for one condition more."""
    return items.read(call, meeting_id, n, another=True)


@items.pages.submission(
    Submission(
        name="room_decide",
        path=f"{items.PAGE.path}/decide",
        permission=Permission.DECIDE_ITEMS,
        page=items.PAGE,
        form=AnyForm(),
    )
)
def decide(call: PageCall[Texts], meeting_id: UUID, n: int) -> Go:
    """Decide an item as its votes carry."""
    typed = ruling.read(call.given.of)
    try:
        row = meetings.decide(call.work, meeting_id, n, typed.ruling)
    except InvalidError as error:
        told = {flaw.pointer for flaw in typed.flaws}
        raise InvalidError((*typed.flaws, *(one for one in error.flaws if one.pointer not in told))) from error
    if typed.flaws:
        raise InvalidError(typed.flaws)
    outcome = voice(call.spoken).say(f"outcome_{row.outcome}")
    return Go(item_address(meeting_id, n), "said.decided", {"n": n, "outcome": outcome})
