"""Killing what works while it works, and looking afterwards for whatever was acknowledged."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.serving import Bench, Server
from service.actions import doctor, ledger, people, webhooks
from service.actions.doctor import Outside
from service.config import Settings
from service.core.people import SYSTEM, Actor, Role, person_ref
from service.work import Runtime

EVERY_SECONDS = 1.0
_AUDITOR = Actor(SYSTEM.ref, SYSTEM.name, frozenset({Role.AUDITOR}), None)
_CONNECTIONS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass
class Killed:
    """How often what was killed, and the numbers of the messages that were received."""

    counts: Counter[str] = field(default_factory=Counter)
    received: set[str] = field(default_factory=set)

    def told(self) -> str:
        """Say it."""
        return ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))


@contextmanager
def killing(place: Bench, server: Server) -> Iterator[Killed]:
    """Kill a worker of the server, all connections to the database, or the sender of webhooks, in turn."""
    killed, stop = Killed(), threading.Event()
    with _receiver(killed) as url:
        _hook(place, url)
        thread = threading.Thread(target=_go_on, args=(place, server, killed, stop))
        thread.start()
        try:
            yield killed
        finally:
            stop.set()
            thread.join()


def examined(place: Bench, killed: Killed, made: Sequence[str]) -> str:
    """Look for everything that was acknowledged, and whether everything is sound; say it."""
    runtime = Runtime(place.engine, Settings())
    ledger.catch_up(runtime)
    with place.engine.connect() as connection:
        there = {str(one) for one in connection.execute(text("SELECT id FROM application")).scalars()}
        untold = connection.execute(
            text(
                "SELECT count(*) FROM ledger_event e WHERE e.type = 'application.submitted'"
                " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = e.id)"
            )
        ).scalar_one()
        sent = connection.execute(text("SELECT count(*) FROM outbox WHERE state = 'delivered'")).scalar_one()
    with runtime.work(_AUDITOR, read_only=True) as work:
        found = doctor.examine(work, Outside(None, {})).findings
    lost = len(set(made) - there)
    silent = max(sent - len(killed.received), 0)
    return f"{lost} lost, {untold} without a message, {silent} told as sent and not received, {len(found)} findings"


def _go_on(place: Bench, server: Server, killed: Killed, stop: threading.Event) -> None:
    sender = _sender(place)
    for what in itertools.cycle(("worker", "connections", "sender")):
        if stop.wait(EVERY_SECONDS):
            break
        killed.counts[what] += 1
        if what == "worker":
            with suppress(ProcessLookupError, IndexError):
                os.kill(server.workers[0], signal.SIGKILL)
        elif what == "connections":
            with suppress(SQLAlchemyError), place.engine.connect() as connection:
                connection.execute(_CONNECTIONS)
        else:
            sender.kill()
            sender.wait()
            sender = _sender(place)
    sender.kill()
    sender.wait()


def _sender(place: Bench) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).with_name("sluice")), "worker", "--every", "0.1"]
    return subprocess.Popen(command, env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


def _hook(place: Bench, url: str) -> None:
    runtime = Runtime(place.engine, Settings())
    with runtime.work(SYSTEM) as work:
        person = people.add(work, "admin", [Role.ADMIN])
    admin = Actor(person_ref(person.id), person.name, frozenset({Role.ADMIN}), person.id)
    with runtime.work(admin) as work:
        webhooks.add(work, webhooks.NewWebhook(url, ["application.submitted"]))


@contextmanager
def _receiver(killed: Killed) -> Iterator[str]:
    """Take messages, and keep their numbers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            killed.received.add(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hook"
        finally:
            server.shutdown()
            thread.join()
