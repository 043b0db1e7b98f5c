"""The page of events: the messages webhooks are sent, in the order of the ledger's tree."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.actions import events
from service.core.people import Permission
from service.web.api.webhooks.forms import EventQueryForm
from service.web.ui.admin import overview
from service.web.ui.ledger.naming import Happened, happened
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.voice import voice

_PERSON: Final = "person"

pages = Pages()

PAGE: Final = Page(
    name="events",
    path="/events",
    permission=Permission.READ_EVENTS,
    template="admin_events.html",
    query=EventQueryForm(),
    under=overview.PAGE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A message as it is listed: its number, what it tells, and the same in words."""

    index: int
    told: Mapping[str, Any]
    said: Happened

    @property
    def subject(self) -> str | None:
        """What it is about, by the name that whoever looks may know; None leaves its identifier."""
        of = self.said.subject
        named = self.told["number"] or (of.name if of.address is not None or self._kind == _PERSON else None)
        return None if named == self.told["subject"]["id"] else named

    @property
    def _kind(self) -> str:
        return str(self.told["subject"]["kind"])


@pages.page(PAGE)
def find_events(call: PageCall[events.Wanted]) -> Shows:
    """List events from the first one wanted on, a page at a time."""
    found = events.find(call.work, call.given)
    told = [_read(one.event) for one in found.items]
    said = happened(call.work, told, voice(call.spoken))
    items = [_Line(one.index, event, entry) for one, event, entry in zip(found.items, told, said, strict=True)]
    return {"after": call.given.after, "items": items, "next": found.next_cursor}


def _read(event: str) -> Mapping[str, Any]:
    """Read a message as an entry is told; the roles of that moment are not in it."""
    told: dict[str, Any] = json.loads(event)
    data = told["data"]
    return {"type": told["type"], "at": told["timestamp"], **data, "actor": {"ref": data["actor"], "roles": []}}
