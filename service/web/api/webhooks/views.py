"""What webhooks, deliveries and events show."""

import json
from typing import Any, Final

from marshmallow import fields

from service.web.views import MomentView, Stored, View

_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string"}}


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class WebhookView(View):
    """A webhook, without its secret."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.Function(lambda row: json.loads(row.events), required=True, metadata=_TEXTS)
    active = fields.Boolean(required=True)
    previous_until = MomentView(
        required=True, allow_none=True, metadata=_said("Until then messages are also signed with the secret before.")
    )
    created_by = fields.UUID(required=True)
    created_at = MomentView(required=True)
    version = fields.Integer(required=True, metadata=_said("Counts changes; the ETag."))


class IssuedWebhookView(WebhookView):
    """A webhook with a secret that is new, and is never shown again."""

    secret = fields.String(required=True, metadata=_said("Keep it: it is shown this once. Standard Webhooks, whsec_…"))


class DeliveryView(View):
    """A message to a webhook, and what came of it so far."""

    n = fields.Integer(required=True)
    type = fields.String(required=True)
    entry = fields.Integer(required=True, metadata=_said("Number of the ledger entry it tells of."))
    state = fields.String(required=True, metadata={"enum": ["pending", "delivered", "dead"]})
    attempts = fields.Integer(required=True)
    due_at = MomentView(required=True, allow_none=True, metadata=_said("When it is sent next; null: not any more."))
    status = fields.Integer(required=True, allow_none=True, metadata=_said("Status of the last answer."))
    error = fields.String(
        required=True, allow_none=True, metadata=_said("Why the last attempt failed, such as status_500 or not_public.")
    )
    delivered_at = MomentView(required=True, allow_none=True)


class EventView(View):
    """A message under the number its entry has in the ledger's tree."""

    index = fields.Integer(required=True, metadata=_said("The `after` of whoever has read this far."))
    event = Stored(required=True, metadata=_said("The message, to the byte as webhooks are sent it."))
