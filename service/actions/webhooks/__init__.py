"""Webhooks: who is told of entries, what was sent to them, and sending it."""

from service.actions.webhooks.deliveries import Delivery, DeliveryQuery, StillPendingError, deliveries, replay, test
from service.actions.webhooks.delivering import Outcome, Outside, deliver_next
from service.actions.webhooks.health import Health, failing, health
from service.actions.webhooks.manage import (
    NewWebhook,
    Query,
    WebhookInactiveError,
    add,
    deactivate,
    find,
    get,
    require_active,
    rotate,
)
from service.actions.webhooks.messages import bodies
from service.actions.webhooks.waiting import Waiting, waiting

__all__ = [
    "Delivery",
    "DeliveryQuery",
    "Health",
    "NewWebhook",
    "Outcome",
    "Outside",
    "Query",
    "StillPendingError",
    "Waiting",
    "WebhookInactiveError",
    "add",
    "bodies",
    "deactivate",
    "deliver_next",
    "deliveries",
    "failing",
    "find",
    "get",
    "health",
    "replay",
    "require_active",
    "rotate",
    "test",
    "waiting",
]
