"""What a page costs the server, beside the same data as JSON.

Run as ``python -m benchmarks.pages`` in the folder of the project. The demonstration is filled into a database of its
own and asked for in this process: a page by somebody who signed in, and right after it what it shows, of the API, with
their key. Printed are the medians of the CPU time of both, and of the ratios within a round.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any, Final
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
    """A page, and the addresses of the API that give what stands on it.

    ``{case}`` is the first case, ``{meeting}`` an open meeting with all twelve, ``{edition}`` the rules in force.
    """

    login: str
    page: str
    data: tuple[str, ...]


_CASE: Final = "/v1/applications/{case}"
_MEETING: Final = "/v1/meetings/{meeting}"
COMPARED: Final = (
    Compared("reviewer", "/cases", ("/v1/applications?limit=50",)),
    Compared("reviewer", "/cases/{case}", tuple(f"{_CASE}{it}" for it in ("", "/assessments", "/clock", "/timeline"))),
    Compared("reviewer", "/cases/{case}/criteria", (_CASE, f"{_CASE}/assessments")),
    Compared("secretary", "/meetings/{meeting}", (_MEETING, f"{_MEETING}/items")),
    Compared("secretary", "/meetings/{meeting}/sheet", (f"{_MEETING}/scores",)),
    Compared("chair", "/meetings/{meeting}/items/1", (f"{_MEETING}/items/1", f"{_MEETING}/items/1/assessments")),
    Compared("secretary", "/meetings/{meeting}/minutes", (f"{_MEETING}/minutes",)),
    Compared("rule-author", "/rules", ("/v1/rulebooks/{edition}",)),
    Compared("auditor", "/ledger", ("/v1/ledger/entries?limit=50", "/v1/ledger/health")),
    Compared("auditor", "/accountability", ("/v1/accountability",)),
    Compared("admin", "/people", ("/v1/people?limit=50",)),
)


@dataclass(frozen=True, slots=True)
class House:
    """The demonstration: its application, everybody's key by their log-in, and what the addresses speak of."""

    app: Flask
    keys: Mapping[str, str]
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, login: str, path: str, sent: object = None, **headers: str) -> Any:  # noqa: ANN401 - any JSON
        """Ask the API for somebody: a change if something is sent."""
        client, bearer = (
            self.app.test_client(),
            {
                "Authorization": f"Bearer {self.keys[login]}",
                **{name.replace("_", "-"): it for name, it in headers.items()},
            },
        )
        address = f"/v1{path}"
        answer = (
            client.get(address, headers=bearer) if sent is None else client.post(address, json=sent, headers=bearer)
        )
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            sys.exit(f"{address}: {answer.status_code} {answer.text}")
        return answer.json


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        house = _demonstration(Path(folder))
        meet(house)
        print(f"{'page':28}{'page, ms':>10}{'JSON, ms':>10}{'ratio':>8}    aim {AIM:g}")
        for compared in COMPARED:
            measured(house, compared)


def meet(house: House) -> None:
    """Open a meeting with every case on its agenda."""
    people = [house.ask(login, "/me")["id"] for login in ("chair", *(f"member-{n}" for n in range(1, 6)))]
    called = {
        "title": "2026 年第 1 次项目评审会",
        "place": "三楼会议室",
        "held_at": "2026-11-30T09:00:00+08:00",
        "seats": [{"person": one, "chair": one == people[0]} for one in people],
    }
    meeting = house.ask("secretary", "/meetings", called)["id"]
    cases = house.ask("reviewer", "/applications?sort=number&limit=50")["items"]
    for case in cases:
        house.ask("reviewer", f"/applications/{case['id']}/accept", {}, If_Match=f'"{case["version"]}"')
        house.ask("secretary", f"/meetings/{meeting}/items", {"application": case["id"]})
    version = house.ask("secretary", f"/meetings/{meeting}")["version"]
    house.ask("secretary", f"/meetings/{meeting}/open", {"present": people}, If_Match=f'"{version}"')
    edition = house.ask("rule-author", "/rulebooks")["items"][0]["sha256"]
    house.names.update(case=cases[0]["id"], meeting=meeting, edition=edition)


def measured(house: House, compared: Compared) -> None:
    """Ask for a page and for its data in turn, and print a line."""
    client = _signed_in(house.app, compared.login)
    bearer = {"Authorization": f"Bearer {house.keys[compared.login]}"}
    page, *data = (each.format_map(house.names) for each in (compared.page, *compared.data))

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


def _demonstration(folder: Path) -> House:
    """Fill a database, and serve it in this process."""
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
    return House(create_app(runtime), keys)


if __name__ == "__main__":
    main()
