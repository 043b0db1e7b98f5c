"""The service under gunicorn, on a port of its own."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from service.actions import people
from service.core.people import SYSTEM
from service.words import LANGUAGES
from tests import make
from tests.api.calling import application, written
from tests.serving import Server, serving

WORKERS = 2


@dataclass
class Served:
    """A running server, and a key of an officer."""

    server: Server
    key: str

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        return requests.request(
            method, self.server.address + path, data=None if body is None else body.encode(), headers=sent, timeout=30
        )

    def said(self) -> str:
        return self.server.log.read_text(encoding="utf-8")


@pytest.fixture(params=[1])
def served(request: pytest.FixtureRequest, house: make.House, database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A server with as many workers as the test asks for."""
    assert house.officer.person_id is not None
    with house.runtime.work(SYSTEM) as work:
        key = people.issue_key(work, house.officer.person_id)
    with serving(tmp_path, database_url, WORKERS=str(request.param)) as server:
        yield Served(server, key)


def test_the_service_works_under_gunicorn_and_stops_cleanly(served: Served) -> None:
    assert served.send("GET", "/readyz").json() == {"status": "ok"}
    made = served.send("POST", "/v1/applications", written(application()), **{"X-Request-Id": "r-gunicorn"})
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    assert served.send("GET", path).content == made.content
    refused = served.send("POST", f"{path}/withdraw", "{}", **{"If-Match": made.headers["ETag"]})
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
    assert served.send("DELETE", path).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert served.send("POST", "/v1/assessments", "{" * 200_000).status_code == 400
    assert served.server.stop() == 0
    lines = [json.loads(line) for line in served.said().splitlines()]
    assert lines
    assert served.key not in served.said()
    assert [line["event"] for line in lines if line["level"] in {"warning", "error", "critical"}] == []


def raw(served: Served, framing: str, body: bytes) -> tuple[int, str]:
    """Send a draft as it is framed, say no more, and give what is answered: its status and its code."""
    head = (
        "POST /v1/applications HTTP/1.1",
        "Host: sluice",
        "Connection: close",
        f"Authorization: Bearer {served.key}",
        "Content-Type: application/json",
        framing,
    )
    with socket.create_connection(("127.0.0.1", urlsplit(served.server.address).port or 0), timeout=30) as line:
        line.sendall("\r\n".join((*head, "", "")).encode() + body)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    said, _, told = answer.partition(b"\r\n\r\n")
    return int(said.split()[1]), json.loads(told).get("code", "")


def chunked(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


def test_content_that_is_cut_badly_framed_or_too_long_changes_nothing(served: Served) -> None:
    body = written(application(draft=True)).encode()
    chunks = "Transfer-Encoding: chunked"
    long = body + b" " * (8_388_609 - len(body))
    assert raw(served, f"Content-Length: {len(body) + 500}", body) == (400, "malformed")
    assert raw(served, chunks, b"ZZ\r\n{}\r\n") == (400, "malformed")
    assert raw(served, chunks, b"5\r\n{}\r\n0\r\n\r\n") == (400, "malformed")
    assert raw(served, chunks, chunked(body)[:-10]) == (400, "malformed")
    assert raw(served, chunks, chunked(long)) == (413, "too_large")
    assert served.send("GET", "/v1/applications").json()["items"] == []
    assert raw(served, chunks, chunked(long[:-1])) == (201, "")
    assert [line for line in map(json.loads, served.said().splitlines()) if line["level"] == "error"] == []


@pytest.mark.parametrize("served", [WORKERS], indirect=True)
def test_workers_give_the_same_bytes(served: Served) -> None:
    for language in LANGUAGES:
        answers = {
            served.send("POST", "/v1/assessments", written(make.facts()), **{"Accept-Language": language}).content
            for _ in range(4 * WORKERS)
        }
        assert len(answers) == 1


def test_no_control_socket_is_left_or_made(served: Served) -> None:
    assert served.send("GET", "/healthz").status_code == 200
    assert [path.name for path in served.server.home.rglob("*")] == []
    assert served.server.stop() == 0
    assert [path.name for path in served.server.home.rglob("*")] == []
