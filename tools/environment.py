"""Makes ``.venv`` with exactly the packages of ``requirements.lock``, and the project in it.

``make setup`` runs this with the machine's own Python, so it needs nothing but the standard library, and an older
Python must be able to read it far enough to be told that it is too old.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main() -> None:
    """Make the environment, or say exactly what is missing."""
    _require_version()
    if not _works():
        _require_ensurepip()
        print("Making .venv", flush=True)
        _run(sys.executable, "-m", "venv", "--clear", str(VENV))
    print("Installing the packages of requirements.lock (a minute or so)", flush=True)
    _install("--requirement", "requirements.lock")
    _install("--no-deps", "--no-build-isolation", "--editable", ".")


def _require_version() -> None:
    if sys.version_info[:2] < OLDEST:
        found, wanted = (".".join(map(str, version)) for version in (sys.version_info[:2], OLDEST))
        sys.exit(f"Python {wanted} or later is needed, this is {found}. Name another: make setup PYTHON=python{wanted}")


def _works() -> bool:
    """Whether there is an environment whose Python still runs."""
    asked = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _require_ensurepip() -> None:
    """Debian keeps a part of Python's own ``venv`` in a package of its own; as root it is installed, else named."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"Python's module ensurepip is missing. On Debian or Ubuntu: sudo apt-get install {package}")
    print(f"Installing {package}", flush=True)
    _run("apt-get", "update", "--quiet")
    _run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--quiet", "--yes", package)


def _install(*what: str) -> None:
    """Let pip install, telling errors only."""
    _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *what)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"Failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
