"""Running the verifier on files, as an inspector would."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.core.ledger.verify import __file__ as program
from service.core.ledger.verify import main
from tests.core.ledger.bundles import write
from tests.core.ledger.logs import LOG_VKEY, TIME, WITNESS_VKEY

BOTH = ("--key", LOG_VKEY, "--key", WITNESS_VKEY)
ONLY_LOG = ("--key", LOG_VKEY)


@dataclass(frozen=True)
class Outcome:
    """The exit code, the findings (indented) and what stays open, in English."""

    code: int
    text: str

    @property
    def found(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.startswith("     ")]

    @property
    def open(self) -> list[str]:
        return [line.removeprefix("  - ") for line in self.text.splitlines() if line.startswith("  - ")]


def run(path: Path, *options: str, now: float = TIME) -> Outcome:
    said: list[str] = []
    code = main([str(path), "--language", "en", *options], now, said.append)
    return Outcome(code, "".join(said))


def inspect(folder: Path, files: Mapping[str, bytes], *options: str, now: float = TIME) -> Outcome:
    return run(write(folder / "bundle", files), *options, now=now)


def exit_code(path: Path, *options: str) -> object:
    """Give the code with which the program leaves, also for what cannot even be asked."""
    try:
        return run(path, *options).code
    except SystemExit as left:
        return left.code


def code_within(kibibytes: int, path: Path, *options: str) -> int:
    """Run the program by itself in a process that gets no more memory than this, and give its exit code."""
    limited = ["sh", "-c", f'ulimit -v {kibibytes} && exec "$@"', "sh"]
    command = [*limited, sys.executable, "-I", "-S", program, str(path), *options]
    return subprocess.run(command, capture_output=True, check=False).returncode


def brought(folder: Path, note: bytes) -> tuple[str, str]:
    """Keep a checkpoint outside the bundle."""
    path = folder / "kept-checkpoint"
    path.write_bytes(note)
    return "--checkpoint", str(path)
