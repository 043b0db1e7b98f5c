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
    _offer_browser()


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
    if not _may_install():
        sys.exit(f"Python's module ensurepip is missing. On Debian or Ubuntu: sudo apt-get install {package}")
    _install_of_system(package)


def _offer_browser() -> None:
    """Install Debian's chromium and a Chinese font, in which the pages are tried; who runs no tests needs neither."""
    missing = [package for package, is_there in BROWSER.items() if not is_there()]
    if missing and _may_install():
        _install_of_system(*missing)
    elif missing:
        print(f"For the tests of the pages, on Debian: sudo apt-get install {' '.join(missing)}", flush=True)


def _has_chinese_font() -> bool:
    """Whether any font has Chinese."""
    lists = shutil.which("fc-list")
    if lists is None:
        return False
    return bool(subprocess.run([lists, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _has_browser() -> bool:
    """Whether there is a chromium: one without a window, which opens pages in less time, or the whole."""
    return any(shutil.which(name) is not None for name in ("chromium-headless-shell", "chromium"))


BROWSER = {"chromium-headless-shell": _has_browser, "fonts-noto-cjk": _has_chinese_font}


def _may_install() -> bool:
    """Whether packages of the system can be installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_of_system(*packages: str) -> None:
    print(f"Installing {' '.join(packages)}", flush=True)
    _run("apt-get", "update", "--quiet")
    _run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--quiet", "--yes", *packages)


def _install(*what: str) -> None:
    """Let pip install, telling errors only."""
    _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *what)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"Failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
