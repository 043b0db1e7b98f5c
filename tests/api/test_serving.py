"""The service under gunicorn, on a port of its own."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from service.actions import people
from service.core.people import SYSTEM
from service.words import LANGUAGES
from tests import databases, make
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


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that everybody may ask what needs no database of its own."""
    with databases.fresh("sqlite") as engine:
        folder = tmp_path_factory.mktemp("served")
        with serving(folder, databases.text_of(engine)) as server:
            yield Served(server, "")


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
    assert [path.name for path in served.server.home.rglob("*")] == []
    lines = [json.loads(line) for line in served.said().splitlines()]
    assert lines
    assert served.key not in served.said()
    assert [line["event"] for line in lines if line["level"] in {"warning", "error", "critical"}] == []


def told(served: Served, request: bytes) -> tuple[Message, int, dict[str, object]]:
    """Send bytes, say no more, and give what is answered: its headers, its status and its content."""
    with socket.create_connection(("127.0.0.1", urlsplit(served.server.address).port or 0), timeout=30) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, content = answer.partition(b"\r\n\r\n")
    first, _, headers = head.partition(b"\r\n")
    return message_from_bytes(headers), int(first.split()[1]), json.loads(content)


def raw(served: Served, framing: str, body: bytes) -> tuple[int, object]:
    """Send a draft as it is framed, and give the status and the code that are answered."""
    head = (
        "POST /v1/applications HTTP/1.1",
        "Host: sluice",
        "Connection: close",
        f"Authorization: Bearer {served.key}",
        "Content-Type: application/json",
        framing,
    )
    _, status, content = told(served, "\r\n".join((*head, "", "")).encode() + body)
    return status, content.get("code", "")


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


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"nonsense\r\n\r\n", (400, "malformed")),
        (b"GET /v1/applications?text=" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", (414, "address_too_long")),
        (b"GET /healthz HTTP/1.1\r\nCookie: " + b"a" * 9_000 + b"\r\n\r\n", (431, "headers_too_large")),
        (b"GET /healthz HTTP/1.1\r\n" + b"A: b\r\n" * 65 + b"\r\n", (431, "headers_too_large")),
        (b"GET /healthz HTTP/1.1\r\nA\x00: b\r\n\r\n", (400, "malformed")),
        (b"POST /v1/assessments HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n{}", (501, "malformed")),
    ],
)
def test_what_is_no_request_is_answered_as_every_other_problem(
    alone: Served, request_: bytes, expected: tuple[int, str]
) -> None:
    headers, status, problem = told(alone, request_)
    assert (status, problem["code"]) == expected
    assert (problem["status"], headers["Content-Type"]) == (status, "application/problem+json")
    assert headers["X-Request-Id"] == problem["request_id"]
    assert (headers["X-Content-Type-Options"], headers["Content-Language"]) == ("nosniff", "zh")
    assert "gunicorn" not in str(headers)


@pytest.mark.parametrize("served", [WORKERS], indirect=True)
def test_workers_give_the_same_bytes(served: Served) -> None:
    for language in LANGUAGES:
        answers = {
            served.send("POST", "/v1/assessments", written(make.facts()), **{"Accept-Language": language}).content
            for _ in range(4 * WORKERS)
        }
        assert len(answers) == 1
