"""What is counted while requests are answered. Names of operations, never paths: what can be counted is bounded."""

import re
from collections import Counter as Tally
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event
from werkzeug.wsgi import ClosingIterator

from service.web import gathering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAME: Final = "sluice_counts"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"
_NOWHERE: Final = "none"
_FAILED: Final = 400
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OUTCOME = re.compile(r'"outcome":"([a-z]+)"')


class Counts:
    """The counts of an application: of this process, and with them those of all that share a folder with it."""

    def __init__(self) -> None:
        """Start at nothing."""
        own = CollectorRegistry()
        self._own = own
        self.requests = Counter(
            "sluice_requests", "Requests answered.", ("operation", "method", "status"), registry=own
        )
        self.seconds = Histogram(
            "sluice_request_seconds",
            "Seconds from a request to its answer.",
            ("operation",),
            registry=own,
            buckets=_SECONDS,
        )
        self.in_flight = Gauge(
            "sluice_requests_in_flight", "Requests being answered.", registry=own, multiprocess_mode="livesum"
        )
        self.assessments = Counter(
            "sluice_assessments", "Assessments made, by outcome and whether kept.", ("outcome", "kept"), registry=own
        )
        self.limited = Counter(
            "sluice_requests_limited", "Requests refused for being too many.", ("budget",), registry=own
        )
        self.connections = Gauge(
            "sluice_database_connections",
            "Connections to the database.",
            ("state",),
            registry=own,
            multiprocess_mode="livesum",
        )

    def gathered(self) -> Collector:
        """Give what collects the counts of all processes."""
        if not gathering.is_shared():
            return self._own
        together = CollectorRegistry()
        MultiProcessCollector(together, str(gathering.share()))  # type: ignore[no-untyped-call]  # it has no types
        return _Alone(together)


class _Alone(Collector):
    """Collects while nobody puts files together."""

    def __init__(self, collector: Collector) -> None:
        """Take what collects."""
        self._collector = collector

    def collect(self) -> Iterable[Metric]:
        """Collect."""
        with gathering.alone():
            return list(self._collector.collect())


class InFlight:
    """Counts the requests an application is at, until their answers have left."""

    def __init__(self, app: "WSGIApplication", gauge: Gauge) -> None:
        """Take the application."""
        self._app = app
        self._gauge = gauge

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        self._gauge.inc()
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._gauge.dec()
            raise
        return ClosingIterator(answer, self._gauge.dec)


def watch(app: Flask) -> None:
    """Count what an application answers. This comes before all that it does before a request."""
    counts = Counts()
    app.extensions[_NAME] = counts
    app.before_request(_begin)
    app.after_request(_count)
    app.wsgi_app = InFlight(app.wsgi_app, counts.in_flight)  # type: ignore[method-assign]  # as its authors advise


def watch_connections(app: Flask, engine: Engine) -> None:
    """Count the connections to the database of an application's engine, open and in use."""
    gauge = of(app).connections
    for state, begins, ends in (("open", "connect", "close"), ("used", "checkout", "checkin")):
        child = gauge.labels(state)
        event.listen(engine, begins, lambda *_, child=child: child.inc())
        event.listen(engine, ends, lambda *_, child=child: child.dec())


def of(app: Flask) -> Counts:
    """Give the counts of an application."""
    found: Counts = app.extensions[_NAME]
    return found


def assessed(reports: Iterable[str]) -> None:
    """Count pre-checks by the outcome their reports tell, when the request succeeds."""
    for report in reports:
        found = _OUTCOME.search(report)
        if found is not None:
            _noted()[found[1], "no"] += 1


def assessed_and_kept(outcome: str | None) -> None:
    """Count an assessment that is kept, when the request succeeds; there is none without an outcome."""
    if outcome is not None:
        _noted()[outcome, "yes"] += 1


def _noted() -> Tally[tuple[str, str]]:
    if "assessed" not in g:
        g.assessed = Tally()
    found: Tally[tuple[str, str]] = g.assessed
    return found


def _begin() -> None:
    g.began = perf_counter()


def _count(response: Response) -> Response:
    counts = of(current_app)
    operation = _NOWHERE if request.endpoint is None else request.endpoint.rpartition(".")[2]
    method = request.method if request.method in _METHODS else _OTHER
    counts.requests.labels(operation, method, str(response.status_code)).inc()
    counts.seconds.labels(operation).observe(perf_counter() - g.began)
    found: dict[Any, int] = g.get("assessed", {})
    if response.status_code < _FAILED:
        for labels, number in found.items():
            counts.assessments.labels(*labels).inc(number)
    return response
