"""Workers that end after some requests, with others in their place, while the server is at work: no request fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from service.core.people import Role
from tests.operating.serving_many import WORKERS, Many, many

CALLERS = 6
EACH = 40
MOST = 12
ANSWERED = 'sluice_requests_total{method="GET",operation="get_meta",status="200"}'


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Many]:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"--max-requests {MOST} --max-requests-jitter 5")
    with many(tmp_path, "sqlite", REQUESTS_PER_MINUTE="0") as found:
        yield found


def ask(address: str, key: str) -> list[int]:
    """Send one request after the other, over a line that is kept as long as the server keeps it."""
    host, _, port = address.removeprefix("http://").partition(":")
    line, found = HTTPConnection(host, int(port), timeout=60), []
    for _ in range(EACH):
        line.request("GET", "/v1/meta", headers={"Authorization": f"Bearer {key}"})
        response = line.getresponse()
        response.read()
        found.append(response.status)
    line.close()
    return found


def test_workers_take_turns_and_every_request_is_answered_and_counted(server: Many) -> None:
    key, first = server.key(Role.OFFICER), set(server.workers)
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: ask(server.server.address, key), range(CALLERS)))
    assert answers == [[200] * EACH] * CALLERS
    while first & set(server.workers):
        assert server.send("GET", "/healthz").status_code == 200
    assert server.figures()[ANSWERED] == CALLERS * EACH
    while len(server.workers) > WORKERS:
        assert server.send("GET", "/healthz").status_code == 200
    environment = Path(f"/proc/{server.server.process.pid}/maps").read_text(encoding="utf-8")
    (folder,) = {Path(line.split()[-1]).parent for line in environment.splitlines() if "sluice-metrics-" in line}
    ended = [path.name for path in folder.glob("counter_*.db") if path.stem.partition("_")[2].isdecimal()]
    assert len(ended) <= WORKERS + 2, ended
