"""Running the command: the real one in a process of its own, or the same in this process where that is quicker."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from service.cli import main

ROOT: Final = Path(__file__).parent.parent.parent
SLUICE: Final = Path(sys.executable).with_name("sluice")


def run(
    *arguments: object, stdin: bytes = b"", cwd: Path = ROOT, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the installed command with nothing in its environment but some settings."""
    return subprocess.run(
        [str(SLUICE), *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **(settings or {})},
        capture_output=True,
        check=False,
    )


def call(*arguments: object, stdin: str = "", settings: Mapping[str, str] | None = None) -> Result:
    """Do the same in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, env=dict(settings or {}))
