"""The tutorial, line by line, against a real server with the demonstration."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = Path(sys.executable).parent
LINKED = ("examples", "rules.yaml", "migrations", "service")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that looks like the checkout, so that the page can leave its files there."""
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name in ("python", "sluice"):
        (commands / name).symlink_to(COMMANDS / name)
    return tmp_path


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,  # noqa: TID251 - a process needs the surroundings of its parent
        "SLUICE_DATABASE_URL": f"sqlite:///{home}/tutorial.db",
        "SLUICE_DEMO": "true",
        "SLUICE_WORKERS": "1",
        "XDG_RUNTIME_DIR": str(home),
    }


@pytest.fixture
def address(home: Path, environment: dict[str, str]) -> Iterator[str]:
    with (home / "demo.log").open("wb") as log:
        subprocess.run([COMMANDS / "sluice", "demo"], cwd=home, env=environment, stdout=log, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listener, (home / "log").open("wb") as log:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
        served = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
        )
    yield f"http://127.0.0.1:{port}/v1"
    served.terminate()
    assert served.wait() == 0


def test_the_tutorial_does_what_it_says(home: Path, environment: dict[str, str], address: str) -> None:
    lines = "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    said = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=home,
        env={**environment, "API": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(said)
