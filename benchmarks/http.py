"""What a pre-check over HTTP costs the server, beside a bare echo of JSON under the same gunicorn settings.

Run as ``python -m benchmarks.http`` in the folder of the project, on Linux. Two servers with one worker each listen on
the loopback; the same facts go to each in turn over one connection, and the CPU time of the worker processes is read
from ``/proc``. Printed are the medians for one request, and of the ratios within a round.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from service.actions import people, rulebooks
from service.config import Settings
from service.core.people import SYSTEM, Role
from service.db import migrate
from service.work import open_runtime

ROUNDS = 9
REQUESTS = 20
AIM = 1.6
ROOT = Path(__file__).parent.parent
READY_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and the path and headers of the request it is asked with."""

    process: subprocess.Popen[bytes]
    port: int
    path: str
    headers: Mapping[str, str]

    def ask(self, connection: HTTPConnection, body: bytes) -> None:
        """Send one request; anything but success stops the measuring."""
        connection.request("POST", self.path, body, {"Content-Type": "application/json", **self.headers})
        response = connection.getresponse()
        content = response.read()
        if response.status != HTTPStatus.OK:
            sys.exit(f"{self.path}: {response.status} {content.decode()}")

    def cpu_seconds(self) -> float:
        """Give the CPU time of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
        return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def main() -> None:
    """Measure, and print a table."""
    examples = [json.loads(path.read_bytes())["facts"] for path in sorted((ROOT / "examples").glob("*.json"))]
    bodies = [json.dumps(facts, ensure_ascii=False).encode() for facts in examples]
    with tempfile.TemporaryDirectory() as folder, _service(Path(folder)) as service, _echo(Path(folder)) as echo:
        for server in (echo, service):
            _round(server, bodies)
        times = [(_round(echo, bodies), _round(service, bodies)) for _ in range(ROUNDS)]
    for name, found in zip(("bare echo of JSON", "POST /v1/assessments"), zip(*times, strict=True), strict=True):
        print(f"{name:24}{median(found) * 1e6:9.0f} µs of CPU a request")
    print(f"{'ratio':24}{median(own / bare for bare, own in times):9.2f}    aim {AIM:g}")


def _round(server: Server, bodies: Sequence[bytes]) -> float:
    """Ask with every body, again and again; give the CPU time of the server for one request."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=READY_SECONDS)
    server.ask(connection, bodies[0])
    start = server.cpu_seconds()
    for _ in range(REQUESTS):
        for body in bodies:
            server.ask(connection, body)
    connection.close()
    return (server.cpu_seconds() - start) / REQUESTS / len(bodies)


@contextmanager
def _service(folder: Path) -> Iterator[Server]:
    settings = Settings(database_url=f"sqlite:///{folder / 'sluice.db'}")
    runtime = open_runtime(settings)
    migrate.upgrade(runtime.engine)
    with runtime.work(SYSTEM) as work:
        rulebooks.release(work, (ROOT / "rules.yaml").read_bytes())
        key = people.issue_key(work, people.add(work, "officer", [Role.OFFICER]).id)
    runtime.engine.dispose()
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "zh"}
    environment = {"SLUICE_DATABASE_URL": settings.database_url}
    with _running("gunicorn.conf.py", environment, folder) as (process, port):
        yield Server(process, port, "/v1/assessments", headers)


@contextmanager
def _echo(folder: Path) -> Iterator[Server]:
    with _running("benchmarks/echo_settings.py", {}, folder) as (process, port):
        yield Server(process, port, "/echo", {})


@contextmanager
def _running(
    settings: str, environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run gunicorn with one worker on a free port of the loopback, and end it."""
    own = {"WORKERS": "1", "LOG_LEVEL": "error", "REQUESTS_PER_MINUTE": "1000000"}
    given = {**{f"SLUICE_{name}": value for name, value in own.items()}, "HOME": str(folder), **environment}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "gunicorn", "--config", settings, "--bind", f"fd://{listener.fileno()}"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, pass_fds=[listener.fileno()])  # noqa: S603, TID251 - our own command; it needs its parent's surroundings
        try:
            _wait_for(listener.getsockname()[1])
            yield process, listener.getsockname()[1]
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    """Wait until the server answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()


if __name__ == "__main__":
    main()
