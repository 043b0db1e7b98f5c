import json
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from service.cli.demo import PEOPLE
from tests import apps, databases, make
from tests.cli.commands import call
from tests.serving import Server, serving
from tests.ui.browsing import Demonstration
from tests.ui.visiting import Visitor


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """Pages stand on the same actions as the API, which are tried on both databases."""
    kind: str = request.param
    return kind


@pytest.fixture
def visitor(house: make.House) -> Visitor:
    """Somebody with a browser, whom nobody knows yet."""
    return Visitor(house, apps.lent(house.runtime))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demonstration as it is after ``make run``, to be copied."""
    folder = tmp_path_factory.mktemp("demonstration")
    keys, ledger = folder / "keys.json", folder / "ledger.key"
    with databases.fresh("sqlite") as engine:
        settings = {
            "SLUICE_DATABASE_URL": databases.text_of(engine),
            "SLUICE_DEMO": "true",
            "SLUICE_LEDGER_KEY_FILE": str(ledger),
        }
        filled = call("demo", "--keys", keys, settings=settings)
        assert filled.exit_code == 0, filled.output
        engine.dispose()
        people = {person.name: person.login for person in PEOPLE}
        told = json.loads(keys.read_bytes())
        return Demonstration(
            databases.saved(engine), {people[one["name"]]: one["key"] for one in told["people"]}, ledger
        )


@pytest.fixture(scope="module")
def server(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, served by a process of its own to one module."""
    folder = tmp_path_factory.mktemp("pages")
    with databases.fresh("sqlite") as engine:
        databases.restore(engine, demonstration.database)
        for file in (demonstration.ledger, demonstration.ledger.with_name(f"{demonstration.ledger.name}.memory")):
            shutil.copy(file, folder / file.name)
        key = str(folder / demonstration.ledger.name)
        with serving(folder, databases.text_of(engine), DEMO="true", LEDGER_KEY_FILE=key) as running:
            yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found is not None, "There is no browser to try the pages in: apt-get install chromium-headless-shell"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
