"""A house that is served, clients of the people in it, and a line that fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.actions import people
from service.client import NewApplication, Retries, SluiceClient
from service.core.people import SYSTEM, Actor
from tests import make
from tests.client.flaky import Proxy, flaky
from tests.serving import Server, serving

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


@pytest.fixture
def served(house: make.House, database_url: str, tmp_path: Path) -> Iterator[Served]:
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(f"years:\n{YEARS}", encoding="utf-8")
    with ExitStack() as closing:
        server = closing.enter_context(serving(tmp_path, database_url, CALENDAR_FILE=str(calendar)))
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
