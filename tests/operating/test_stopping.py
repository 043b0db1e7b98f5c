"""Stopping and reloading a server that is at work: whatever it was asked is answered, and what it answered is kept."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from sqlalchemy import select

from service.actions import doctor
from service.actions.doctor import Outside
from service.cli.runtime import INSPECTING
from service.core.people import SYSTEM, Role
from service.db.applications import ApplicationRow
from tests import make
from tests.api.calling import application, written
from tests.operating.serving_many import Many, many

AT_ONCE = 6
ITEMS = 400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    folder: Path = tmp_path_factory.mktemp("stopping")
    with many(folder, "postgresql") as found:
        yield found


@dataclass
class Line:
    """A connection that the server has taken, on which a request can be sent bit by bit."""

    server: Many
    key: str

    def __post_init__(self) -> None:
        host, _, port = self.server.server.address.removeprefix("http://").partition(":")
        self.connection = HTTPConnection(host, int(port), timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.connection.request("GET", "/healthz")
        assert self.connection.getresponse().read()

    def begin(self, path: str, body: str, *, sent: float = 1) -> None:
        """Send a request, or the first part of it."""
        content = body.encode()
        self.connection.putrequest("POST", path)
        for name, value in (("Authorization", f"Bearer {self.key}"), ("Content-Type", "application/json")):
            self.connection.putheader(name, value)
        self.connection.putheader("Content-Length", str(len(content)))
        cut = int(len(content) * sent)
        self.rest = content[cut:]
        self.connection.endheaders(content[:cut])

    def answered(self) -> tuple[int, bytes]:
        """Send what is left, and read the answer."""
        if self.rest:
            self.connection.send(self.rest)
        response: HTTPResponse = self.connection.getresponse()
        found = response.status, response.read()
        self.connection.close()
        return found


def interrupted(server: Many, signal_number: int) -> set[str]:
    """Interrupt a server with everything under way that can be; give the applications it acknowledged."""
    key = server.key(Role.OFFICER)
    lines = [Line(server, key) for _ in range(AT_ONCE)]
    slow_to_read, slow_to_send = Line(server, key), Line(server, key)
    slow_to_read.begin("/v1/assessments", written({"items": [make.facts()] * ITEMS}))
    slow_to_send.begin("/v1/applications", written(application()), sent=0.5)
    for line in lines:
        line.begin("/v1/applications", written(application()))
    os.kill(server.server.process.pid, signal_number)
    answers = [line.answered() for line in (*lines, slow_to_send)]
    status, content = slow_to_read.answered()
    assert (status, len(json.loads(content)["items"])) == (200, ITEMS)
    assert [status for status, _ in answers] == [201] * (AT_ONCE + 1)
    return {json.loads(content)["id"] for _, content in answers}


def kept(server: Many) -> set[str]:
    with server.house.runtime.work(SYSTEM, read_only=True) as work:
        return {str(found) for found in work.session.scalars(select(ApplicationRow.id))}


def test_a_server_that_is_reloaded_answers_all_it_was_asked_and_goes_on_counting(server: Many) -> None:
    before = set(server.workers)
    acknowledged = interrupted(server, signal.SIGHUP)
    while before & set(server.workers):
        assert server.send("GET", "/healthz").status_code == 200
    assert acknowledged == kept(server)
    made = server.figures()['sluice_requests_total{method="POST",operation="create_application",status="201"}']
    assert made == len(acknowledged)


def test_a_server_that_is_stopped_answers_all_it_was_asked_and_does_nothing_by_halves(server: Many) -> None:
    before = kept(server)
    acknowledged = interrupted(server, signal.SIGTERM)
    assert server.server.process.wait() == 0
    assert acknowledged == kept(server) - before
    with server.house.runtime.work(INSPECTING, read_only=True) as work:
        assert doctor.examine(work, Outside(None, {})).findings == ()
    said = [json.loads(line) for line in server.server.log.read_text(encoding="utf-8").splitlines()]
    assert [line for line in said if line["level"] in {"error", "critical"}] == []
