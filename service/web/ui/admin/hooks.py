"""The pages of webhooks: the list with their health, and one that is added, with a secret that is shown once."""

import json
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Final

from service.actions import webhooks
from service.actions.webhooks import Health, NewWebhook, Query
from service.core.people import Permission
from service.core.webhooks import ANNOUNCED, EVERYTHING
from service.db.webhooks import WebhookRow
from service.web.api.webhooks.forms import WebhookQueryForm
from service.web.forms import Listing, Text
from service.web.ui.admin import overview
from service.web.ui.filled_forms import FilledForm
from service.web.ui.pages import Once, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import Voice, voice

# What events are of, in the order in which they are offered.
KINDS: Final = (
    *("application", "applications", "evidence", "opinion", "waiver", "meeting", "recusal", "vote", "decision"),
    *("rulebook", "deputy", "interest", "person", "identity", "key", "bundle"),
)

pages = Pages()

LIST: Final = Page(
    name="webhooks",
    path="/webhooks",
    permission=Permission.MANAGE_WEBHOOKS,
    template="admin_hooks.html",
    query=WebhookQueryForm(),
    under=overview.PAGE,
)
NEW: Final = Page(
    name="webhook_new",
    path="/webhooks/new",
    permission=Permission.MANAGE_WEBHOOKS,
    template="admin_hook_new.html",
    under=LIST,
)


class NewWebhookForm(FilledForm):
    """Where to send, and what."""

    makes = NewWebhook
    neutral: ClassVar[dict[str, object]] = {"url": "", "events": ()}

    url = Text(required=True)
    events = Listing(Text())


@dataclass(frozen=True, slots=True)
class ShownHook:
    """A webhook as it is listed: its row, what it is told of in words, and how it does."""

    row: WebhookRow
    events: str
    health: Health


@pages.page(LIST)
def find_webhooks(call: PageCall[Query]) -> Shows:
    """List webhooks, the latest first, a page at a time."""
    found, speaks = webhooks.find(call.work, call.given), voice(call.spoken)
    health = webhooks.health(call.work, [row.id for row in found.items])
    items = [ShownHook(row, told_of(row, speaks), health[row.id]) for row in found.items]
    return {"query": call.given, "items": items, "next_cursor": found.next_cursor}


@pages.page(NEW)
def prepare(call: PageCall[None]) -> Shows:
    """Ask where to send, and what."""
    speaks = voice(call.spoken)
    return {"everything": EVERYTHING, "groups": offered(speaks)}


@pages.submission(
    Submission(
        name="add_webhook", path=NEW.path, permission=Permission.MANAGE_WEBHOOKS, page=NEW, form=NewWebhookForm()
    )
)
def add(call: PageCall[NewWebhook]) -> Once:
    """Add a webhook, and show its secret this once."""
    row = webhooks.add(call.work, call.given)
    return secret_shown(NEW, row, voice(call.spoken).say("hook.added"))


def secret_shown(page: Page, row: WebhookRow, title: str) -> Once:
    """Show the secret of a webhook, which no other page has."""
    values = {"title": title, "secret_text": row.secret, "url": row.url, "hook": row.id, "until": row.previous_until}
    return Once(page, "admin_hook_shown.html", values)


def told_of(row: WebhookRow, speaks: Voice) -> str:
    """Say in words what a webhook is told of."""
    events = json.loads(row.events)
    if EVERYTHING in events:
        return speaks.say("hook.everything")
    return speaks.joined([speaks.known(event, event) for event in events])


def offered(speaks: Voice) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Give the types of events in groups: value, word, and the type itself."""
    order = sorted(ANNOUNCED, key=lambda event: (KINDS.index(event.partition(".")[0]), event))
    return [
        (speaks.say(f"hook.kind_{kind}"), [(event, speaks.known(event, event), event) for event in events])
        for kind, events in groupby(order, lambda event: event.partition(".")[0])
    ]
