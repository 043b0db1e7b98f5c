"""Writes ``requirements.lock``: the newest packages that pyproject.toml allows, in exact versions.

They are installed into a new, empty environment, so that the list holds what the project needs and nothing else. It
names packages and versions, never where they come from.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Every package the project is built, run and tested with. Written by `make lock`; do not edit.\n"
BUILD_TOOL = "setuptools>=77"


def main() -> None:
    """Resolve, install, and write down what was installed."""
    with tempfile.TemporaryDirectory(prefix="sluice-lock-") as folder:
        _run(sys.executable, "-m", "venv", folder)
        pip = [f"{folder}/bin/python", "-m", "pip"]
        _run(*pip, "install", "--quiet", BUILD_TOOL, "--editable", f"{ROOT}[dev,postgres]")
        found = _run(*pip, "freeze", "--all", "--exclude-editable", "--exclude", "pip")
    (ROOT / "requirements.lock").write_text(HEAD + found, encoding="utf-8")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
