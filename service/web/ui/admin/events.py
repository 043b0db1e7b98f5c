"""The page of events: the messages webhooks are sent, in the order of the ledger's tree."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from service.actions import events
from service.core.people import Permission
from service.web.api.webhooks.forms import EventQueryForm
from service.web.ui.admin import overview
from service.web.ui.pages import Page, PageCall, Pages, Shows

pages = Pages()

PAGE: Final = Page(
    name="events",
    path="/events",
    permission=Permission.READ_EVENTS,
    template="admin_events.html",
    query=EventQueryForm(),
    under=overview.PAGE,
)


@pages.page(PAGE)
def find_events(call: PageCall[events.Wanted]) -> Shows:
    """List events from the first one wanted on, a page at a time."""
    found = events.find(call.work, call.given)
    items = [(one.index, _read(one.event)) for one in found.items]
    return {"after": call.given.after, "items": items, "next": found.next_cursor}


def _read(event: str) -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads(event)
    return {"type": told["type"], "at": datetime.fromisoformat(told["timestamp"]), **told["data"]}
