"""What every test may start from: a migrated, empty database of either kind, and a clock that the test sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.config import Settings
from service.db.engine import make_engine
from service.work import Runtime
from tests import databases


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 23, 2, 15, 30, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Go forward (``days=``, ``hours=``, …) and say when it is now."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database: every test that rests on this runs on both."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database: str, tmp_path: Path) -> Iterator[str]:
    with databases.fresh(database, tmp_path) as url:
        yield url


@pytest.fixture
def empty_database_url(database: str, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    with databases.fresh(database, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def runtime(database_url: str, clock: Clock) -> Iterator[Runtime]:
    engine = make_engine(database_url)
    yield Runtime(engine, Settings(database_url=database_url), clock)
    engine.dispose()
