"""Several workers of one server: they count together, they limit together, and a killed one takes nothing with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.people import Role
from tests import make
from tests.api.calling import written
from tests.operating.serving_many import WORKERS, Many, many

MOST = 12
META = "/v1/meta"
ANSWERED = 'sluice_requests_total{method="GET",operation="get_meta",status="200"}'
REFUSED = 'sluice_requests_total{method="GET",operation="get_meta",status="429"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    folder: Path = tmp_path_factory.mktemp("workers")
    with many(folder, "sqlite", REQUESTS_PER_MINUTE=str(MOST), FAILURES_PER_MINUTE="4") as found:
        yield found


def answered(server: Many, key: str, times: int) -> list[int]:
    return [server.send("GET", META, key).status_code for _ in range(times)]


def test_counts_of_all_workers_add_up_whoever_is_asked_and_outlive_them(server: Many) -> None:
    before = server.figures().get(ANSWERED, 0)
    for count, worker in zip((3, 4), server.workers, strict=True):
        with server.only(worker):
            assert answered(server, server.key(Role.OFFICER), count) == [200] * count
    for worker in server.workers:
        with server.only(worker):
            assert server.figures()[ANSWERED] - before == 7
    gone, stays = server.workers
    server.kill(gone)
    assert server.figures()[ANSWERED] - before == 7
    assert answered(server, server.key(Role.OFFICER), 2) == [200] * 2
    server.kill(stays)
    found = server.figures()
    assert found[ANSWERED] - before == 9
    assert found["sluice_requests_in_flight"] == 1
    assert found['sluice_database_connections{state="used"}'] == 0
    assert found['sluice_database_connections{state="open"}'] <= WORKERS


def test_assessments_of_all_workers_are_counted(server: Many) -> None:
    key, facts = server.key(Role.OFFICER), make.facts()
    for worker in server.workers:
        with server.only(worker):
            assert server.send("POST", "/v1/assessments", key, written({"items": [facts] * 5})).status_code == 200
    made = {name: value for name, value in server.figures().items() if name.startswith("sluice_assessments_total")}
    assert sum(made.values()) == 5 * WORKERS


def test_a_budget_is_spent_at_all_workers_together(server: Many) -> None:
    key = server.key(Role.OFFICER)
    first, second = server.workers
    with server.only(first):
        assert answered(server, key, MOST - 1) == [200] * (MOST - 1)
    with server.only(second):
        assert answered(server, key, 2) == [200, 429]
    server.kill(first)
    assert answered(server, key, 1) == [429]
    assert answered(server, server.key(Role.OFFICER), 1) == [200]
    assert server.figures()[REFUSED] == 2


def test_a_server_does_not_say_what_it_runs_on(server: Many) -> None:
    for path in ("/healthz", META, "/nope", "/docs"):
        headers = server.send("GET", path).headers
        assert {"Server", "X-Powered-By"} & set(headers) == set(), path


def test_nothing_is_left_when_the_server_has_ended(server: Many) -> None:
    environment = Path(f"/proc/{server.workers[0]}/maps").read_text(encoding="utf-8")
    (folder,) = {Path(line.split()[-1]).parent for line in environment.splitlines() if "sluice-metrics-" in line}
    assert folder.stat().st_mode & 0o077 == 0
    assert server.server.stop() == 0
    assert not folder.exists()
