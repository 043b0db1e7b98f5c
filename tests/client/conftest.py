"""A house that is served, clients of the people in it, and a line that fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from service.actions import people
from service.app import create_app
from service.client import NewApplication, Retries, SluiceClient
from service.config import Settings
from service.core.people import SYSTEM, Actor
from service.work import open_runtime
from tests import make
from tests.client.flaky import Proxy, flaky

YEARS = "".join(
    f"  {year}:\n    notice: 试用\n    issued_on: {year - 1}-11-01\n    holidays: []\n    working_days: []\n"
    for year in range(2024, 2090)
)


@dataclass
class Waits:
    """Retries that do not wait, and remember for how long they would have."""

    waits: list[float] = field(default_factory=list)

    def retries(self, tries: int = 5, longest: float = 30) -> Retries:
        return Retries(tries=tries, first=1, longest=longest, sleep=self.waits.append, chance=lambda: 0.5)


class Quiet(WSGIRequestHandler):
    """Answers as the library does, and keeps the errors of a line that fails to itself."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Write nothing."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Mind nothing: tests drop connections."""


@dataclass
class Server:
    """The service behind a port, in threads of this process."""

    answering: BaseWSGIServer
    threads: ThreadPoolExecutor

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.answering.server_port}"

    def stop(self) -> None:
        """Answer nobody any more."""
        self.answering.shutdown()
        self.answering.server_close()
        self.threads.shutdown()


@contextmanager
def answering(settings: Settings) -> Iterator[Server]:
    """Let the service answer by its own clock, as it does for a process of its own."""
    runtime = open_runtime(settings)
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True, request_handler=Quiet)
    vars(server)["daemon_threads"] = False  # closing it waits for whatever is still being answered
    threads = ThreadPoolExecutor(1)
    threads.submit(server.serve_forever, 0.01)
    running = Server(server, threads)
    yield running
    running.stop()
    runtime.engine.dispose()


@dataclass
class Served:
    """A house and its server; clients are closed at the end."""

    house: make.House
    server: Server
    closing: ExitStack
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, actor: Actor, address: str | None = None, **options: object) -> SluiceClient:
        """Give somebody a client, to the server or to what stands in front of it."""
        made = SluiceClient(address or self.server.address, self.key(actor), **{"language": "en", **options})  # type: ignore[arg-type]  # as given
        return self.closing.enter_context(made)

    def key(self, actor: Actor) -> str:
        """Somebody's key, which is issued the first time."""
        if actor.ref not in self.keys:
            assert actor.person_id is not None
            with self.house.runtime.work(SYSTEM) as work:
                self.keys[actor.ref] = people.issue_key(work, actor.person_id)
        return self.keys[actor.ref]


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """A client does not see what the service keeps its data in; the main path is gone on both."""
    kind: str = request.param
    return kind


@pytest.fixture
def served(house: make.House, tmp_path: Path) -> Iterator[Served]:
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(f"years:\n{YEARS}", encoding="utf-8")
    with ExitStack() as closing:
        settings = Settings(
            database_url=house.runtime.settings.database_url,
            evidence_folder=str(tmp_path / "evidence"),
            calendar_file=str(calendar),
        )
        server = closing.enter_context(answering(settings))
        yield Served(house, server, closing)


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    with flaky(served.server.address) as proxy:
        yield proxy


@pytest.fixture
def waits() -> Waits:
    return Waits()


def new(**changes: object) -> NewApplication:
    """An application without a flaw; ``changes`` are members."""
    sound = {
        "applicant_name": "大河精传动（虚构）有限公司",
        "credit_code": make.CREDIT_CODE,
        "project_name": "精密减速器项目",
        "facts": make.facts(),
    }
    return NewApplication(**{**sound, **changes})  # type: ignore[arg-type]  # tests write plain Python
