"""The page of a webhook: what was sent to it and what came of it, a test, another secret, its end."""

from typing import Final
from uuid import UUID

from service.actions import webhooks
from service.actions.webhooks import DeliveryQuery
from service.core.people import Permission
from service.core.webhooks import BOTH_FOR
from service.web.api.webhooks.forms import DeliveryQueryForm
from service.web.ui.admin import hooks
from service.web.ui.pages import Go, Once, Page, PageCall, Pages, Shows, Submission
from service.web.ui.voice import voice

_PATH: Final = "/webhooks/<uuid:webhook_id>"

pages = Pages()

ONE: Final = Page(
    name="webhook",
    path=_PATH,
    permission=Permission.MANAGE_WEBHOOKS,
    template="admin_hook.html",
    query=DeliveryQueryForm(),
    under=hooks.LIST,
)
SECRET: Final = Page(
    name="webhook_secret",
    path=f"{_PATH}/secret",
    permission=Permission.MANAGE_WEBHOOKS,
    template="admin_hook_secret.html",
    under=ONE,
)
END: Final = Page(
    name="webhook_end",
    path=f"{_PATH}/deactivate",
    permission=Permission.MANAGE_WEBHOOKS,
    template="admin_hook_end.html",
    under=ONE,
)


@pages.page(ONE)
def read_webhook(call: PageCall[DeliveryQuery | None], webhook_id: UUID, **_: object) -> Shows:
    """Show a webhook and its deliveries, the latest first, a page at a time."""
    row, query = webhooks.get(call.work, webhook_id), call.given or DeliveryQuery()
    found = webhooks.deliveries(call.work, webhook_id, query)
    return {
        "title": row.url,
        "row": row,
        "now": call.work.now,
        "events": hooks.told_of(row, voice(call.spoken)),
        "health": webhooks.health(call.work, [row.id])[row.id],
        "query": query,
        "items": found.items,
        "next_cursor": found.next_cursor,
    }


@pages.submission(
    Submission(name="test_webhook", path=f"{_PATH}/test", permission=Permission.MANAGE_WEBHOOKS, page=ONE)
)
def test(call: PageCall[None], webhook_id: UUID) -> Go:
    """Let a webhook be sent a test."""
    webhooks.test(call.work, webhook_id)
    return Go(f"/webhooks/{webhook_id}", "said.webhook_tested")


@pages.submission(
    Submission(
        name="replay_delivery",
        path=f"{_PATH}/deliveries/<int:n>/replay",
        permission=Permission.MANAGE_WEBHOOKS,
        page=ONE,
    )
)
def replay(call: PageCall[None], webhook_id: UUID, n: int) -> Go:
    """Send a message again."""
    webhooks.replay(call.work, webhook_id, n)
    return Go(f"/webhooks/{webhook_id}", "said.webhook_replayed", {"n": n})


@pages.page(SECRET)
def prepare_secret(call: PageCall[None], webhook_id: UUID) -> Shows:
    """Say what another secret means. Raises what rotating would."""
    row = webhooks.get(call.work, webhook_id)
    webhooks.require_active(row)
    return {"row": row, "hours": BOTH_FOR.total_seconds() // 3600}


@pages.submission(
    Submission(name="rotate_webhook", path=SECRET.path, permission=Permission.MANAGE_WEBHOOKS, page=SECRET)
)
def rotate(call: PageCall[None], webhook_id: UUID) -> Once:
    """Give a webhook another secret, and show it this once."""
    row = webhooks.rotate(call.work, webhook_id)
    return hooks.secret_shown(SECRET, row, voice(call.spoken).say("hook.rotated"))


@pages.page(END)
def prepare_end(call: PageCall[None], webhook_id: UUID) -> Shows:
    """Say what the end of a webhook means. Raises what deactivating would."""
    row = webhooks.get(call.work, webhook_id)
    webhooks.require_active(row)
    return {"row": row, "waiting": webhooks.health(call.work, [row.id])[row.id].waiting}


@pages.submission(Submission(name="deactivate_webhook", path=END.path, permission=Permission.MANAGE_WEBHOOKS, page=END))
def deactivate(call: PageCall[None], webhook_id: UUID) -> Go:
    """End a webhook for good."""
    webhooks.deactivate(call.work, webhook_id)
    return Go(f"/webhooks/{webhook_id}", "said.webhook_ended")
