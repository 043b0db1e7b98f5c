"""``docs/client.md``, line by line, against a real server with the demonstration."""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import client
from service.client import SluiceClient, errors
from service.client.applications import Applications
from service.client.imports import Imports
from service.client.ledger import Ledger
from service.client.meetings import Meetings
from service.client.opinions import Opinions
from service.client.waivers import Waivers
from tests.serving import ROOT, serving

PAGE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
READMES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
SERVED_AT = "http://127.0.0.1:8000"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a demonstration."""
    environment = {
        **os.environ,  # noqa: TID251 - a process needs the surroundings of its parent
        "SLUICE_DATABASE_URL": f"sqlite:///{tmp_path}/demo.db",
        "SLUICE_DEMO": "true",
    }
    (tmp_path / "var").mkdir()
    keys = str(tmp_path / "var" / "demo-keys.json")
    demo = [str(Path(sys.executable).parent / "sluice"), "demo", "--keys", keys]
    subprocess.run(demo, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return tmp_path


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    with serving(home, f"sqlite:///{home}/demo.db") as server:
        yield server.address


def run(home: Path, lines: str) -> str:
    """Run a program in the folder, and give what it said."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - a process needs the surroundings of its parent
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", lines], cwd=home, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode()


def test_the_page_does_what_it_says(home: Path, address: str) -> None:
    lines = "\n".join(blocks(PAGE, "python"))
    assert SERVED_AT in lines
    assert run(home, lines.replace(SERVED_AT, address)) == "".join(blocks(PAGE, "text"))


def test_the_examples_of_the_readmes_run(home: Path, address: str) -> None:
    for page in READMES:
        (example,) = blocks(page, "python")
        assert SERVED_AT in example
        assert "reject" in run(home, example.replace(SERVED_AT, address))


@pytest.mark.parametrize("group", [Applications, Imports, Ledger, Meetings, Opinions, Waivers])
def test_every_method_is_named(group: type) -> None:
    shown = {name for name in vars(group) if not name.startswith("_") and name != "line"}
    assert [name for name in shown if not re.search(rf"`(?:\w+\.)*{name}`|\.{name}\(", PAGE)] == []


def test_every_error_is_named() -> None:
    kinds = {name for name in client.__all__ if is_error(name)}
    assert [name for name in kinds if f"`{name}`" not in PAGE] == []


def is_error(name: str) -> bool:
    kind = getattr(client, name)
    return isinstance(kind, type) and issubclass(kind, errors.ClientError)


def test_what_is_held_to_be_usual_is() -> None:
    usual = client.Retries()
    assert f"`Retries(tries={usual.tries}, first={usual.first}, longest={usual.longest})`" in PAGE
    held = {name: one.default for name, one in inspect.signature(SluiceClient).parameters.items()}
    assert (held["timeout"], held["language"]) == (30, "zh-CN")
