"""Webhooks of a house, and whoever receives what they are sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from standardwebhooks.webhooks import Webhook

from service import outbound
from service.actions import webhooks
from service.actions.webhooks import Delivery, Outcome, Outside
from service.actions.webhooks.delivering import Post, Resolve
from service.core.addresses import read_allowed
from service.db.webhooks import WebhookRow
from service.outbound import Limits
from tests import make
from tests.witnesses import Letterbox, response, stand_in

QUICK = Limits(connect=2, silent=0.3, whole=0.6)


def local(house: make.House, hosts: str = "127.0.0.0/8") -> make.House:
    """The same house, whose webhooks may be sent to this machine."""
    settings = replace(house.runtime.settings, webhook_allowed_hosts=read_allowed(hosts))
    return replace(house, runtime=replace(house.runtime, settings=settings))


@dataclass(frozen=True)
class Hook:
    """A webhook of a house."""

    house: make.House
    id: UUID
    secret: str

    def row(self) -> WebhookRow:
        """It as it stands."""
        with self.house.work(self.house.admin) as work:
            row = webhooks.get(work, self.id)
            work.session.expunge(row)
            return row

    def deliveries(self) -> tuple[Delivery, ...]:
        """What was and is to be sent to it, the latest first."""
        with self.house.work(self.house.admin) as work:
            return tuple(webhooks.deliveries(work, self.id, webhooks.DeliveryQuery(limit=200)).items)

    def last(self) -> Delivery:
        """The latest delivery."""
        return self.deliveries()[0]

    def test(self) -> Delivery:
        """Let it be tested."""
        with self.house.work(self.house.admin) as work:
            return webhooks.test(work, self.id)

    def replay(self, n: int) -> None:
        """Send something again."""
        with self.house.work(self.house.admin) as work:
            webhooks.replay(work, self.id, n)

    def rotate(self) -> str:
        """Give it a new secret."""
        with self.house.work(self.house.admin, expects=self.row().version) as work:
            return webhooks.rotate(work, self.id).secret

    def deactivate(self) -> None:
        """End it."""
        with self.house.work(self.house.admin, expects=self.row().version) as work:
            webhooks.deactivate(work, self.id)


def added(house: make.House, url: str, *events: str) -> Hook:
    """Add a webhook, for everything if nothing is named."""
    with house.work(house.admin) as work:
        row = webhooks.add(work, webhooks.NewWebhook(url, events or ("*",)))
        return Hook(house, row.id, row.secret)


@contextmanager
def received(house: make.House, *events: str, status: int = 200) -> Iterator[tuple[Hook, Letterbox]]:
    """A webhook, and a receiver that answers with a status."""
    with stand_in(lambda _: response(status)) as box:
        yield added(house, f"{box.url}/hook", *events), box


def deliver(house: make.House, post: Post | None = None, resolve: Resolve = outbound.resolve) -> list[Outcome]:
    """Send whatever is due, and say what came of it."""
    outside = Outside(resolve, post or partial(outbound.post, limits=QUICK))
    return list(iter(lambda: webhooks.deliver_next(house.runtime, outside), None))


def verified(box: Letterbox, secret: str, at: int = -1) -> Any:  # noqa: ANN401 - whatever was sent
    """What a receiver was sent, believed by the library of the specification."""
    return Webhook(secret).verify(box.letters[at], {name.lower(): value for name, value in box.headers[at].items()})


def ids(box: Letterbox) -> list[str]:
    """The identifiers of the messages that came, in their order."""
    return [headers["webhook-id"] for headers in box.headers]


def outbox(house: make.House) -> int:
    """How many messages there are, for whomever."""
    with house.runtime.engine.connect() as connection:
        found: int = connection.execute(select(text("count(*)")).select_from(text("outbox"))).scalar_one()
        return found


def gone() -> Callable[[bytes], list[bytes]]:
    """An answer that says never to come again."""
    return lambda _: response(410)
