"""Nothing that opens a door comes into a log, whatever goes wrong, at the level that says most."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, text

from service.actions import people
from service.core.people import SYSTEM
from service.core.values import write_json
from tests import databases, make
from tests.api import parts
from tests.api.calling import application
from tests.cli.commands import run
from tests.conftest import Clock, service
from tests.serving import Server, serving
from tests.witnesses import Letterbox, response, stand_in

DATABASE_PASSWORD = "pw-4b1d-of-the-database"  # noqa: S105 - opens nothing
TOKEN = "token-77aa-of-the-metrics"  # noqa: S105 - as above
PASSWORD = "pw-90fe-of-somebody"  # noqa: S105 - as above
HOOK = "path-5c5c-of-a-webhook"
PAPER = "words-1e1e-of-a-paper"
COOKIE = "cookie-3a3a-of-a-visit"
FACT = "name-8d8d-of-an-applicant"
QUERY = "query-6b6b-in-an-address"
FORM = "application/x-www-form-urlencoded"
UNREACHED = f"postgresql://sluice:{DATABASE_PASSWORD}@127.0.0.1:1/none"
SAID = (DATABASE_PASSWORD, TOKEN, PASSWORD, HOOK, PAPER, COOKIE, FACT, QUERY)


@dataclass
class Driven:
    """A server that says as much as it can, whoever has keys to it, and every secret met on the way."""

    server: Server
    url: str
    engine: Engine
    officer: str
    admin: str
    secrets: set[str] = field(default_factory=lambda: set(SAID))

    def send(self, method: str, path: str, key: str, body: object = None, **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Cookie": f"sluice={COOKIE}"}
        content = body if isinstance(body, bytes) else write_json(body).encode()  # type: ignore[arg-type]  # plain
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(method, self.server.address + path, data=content, headers=sent | named, timeout=60)

    def whisper(self, *lines: str) -> None:
        """Send lines that are no request."""
        host, _, port = self.server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.sendall("\r\n".join(["GET /v1/meta HTTP/1.1", "Host: a", *lines, "", ""]).encode())
            assert b" 400 " in line.recv(4_096)

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """Take a table away, so that whatever needs it fails as nobody foresaw."""
        self._rename(table, f"{table}_gone")
        try:
            yield
        finally:
            self._rename(f"{table}_gone", table)

    def _rename(self, old: str, new: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.fixture(scope="module")
def box() -> Iterator[Letterbox]:
    with stand_in(lambda _: response(500)) as found:
        yield found


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    folder: Path = tmp_path_factory.mktemp("secrets")
    with databases.fresh("postgresql") as engine:
        house = make.house(service(engine, Clock(), folder))
        url = engine.url.set(password=DATABASE_PASSWORD).render_as_string(hide_password=False)
        with house.runtime.work(SYSTEM) as work:
            officer, admin = (people.issue_key(work, one.person_id) for one in (house.officer, house.admin))  # type: ignore[arg-type]  # both are people
        settings = {"LOG_LEVEL": "debug", "METRICS_TOKEN": TOKEN, "WEBHOOK_ALLOWED_HOSTS": "127.0.0.0/8"}
        with serving(folder, url, **settings) as server:
            yield Driven(server, url, engine, officer, admin, {*SAID, officer[12:], admin[12:]})


def drive(driven: Driven, box: Letterbox) -> None:
    """Do with it whatever shows a secret, first so that it succeeds and then so that it fails as nobody foresaw."""
    hook = {"url": f"{box.url}/{HOOK}", "events": ["*"]}
    added = driven.send("POST", "/v1/webhooks", driven.admin, hook)
    driven.secrets.add(added.json()["secret"])
    made = driven.send("POST", "/v1/applications", driven.officer, application(applicant_name=FACT))
    path = f"{made.headers['Location']}/evidence"
    paper = parts.paper(parts.file(f"%PDF-1.7 {PAPER}".encode()))
    sent = driven.send("POST", path, driven.officer, paper, Content_Type=parts.MULTIPART)
    assert [one.status_code for one in (added, made, sent)] == [201] * 3
    for table in ("person", "api_key", "application", "evidence"):
        with driven.without(table):
            for body in (application(applicant_name=FACT), b"{"):
                driven.send("POST", "/v1/applications", driven.officer, body)
            driven.send("POST", path, driven.officer, paper, Content_Type=parts.MULTIPART)
            driven.send("POST", "/v1/webhooks", driven.admin, hook)


def misuse(driven: Driven) -> None:
    """Show secrets where they are not asked for, or not so."""
    driven.send("POST", "/sign-in", driven.officer, f"login=w&password={PASSWORD}".encode(), Content_Type=FORM)
    driven.send("GET", f"/v1/meta?access_token={QUERY}&api_key={driven.officer}", driven.officer)
    driven.send("GET", "/metrics", TOKEN, X_Forwarded_For="192.0.2.7")
    for scheme in ("Basic", "Digest", "Token", "slc"):
        driven.send("GET", "/v1/meta", "", Authorization=f"{scheme} {PASSWORD}")
    driven.whisper(f"Authorization Bearer {driven.officer}")
    driven.whisper(f"Authorization: Token\x01 {PASSWORD}")
    driven.whisper(f"Cookie\x01: {COOKIE}")
    driven.whisper(f"Content-Length: {PASSWORD}")


def test_a_server_that_says_all_it_can_says_no_secret(driven: Driven, box: Letterbox) -> None:
    drive(driven, box)
    misuse(driven)
    assert driven.server.stop() == 0
    said = driven.server.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line for line in lines if line["level"] == "debug"]
    assert len([line for line in lines if "Traceback" in line.get("exception", "")]) >= 6
    assert [secret for secret in driven.secrets if secret in said] == []


def test_a_worker_that_says_all_it_can_says_no_secret(driven: Driven, box: Letterbox) -> None:
    settings = {"DATABASE_URL": driven.url, "LOG_LEVEL": "debug", "WEBHOOK_ALLOWED_HOSTS": "127.0.0.0/8"}
    given = {f"SLUICE_{name}": value for name, value in settings.items()}
    done = run("worker", "--once", settings=given)
    with driven.without("outbox"):
        failed = run("--debug", "worker", "--once", settings=given)
    unreached = run("--debug", "db", "upgrade", settings=given | {"SLUICE_DATABASE_URL": UNREACHED})
    shown = run("config", "check", settings=given | {"SLUICE_METRICS_TOKEN": TOKEN})
    assert (done.returncode, shown.returncode) == (0, 0)
    assert 0 not in (failed.returncode, unreached.returncode)
    assert box.paths
    said = b"".join(one.stdout + one.stderr for one in (done, failed, unreached, shown)).decode()
    assert [secret for secret in driven.secrets if secret in said] == []
