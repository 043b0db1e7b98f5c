"""What every test may start from: a migrated, empty database of either kind, and a clock that the test sets."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.config import Settings
from service.signing import open_signer
from service.work import Runtime
from tests import databases, make


def pytest_collection_finish() -> None:
    """Leave what is loaded out of every later search for garbage, and search less often: tests keep little."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
def engine(database: str) -> Iterator[Engine]:
    """A database with every table and no row."""
    with databases.fresh(database) as engine:
        yield engine


@pytest.fixture
def empty_engine(database: str) -> Iterator[Engine]:
    """A database without a single table."""
    with databases.fresh(database, migrated=False) as engine:
        yield engine


@pytest.fixture
def database_url(engine: Engine) -> str:
    return databases.text_of(engine)


def service(engine: Engine, clock: Clock, folder: Path) -> Runtime:
    """A service with a key of its own, which has signed nothing yet."""
    key = folder / "ledger.key"
    key.write_text(make.SEED.hex(), encoding="ascii")
    key.chmod(0o600)
    settings = Settings(
        database_url=databases.text_of(engine),
        evidence_folder=str(folder / "evidence"),
        ledger_key_file=str(key),
        ledger_origin="zone.example/ledger/1",
    )
    return Runtime(engine, settings, clock, open_signer(settings))


@pytest.fixture
def runtime(engine: Engine, clock: Clock, tmp_path: Path) -> Runtime:
    return service(engine, clock, tmp_path)


# Houses that were made, by the kind of database and the moment, and what was saved of the databases.
_HOUSES: dict[tuple[str, datetime], tuple[make.House, databases.Saved]] = {}


@pytest.fixture
def house(runtime: Runtime) -> make.House:
    """A service with the small rulebook in force and people in it; made once, and copied from then on."""
    engine = runtime.engine
    if not databases.is_empty(engine):
        return make.house(runtime)
    place = engine.dialect.name, runtime.clock()
    if place not in _HOUSES:
        _HOUSES[place] = make.house(runtime), databases.saved(engine)
    made, kept = _HOUSES[place]
    databases.restore(engine, kept)
    return replace(made, runtime=runtime)
