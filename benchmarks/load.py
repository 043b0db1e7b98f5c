"""What the service bears over HTTP on this machine: submissions beside a bare insert, and assessments in bulk.

    python -m benchmarks.load [--seconds N] [--rounds N] [--connections N] [--workers N] [--kill]

Two servers take turns in every round, over the same PostgreSQL with every flush to the disk, under the same gunicorn
settings and the same connections: one assesses, explains, stores and records an application, the other inserts one row.
The ratio is that within a round. With ``--kill`` workers of the server, connections to the database and the process
that sends webhooks are killed while submissions are made, and every acknowledged one is looked for afterwards.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException

from benchmarks.killing import examined, killing
from benchmarks.serving import ROOT, WAIT_SECONDS, Bench, Server, bench, submission
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.values import read_json
from service.words import sections

CREATED = 201
AIM_SUBMISSIONS, AIM_BULK = 0.7, 0.8
ITEMS = 100
CLIENTS = 2


@dataclass
class Done:
    """What came of requests: how long those took that were answered well, what they made, and how many were not."""

    took: list[float] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    errors: int = 0


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, held in (("seconds", 10), ("rounds", 3), ("connections", 16), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=held)
    parser.add_argument("--kill", action="store_true")
    told = parser.parse_args()
    with bench(told.workers, max(told.connections // told.workers, 1)) as place:
        if told.kill:
            kill(place, told)
        else:
            submit(place, told)
            assess(place, told)


def submit(place: Bench, told: argparse.Namespace) -> None:
    """Compare submissions with bare inserts."""
    ratios = []
    with place.serving("benchmarks/bare_settings.py") as bare, place.serving("gunicorn.conf.py") as service:
        for server in (bare, service):
            send(server, told, seconds=2)
        for number in range(1, told.rounds + 1):
            inserted, submitted = (send(server, told, told.seconds) for server in (bare, service))
            ratios.append(len(submitted.took) / len(inserted.took))
            print(f"round {number}: {line('bare insert', inserted, told)}; {line('submission', submitted, told)}")
    ratio = statistics.median(ratios)
    print(f"submissions beside bare inserts, {told.connections} connections: {ratio:.2f}    aim {AIM_SUBMISSIONS:g}")


def assess(place: Bench, told: argparse.Namespace) -> None:
    """Compare assessments in bulk over HTTP with the same in a loop of this process."""
    facts = json.loads(min((ROOT / "examples").glob("a*.json")).read_bytes())["facts"]
    one = json.dumps(facts, ensure_ascii=False).encode()
    many = json.dumps({"items": [facts] * ITEMS}, ensure_ascii=False).encode()
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    if rulebook is None:
        raise RuntimeError
    engine, ratios = Engine(rulebook, sections("assessment")), []
    with place.serving("gunicorn.conf.py") as server, closing(connected(server)) as connection:
        for number in range(told.rounds + 1):
            looped = rate(lambda: engine.explain(engine.read(read_json(one)), "zh"), 1)  # type: ignore[arg-type]  # an object
            asked = rate(lambda: ask(connection, server, "/v1/assessments", many), ITEMS)
            if number:  # the first round finds everything cold
                ratios.append(asked / looped)
                print(f"round {number}: in a loop {looped:.0f}/s, {ITEMS} a request {asked:.0f}/s")
    print(f"assessments in bulk beside a loop: {statistics.median(ratios):.2f}    aim {AIM_BULK:g}")


def kill(place: Bench, told: argparse.Namespace) -> None:
    """Submit while everything is killed again and again, and look for whatever was acknowledged."""
    with place.serving("gunicorn.conf.py") as server, killing(place, server) as killed:
        found = send(server, told, told.seconds)
    print(f"{line('submission', found, told)}; killed: {killed.told()}")
    print(f"acknowledged {len(found.made)}: {examined(place, killed, found.made)}")


def send(server: Server, told: argparse.Namespace, seconds: int) -> Done:
    """Let all connections send for some seconds, from processes of their own."""
    each = max(told.connections // CLIENTS, 1)
    with ProcessPoolExecutor(CLIENTS) as pool:
        job = partial(client, (server.port, server.key), submission(), time.time() + seconds)
        return merged(list(pool.map(job, [each] * CLIENTS)))


def client(where: tuple[int, str], body: bytes, until: float, connections: int) -> Done:
    """Send over some connections at the same time until a moment."""
    with ThreadPoolExecutor(connections) as pool:
        return merged(list(pool.map(lambda _: sender(where, body, until), range(connections))))


def sender(where: tuple[int, str], body: bytes, until: float) -> Done:
    """Send one request after the other over one connection; after an error over another one."""
    done, (port, key) = Done(), where
    connection = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    while time.time() < until:
        start = time.perf_counter()
        try:
            connection.request("POST", "/v1/applications", body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            connection.close()
            done.errors += 1
            continue
        if response.status == CREATED:
            done.took.append(time.perf_counter() - start)
            done.made.append(str(json.loads(content)["id"]))
        else:
            done.errors += 1
    connection.close()
    return done


def merged(parts: Sequence[Done]) -> Done:
    """Put what came of several together."""
    made = [one for part in parts for one in part.made]
    return Done([one for part in parts for one in part.took], made, sum(part.errors for part in parts))


def connected(server: Server) -> HTTPConnection:
    """Open a connection."""
    return HTTPConnection("127.0.0.1", server.port, timeout=WAIT_SECONDS)


def ask(connection: HTTPConnection, server: Server, path: str, body: bytes) -> None:
    """Send one request that must succeed."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {server.key}", "Accept-Language": "zh"}
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    if b'"error"' in response.read() or response.status != 200:  # noqa: PLR2004 - success
        raise RuntimeError(response.status)


def rate(deed: partial[object] | object, each: int, seconds: float = 2) -> float:
    """Give how many of something are done in a second, when a deed does ``each``."""
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        deed()  # type: ignore[operator]  # it is one
        count += each
    return count / passed


def line(name: str, done: Done, told: argparse.Namespace) -> str:
    """Say what came of it."""
    ordered = sorted(done.took) or [0.0]
    p50, p99 = (1e3 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    rate_ = len(done.took) / told.seconds
    return f"{name} {rate_:.0f}/s, p50 {p50:.0f} ms, p99 {p99:.0f} ms, {done.errors} errors"


if __name__ == "__main__":
    main()
