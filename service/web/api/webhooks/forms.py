"""What callers say of webhooks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from service.actions import events
from service.actions.webhooks import DeliveryQuery, NewWebhook, Query
from service.web.api.ledger.forms import LedgerNumber
from service.web.forms import Form, Listing, Text, WholeNumber


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class NewWebhookForm(Form):
    """Where to send, and what."""

    makes = NewWebhook
    neutral: ClassVar[Mapping[str, object]] = {"url": "", "events": ()}

    url = Text(required=True, metadata=_said("接收地址，https · the address that is sent to, https"))
    events = Listing(
        Text(),
        required=True,
        metadata=_said("事件种类，* 为全部 · types of ledger entries, such as application.submitted; * is all of them"),
    )


class WebhookQueryForm(Form):
    """Which page of the webhooks."""

    makes = Query

    cursor = Text(metadata=_said("上一页的 next_cursor · next_cursor of the page before"))
    limit = WholeNumber(metadata=_said("每页条数 · items on a page, 1 to 200, held is 50"))


class DeliveryQueryForm(Form):
    """Which page of the deliveries."""

    makes = DeliveryQuery

    cursor = Text(metadata=_said("上一页的 next_cursor · next_cursor of the page before"))
    limit = WholeNumber(metadata=_said("每页条数 · items on a page, 1 to 200, held is 50"))


class EventQueryForm(Form):
    """Which events."""

    makes = events.Wanted

    after = LedgerNumber(metadata=_said("此序号之后 · after this index; otherwise from the first on"))
    limit = WholeNumber(metadata=_said("每页条数 · items on a page, 1 to 200, held is 50"))
