"""The entries of the ledger in words, the newest first, and how the ledger stands."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import request

from service.actions import entries
from service.actions.entries import Found, Sought, Told
from service.core.errors import InvalidError
from service.core.ledger.tellings import EFFECTS
from service.core.people import Permission
from service.web.ui import home
from service.web.ui.ledger.forms import SoughtForm
from service.web.ui.ledger.naming import Happened, happened, kinds
from service.web.ui.ledger.standing import standing
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.rendering import filled
from service.web.ui.voice import Voice, voice
from service.work import Work

_FILTERS: Final = ("type", "kind", "subject", "actor", "from", "to", "limit")
_NOTHING: Final = Found((), (), None)

pages = Pages()

LIST: Final = Page(
    name="ledger",
    path="/ledger",
    permission=Permission.READ_LEDGER,
    template="ledger.html",
    query=SoughtForm(),
    in_navigation=True,
    under=home.PAGE,
)


@pages.page(LIST)
def find_entries(call: PageCall[Sought]) -> Shows:
    """List entries, a page at a time, with how the ledger stands above them."""
    speaks = voice(call.spoken)
    refused: Mapping[str, object] = {}
    try:
        found = entries.seek(call.work, call.given)
    except InvalidError as error:
        found, refused = _NOTHING, {"form": filled(error, call.spoken)}
    return {
        "standing": standing(call.work, speaks),
        "query": call.given,
        "waiting": _lines(call.work, found.waiting, call.spoken),
        "items": _lines(call.work, found.items, call.spoken),
        "before": found.before,
        "types": _types(speaks),
        "kinds": kinds(speaks),
        "filters": [(name, request.args[name]) for name in _FILTERS if request.args.get(name)],
        **refused,
    }


def _types(speaks: Voice) -> list[tuple[str, str]]:
    """Give every type in words, those about one noun together."""
    every = (entries.EVERY_TYPE, speaks.say("ledger.every_type"))
    return [every, *((type_, speaks.known(type_, type_)) for type_ in sorted(EFFECTS))]


def _lines(work: Work, told: Sequence[Told], spoken: str) -> list[tuple[Told, Happened]]:
    return list(zip(told, happened(work, (one.event for one in told), voice(spoken)), strict=True))
