"""The endpoints of webhooks, their deliveries, and the events they are told of."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from service.actions import events, webhooks
from service.actions.applications import Page
from service.actions.events import Event
from service.actions.webhooks import (
    Delivery,
    DeliveryQuery,
    NewWebhook,
    Query,
    StillPendingError,
    WebhookInactiveError,
)
from service.core.people import Permission
from service.db.webhooks import WebhookRow
from service.web.api.webhooks.forms import DeliveryQueryForm, EventQueryForm, NewWebhookForm, WebhookQueryForm
from service.web.api.webhooks.views import DeliveryView, EventView, IssuedWebhookView, WebhookView
from service.web.endpoints import Call, Endpoint, FormBody
from service.web.forms import Empty, Nothing
from service.web.routes import PREFIX, Routes
from service.web.views import Paged, Plain, Versioned

_ALL: Final = "/webhooks"
_ONE: Final = f"{_ALL}/<uuid:webhook_id>"
_NEW: Final[Mapping[str, object]] = {
    "webhook": {
        "url": "https://erp.zone.example/hooks/sluice",
        "events": ["application.submitted", "decision.recorded"],
    }
}
_NOTHING: Final = FormBody(Empty(), optional=True)
_WEBHOOK: Final = Versioned(WebhookView(), PREFIX + _ALL)
_ISSUED: Final = Versioned(IssuedWebhookView(), PREFIX + _ALL)

routes = Routes("webhooks", ("事件推送", "Webhooks and events"))


@routes.endpoint(
    Endpoint(
        method="POST",
        path=_ALL,
        permission=Permission.MANAGE_WEBHOOKS,
        title=("新增事件推送", "Add a webhook"),
        body=FormBody(NewWebhookForm(), examples=_NEW),
        renders=_ISSUED,
        status=201,
        repeatable=True,
    )
)
def add_webhook(call: Call[NewWebhook]) -> WebhookRow:
    """Add an address that is told of entries. The secret that signs its messages is in this answer and no other."""
    return webhooks.add(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ALL,
        permission=Permission.MANAGE_WEBHOOKS,
        title=("查询事件推送", "Find webhooks"),
        query=WebhookQueryForm(),
        renders=Paged(WebhookView()),
    )
)
def find_webhooks(call: Call[Query]) -> Page[WebhookRow]:
    """List webhooks, the latest first, a page at a time."""
    return webhooks.find(call.work, call.given)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=_ONE,
        permission=Permission.MANAGE_WEBHOOKS,
        title=("读取事件推送", "Read a webhook"),
        renders=_WEBHOOK,
    )
)
def get_webhook(call: Call[None], webhook_id: UUID) -> WebhookRow:
    """Read a webhook, without its secret."""
    return webhooks.get(call.work, webhook_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/rotate",
        permission=Permission.MANAGE_WEBHOOKS,
        title=("更换推送密钥", "Rotate a webhook's secret"),
        body=_NOTHING,
        renders=_ISSUED,
        needs_version=True,
        repeatable=True,
        refuses=(WebhookInactiveError,),
    )
)
def rotate_webhook(call: Call[Nothing], webhook_id: UUID) -> WebhookRow:
    """Give it a new secret, shown in this answer and no other. For 24 hours messages carry both signatures."""
    return webhooks.rotate(call.work, webhook_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/deactivate",
        permission=Permission.MANAGE_WEBHOOKS,
        title=("停用事件推送", "Deactivate a webhook"),
        body=_NOTHING,
        renders=_WEBHOOK,
        needs_version=True,
        repeatable=True,
        refuses=(WebhookInactiveError,),
    )
)
def deactivate_webhook(call: Call[Nothing], webhook_id: UUID) -> WebhookRow:
    """End it for good. What it was still to be told is told no more."""
    return webhooks.deactivate(call.work, webhook_id)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/test",
        permission=Permission.MANAGE_WEBHOOKS,
        title=("发送推送测试", "Test a webhook"),
        body=_NOTHING,
        renders=Plain(DeliveryView()),
        repeatable=True,
        refuses=(WebhookInactiveError,),
    )
)
def test_webhook(call: Call[Nothing], webhook_id: UUID) -> Delivery:
    """Let it be sent a message of type `webhook.tested`, whatever it is told of otherwise."""
    return webhooks.test(call.work, webhook_id)


@routes.endpoint(
    Endpoint(
        method="GET",
        path=f"{_ONE}/deliveries",
        permission=Permission.MANAGE_WEBHOOKS,
        title=("查询推送记录", "Find deliveries"),
        query=DeliveryQueryForm(),
        renders=Paged(DeliveryView()),
    )
)
def find_deliveries(call: Call[DeliveryQuery], webhook_id: UUID) -> Page[Delivery]:
    """List what was and is to be sent to it, the latest first, a page at a time."""
    return webhooks.deliveries(call.work, webhook_id, call.given)


@routes.endpoint(
    Endpoint(
        method="POST",
        path=f"{_ONE}/deliveries/<int:n>/replay",
        permission=Permission.MANAGE_WEBHOOKS,
        title=("重新推送", "Send a message again"),
        body=_NOTHING,
        renders=Plain(DeliveryView()),
        repeatable=True,
        refuses=(WebhookInactiveError, StillPendingError),
    )
)
def replay_delivery(call: Call[Nothing], webhook_id: UUID, n: int) -> Delivery:
    """Send a message that arrived, or was given up, again: the same bytes under the same `webhook-id`."""
    return webhooks.replay(call.work, webhook_id, n)


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/events",
        permission=Permission.READ_EVENTS,
        title=("补取事件", "Catch up with events"),
        query=EventQueryForm(),
        renders=Paged(EventView(), cursor="after"),
    )
)
def find_events(call: Call[events.Wanted]) -> Page[Event]:
    """List what happened, in the order of the ledger's tree: the messages webhooks are sent, whoever they were for."""
    return events.find(call.work, call.given)
