"""What sets the project up, runs it and checks it: make, the lock, continuous integration, the image."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from service.config import PREFIX, Settings

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def make(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=cwd, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)", line) for line in lines if not line.startswith("#")]
    assert all(pins), lines
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin is not None}


def required() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for texts in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from map(Requirement, texts)


def yaml(path: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return YAML(typ="safe", pure=True).load(ROOT / path)


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, with a pytest that says three tests passed."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml", ".ci/run"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    put(tmp_path / ".venv" / "bin" / "pytest", "#!/bin/sh\necho '=== 3 passed in 0.01s ==='\n")
    put(tmp_path / ".venv" / ".ready", "")
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def ci(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", ".ci/run"], cwd=checkout, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


def test_make_alone_names_every_target() -> None:
    said = make().stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    targets = [target for target in phony[1].split() if target != "help"]
    assert targets
    assert [target for target in targets if f"make {target} " not in said] == []
    for target in targets:
        assert make("--dry-run", target).returncode == 0, target


def test_setting_up_again_does_nothing_until_the_lock_changes(checkout: Path) -> None:
    assert make("--question", "setup", cwd=checkout).returncode == 0
    later = (checkout / ".venv" / ".ready").stat().st_mtime + 1
    os.utime(checkout / "requirements.lock", (later, later))
    assert make("--question", "setup", cwd=checkout).returncode == 1


def test_a_machine_without_python_is_told_what_is_needed(checkout: Path) -> None:
    (checkout / ".venv" / ".ready").unlink()
    made = make("setup", "PYTHON=python9", cwd=checkout)
    assert made.returncode == 2
    assert "Python 3.11 or later is needed" in made.stderr


def test_running_serves_on_the_port_that_is_asked_for() -> None:
    said = make("--dry-run", "run", "PORT=9000").stdout
    assert "--bind 127.0.0.1:9000" in said
    assert "--address http://127.0.0.1:9000" in said


def test_continuous_integration_ends_with_the_summary_of_the_tests(checkout: Path) -> None:
    done = ci(checkout)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "=== 3 passed in 0.01s ==="
    assert done.stderr == ""


def test_continuous_integration_fails_where_a_test_fails(checkout: Path) -> None:
    put(checkout / ".venv" / "bin" / "pytest", "#!/bin/sh\necho '=== 1 failed in 0.01s ==='\nexit 1\n")
    assert ci(checkout).returncode != 0


def test_the_lock_holds_every_package_that_is_asked_for_in_a_version_that_will_do() -> None:
    pins = locked()
    assert [str(one) for one in required() if not one.specifier.contains(pins[canonicalize_name(one.name)])] == []


def test_the_tests_run_with_the_versions_of_the_lock() -> None:
    installed = {name: metadata.version(name) for name in locked()}
    assert installed == locked()


def test_imports_point_down() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_image_has_two_stages_and_does_not_run_as_root() -> None:
    names = [name for name, _ in instructions()]
    assert names.count("FROM") == 2
    assert dict(instructions())["USER"] == "10001:10001"
    assert names.index("USER") < names.index("CMD")
    assert dict(instructions())["VOLUME"] == "/data"


def test_the_image_copies_only_what_is_there_and_what_the_ignore_file_lets_through() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"
    }
    copied = [
        path for name, rest in instructions() if name == "COPY" and "--from" not in rest for path in rest.split()[:-1]
    ]
    assert copied
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert {path.removeprefix("./") for path in copied} == let_through


def test_the_composed_service_waits_for_its_migrations_and_cannot_write_its_root() -> None:
    services = yaml("compose.yaml")["services"]
    assert set(services) == {"db", "migrate", "web", "worker", "sequencer"}
    for name in ("web", "worker", "sequencer"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["volumes"] == ["data:/data"]
        assert services[name]["restart"] == "unless-stopped"
    assert services["sequencer"]["command"] == ["sluice", "ledger", "sequence", "--every", "1"]
    assert services["worker"]["command"] == ["sluice", "worker"]
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert services["migrate"]["command"] == ["sluice", "db", "upgrade"]
    for name in ("migrate", "web", "worker", "sequencer"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert {tuple(service["security_opt"]) for service in services.values()} == {("no-new-privileges:true",)}


def test_the_composed_service_is_looked_after() -> None:
    services = yaml("compose.yaml")["services"]
    assert "/readyz" in services["web"]["healthcheck"]["test"][-1]
    assert int(services["web"]["stop_grace_period"].removesuffix("s")) > graceful_seconds()
    assert services["db"]["healthcheck"]["test"][1] == "pg_isready"
    for name in ("migrate", "worker", "sequencer"):
        assert services[name]["healthcheck"] == {"disable": True}
    assert [port for service in services.values() for port in service.get("ports", ())] == ["127.0.0.1:8000:8000"]


def graceful_seconds() -> int:
    """How long the server lets requests go on that it has when it is stopped."""
    found = re.search(
        r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found is not None
    return int(found[1])


def test_every_setting_of_the_composed_service_is_one() -> None:
    names = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}
    for service in yaml("compose.yaml")["services"].values():
        assert {name for name in service["environment"] if name.startswith(PREFIX)} <= names


def test_no_password_stands_in_the_composed_service() -> None:
    services = yaml("compose.yaml")["services"]
    assert services["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${SLUICE_DB_PASSWORD:?")
    assert "${SLUICE_DB_PASSWORD:?" in services["web"]["environment"]["SLUICE_DATABASE_URL"]


def test_the_changelog_is_headed_by_what_is_not_released_yet() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert heads[0] == "Unreleased"
