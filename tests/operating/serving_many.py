"""A real server with several workers over a house, and who of them answers."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from service.actions import people
from service.core.people import SYSTEM, Role
from tests import databases, make
from tests.conftest import Clock, service
from tests.serving import Server, serving

WORKERS = 2
METRICS = "sluice_requests_total"


@dataclass
class Many:
    """A running server of several workers, and the house whose database it works on."""

    server: Server
    house: make.House

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.server.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def key(self, *roles: Role) -> str:
        """A key of somebody new."""
        with self.house.runtime.work(SYSTEM) as work:
            return people.issue_key(work, people.add(work, "新人", roles).id)

    def send(self, method: str, path: str, key: str | None = None, body: str | None = None) -> requests.Response:
        """Send a request over a connection of its own."""
        headers = {"Content-Type": "application/json"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
        data = None if body is None else body.encode()
        return requests.request(method, self.server.address + path, data=data, headers=headers, timeout=60)

    def figures(self) -> dict[str, float]:
        """Every figure of the metrics."""
        text = self.send("GET", "/metrics").text
        lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in lines}

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Let one worker alone answer."""
        others = [pid for pid in self.workers if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                try:
                    os.kill(pid, signal.SIGCONT)
                except ProcessLookupError:
                    raise AssertionError(self.server.log.read_text(encoding="utf-8")) from None

    def kill(self, worker: int) -> None:
        """Kill a worker, and wait until another has taken its place."""
        before = set(self.workers)
        os.kill(worker, signal.SIGKILL)
        while worker in self.workers or len(set(self.workers) - before) == 0:
            self.send("GET", "/healthz")


@contextmanager
def many(folder: Path, kind: str, **settings: str) -> Iterator[Many]:
    """Let a server of several workers run over a new house."""
    with databases.fresh(kind) as engine:
        house = make.house(service(engine, Clock(), folder))
        given = {"WORKERS": str(WORKERS), **settings}
        with serving(folder, databases.text_of(engine), **given) as server:
            found = Many(server, house)
            while len(found.workers) < WORKERS:
                found.send("GET", "/healthz")
            yield found
