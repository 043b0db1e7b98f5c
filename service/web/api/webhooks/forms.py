"""What callers say of webhooks."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from service.actions import events
from service.actions.webhooks import DeliveryQuery, NewWebhook, Query
from service.core.webhooks import ANNOUNCED, EVERYTHING, LONGEST_URL
from service.web.api.ledger.forms import LedgerNumber
from service.web.forms import Form, Listing, Text
from service.web.paged import Cursor, PageLimit

# An address as it is mostly written: its scheme in small letters, a host of letters and digits or an IPv6 address.
_GROUP: Final = "[0-9A-Fa-f]{1,4}"
_HOST: Final = rf"([A-Za-z0-9.-]+|\[({_GROUP}:){{7}}{_GROUP}\]|\[({_GROUP}:){{1,3}}(:{_GROUP}){{1,4}}\])"
_URL: Final = rf'^https?://{_HOST}(:[1-9][0-9]{{0,3}})?([/?][!"$-\[\]-~]*)?$'


def _said(text: str) -> dict[str, Any]:
    return {"description": text}


class NewWebhookForm(Form):
    """Where to send, and what."""

    makes = NewWebhook
    neutral: ClassVar[Mapping[str, object]] = {"url": "", "events": ()}

    url = Text(
        required=True,
        metadata=_said("接收地址，https · the address that is sent to, https")
        | {"maxLength": LONGEST_URL, "pattern": _URL},
    )
    events = Listing(
        Text(metadata={"enum": [EVERYTHING, *sorted(ANNOUNCED)]}),
        required=True,
        metadata=_said("事件种类，* 为全部 · types of ledger entries, such as application.submitted; * is all of them")
        | {"minItems": 1},
    )


class WebhookQueryForm(Form):
    """Which page of the webhooks."""

    makes = Query

    cursor = Cursor()
    limit = PageLimit()


class DeliveryQueryForm(Form):
    """Which page of the deliveries."""

    makes = DeliveryQuery

    cursor = Cursor()
    limit = PageLimit()


class EventQueryForm(Form):
    """Which events."""

    makes = events.Wanted

    after = LedgerNumber(metadata=_said("此序号之后 · after this index; otherwise from the first on"))
    limit = PageLimit()
