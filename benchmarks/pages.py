"""What a page costs the server, beside the same data as JSON.

Run as ``python -m benchmarks.pages`` in the folder of the project. The demonstration is filled into a database of its
own and asked for in this process: a page by somebody who signed in, and right after it what it shows, of the API, with
their key. Printed are the medians of the CPU time of both, and of the ratios within a round.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.cli import main as command
from service.cli.demo import PASSWORD, PEOPLE
from service.config import Settings
from service.work import open_runtime

ROUNDS = 15
AIM = 3
HOST = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Compared:
    """A page, and the addresses of the API that give what stands on it; ``{case}`` is the first case."""

    login: str
    page: str
    data: tuple[str, ...]


COMPARED = (
    Compared("reviewer", "/cases", ("/v1/applications?limit=50",)),
    Compared(
        "reviewer",
        "/cases/{case}",
        tuple(f"/v1/applications/{{case}}{part}" for part in ("", "/assessments", "/clock", "/timeline")),
    ),
    Compared("reviewer", "/cases/{case}/criteria", ("/v1/applications/{case}", "/v1/applications/{case}/assessments")),
)


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        app, keys = _demonstration(Path(folder))
        print(f"{'page':28}{'page, ms':>10}{'JSON, ms':>10}{'ratio':>8}    aim {AIM:g}")
        for compared in COMPARED:
            measured(app, keys[compared.login], compared)


def measured(app: Flask, key: str, compared: Compared) -> None:
    """Ask for a page and for its data in turn, and print a line."""
    client = _signed_in(app, compared.login)
    bearer = {"Authorization": f"Bearer {key}"}
    first = json.loads(_asked(client, "/v1/applications?sort=number&limit=1", bearer))["items"][0]["id"]
    page, data = compared.page.format(case=first), [each.format(case=first) for each in compared.data]

    def shows() -> None:
        _asked(client, page, {"Accept": "text/html"})

    def tells() -> None:
        for address in data:
            _asked(client, address, bearer)

    found = [(_seconds(shows), _seconds(tells)) for _ in range(ROUNDS + 2)][2:]
    shown, told = (median(times) * 1e3 for times in zip(*found, strict=True))
    print(f"{compared.page:28}{shown:10.1f}{told:10.1f}{median(own / bare for own, bare in found):8.2f}")


def _seconds(deed: Callable[[], None]) -> float:
    start = time.process_time()
    deed()
    return time.process_time() - start


def _asked(client: FlaskClient, address: str, headers: dict[str, str]) -> bytes:
    """Ask; anything but success stops the measuring."""
    response = client.get(address, base_url=HOST, headers=headers)
    if response.status_code != HTTPStatus.OK:
        sys.exit(f"{address}: {response.status_code} {response.text}")
    content: bytes = response.data
    return content


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    proof = client.get("/sign-in", base_url=HOST).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": proof, "login": login, "password": PASSWORD, "next": ""}
    client.post("/sign-in", base_url=HOST, data=urlencode(fields), content_type="application/x-www-form-urlencoded")
    return client


def _demonstration(folder: Path) -> tuple[Flask, dict[str, str]]:
    """Fill a database; give the application over it, and everybody's key by their log-in."""
    kept = folder / "keys.json"
    settings = {
        "SLUICE_DATABASE_URL": f"sqlite:///{folder / 'sluice.db'}",
        "SLUICE_DEMO": "true",
        "SLUICE_LEDGER_KEY_FILE": str(folder / "key"),
    }
    filled = CliRunner().invoke(command, ["demo", "--keys", str(kept)], env=settings)
    if filled.exit_code:
        sys.exit(filled.output)
    logins = {person.name: person.login for person in PEOPLE}
    keys = {logins[one["name"]]: one["key"] for one in json.loads(kept.read_bytes())["people"]}
    runtime = open_runtime(
        Settings(database_url=settings["SLUICE_DATABASE_URL"], demo=True, requests_per_minute=1_000_000)
    )
    return create_app(runtime), keys


if __name__ == "__main__":
    main()
