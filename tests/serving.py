"""The service under gunicorn, on a port of its own, for tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass
class Server:
    """A running server: its address, its log, and the folder it calls its home."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path
    home: Path

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


@contextmanager
def serving(folder: Path, database_url: str, **settings: str) -> Iterator[Server]:
    """Let a server run over a database, with settings by their names without the prefix."""
    home, log = folder / "home", folder / "log"
    home.mkdir()
    given = {"DATABASE_URL": database_url, "WORKERS": "1", "EVIDENCE_FOLDER": str(folder / "evidence")} | settings
    environment = {
        **os.environ,  # noqa: TID251 - a process needs the surroundings of its parent
        **{f"SLUICE_{name}": value for name, value in given.items()},
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as said:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=said,
            pass_fds=[listener.fileno()],
        )
    try:
        yield Server(process, f"http://127.0.0.1:{port}", log, home)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGQUIT)  # nobody keeps a connection for a request to come
            process.wait()
