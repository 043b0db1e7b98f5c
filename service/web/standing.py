"""What the database says of how things stand, asked anew whenever somebody looks."""

import platform
from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from service.actions import ledger, webhooks
from service.core.errors import SluiceError
from service.core.people import SYSTEM
from service.work import Runtime

Figure = tuple[str, str, float]


class Standing(Collector):
    """How the ledger and the outbox of a runtime stand; without its database only that it is not reached."""

    def __init__(self, runtime: Runtime, version: str) -> None:
        """Take the runtime and the version that runs."""
        self._runtime = runtime
        self._version = version

    def collect(self) -> Iterable[Metric]:
        """Ask, and tell."""
        build = GaugeMetricFamily("sluice_build_info", "Which version runs.", labels=("version", "python"))
        build.add_metric((self._version, platform.python_version()), 1)
        yield build
        for name, explained, figure in self._figures():
            yield GaugeMetricFamily(f"sluice_{name}", explained, figure)

    def _figures(self) -> list[Figure]:
        try:
            with self._runtime.work(SYSTEM, read_only=True) as work:
                health = ledger.health(work, self._runtime.signer)
                found = [*_of_ledger(health), *_of_outbox(webhooks.waiting(work))]
        except (SQLAlchemyError, SluiceError):
            found = []
        return [("database_up", "Whether the database answers as it must.", float(bool(found))), *found]


def _of_ledger(health: ledger.Health) -> Iterator[Figure]:
    yield "ledger_entries", "Entries in the tree.", health.entries
    yield "ledger_pending", "Entries that wait for their place in the tree.", health.pending
    yield "ledger_oldest_pending_seconds", "How long the oldest of them waits.", health.oldest_pending_seconds or 0
    yield "ledger_alarm", "Whether the signer refuses.", float(health.alarm is not None)
    if health.checkpoint is not None:
        yield "ledger_checkpoint_size", "Size of the newest checkpoint.", health.checkpoint.size
        signed = health.checkpoint.signed_at.timestamp()
        yield "ledger_checkpoint_timestamp_seconds", "When it was signed.", signed


def _of_outbox(waiting: webhooks.Waiting) -> Iterator[Figure]:
    yield "outbox_due", "Messages that are due and that nobody has in hand.", waiting.due
    yield "outbox_oldest_due_seconds", "How long the oldest of them has been due.", waiting.oldest_seconds
    yield "outbox_dead", "Messages that were given up.", waiting.dead
