"""Whoever the ledger tells: a real witness in a process of its own, and stand-ins that answer as a test wants it."""

import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import requests

from service.core.ledger.keys import KeyType, VerifierKey, write_vkey
from service.core.ledger.notes import read_note, write_signature
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.witnessing import read_request
from service.witness import keys
from service.witness.memory import Memory
from tests.cli.commands import SLUICE
from tests.core.ledger.logs import Signer

NAME = "inspector.example/w1"


@dataclass(frozen=True)
class Process:
    """A witness that serves: its key, where it answers, what it remembers, what it logs."""

    key: VerifierKey
    url: str
    state: Path
    log: Path

    def send(self, body: bytes) -> requests.Response:
        return requests.post(f"{self.url}/add-checkpoint", data=body, timeout=30)

    def kept(self) -> bytes:
        """The newest checkpoint it signed."""
        (note,) = Memory(self.state).notes()
        return note

    @property
    def size(self) -> int:
        """The size of the largest checkpoint it signed."""
        notes = Memory(self.state).notes() if self.state.exists() else ()
        return max((checkpoint_of(note).size for note in notes), default=0)


@contextmanager
def witness(folder: Path, *logs: VerifierKey) -> Iterator[Process]:
    """Run a witness of these logs, with nothing in its environment. A folder's key and memory are used again."""
    path, state, log = folder / "witness.key", folder / "witness.db", folder / "witness.log"
    key = keys.read_key(path).key if path.exists() else keys.make(path, NAME)
    known = [part for one in logs for part in ("--log", write_vkey(one))]
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("ab") as errors:
        command = [str(SLUICE), "ledger", "witness", "serve", "--key", str(path), "--state", str(state), *known]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"],
            env={"PATH": "/usr/bin:/bin"},
            stdout=errors,
            stderr=errors,
            pass_fds=[listener.fileno()],
        )
        served = Process(key, f"http://127.0.0.1:{listener.getsockname()[1]}", state, log)
        try:
            assert served.send(b"").status_code == HTTPStatus.BAD_REQUEST
            yield served
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0, log.read_text(encoding="utf-8")


@dataclass
class Letterbox:
    """What a stand-in was sent, and where it is."""

    url: str
    letters: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def stand_in(answer: Callable[[bytes], Iterable[bytes]], secured: ssl.SSLContext | None = None) -> Iterator[Letterbox]:
    """Serve whatever ``answer`` makes of a letter: the whole response, first line and all, in parts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.letters.append(body)
            box.headers.append(dict(self.headers))
            box.paths.append(self.path)
            for part in answer(body):
                self.wfile.write(part)
            self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            """Let whoever has heard enough go."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if secured is not None:
            server.socket = secured.wrap_socket(server.socket, server_side=True)
        box = Letterbox(f"http://127.0.0.1:{server.server_address[1]}")
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


def response(status: int, body: bytes = b"", **headers: str) -> list[bytes]:
    """Write a response."""
    given = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in given.items())]
    return ["\r\n".join([*lines, "", ""]).encode(), body]


@dataclass(frozen=True)
class Pretender:
    """Signs whatever it is sent, as a witness without a memory would, at a time of its choice."""

    signer: Signer
    at: int

    def __call__(self, letter: bytes) -> list[bytes]:
        text = read_note(read_request(letter).note).text
        return response(200, write_signature(self.signer.sign(text, self.at)).encode())


def signer(name: str = NAME, seed: bytes = bytes(range(32, 64))) -> Signer:
    """A witness's key that a test holds itself."""
    return Signer(name, seed, KeyType.COSIGNATURE)


@contextmanager
def silent() -> Iterator[Callable[[bytes], list[bytes]]]:
    """An answer that does not come until the test is over."""
    over = Event()

    def wait(_letter: bytes) -> list[bytes]:
        over.wait()
        return []

    try:
        yield wait
    finally:
        over.set()


def dripping(_letter: bytes) -> Iterator[bytes]:
    """An answer that goes on for as long as anybody listens."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
    while True:
        time.sleep(0.02)
        yield b"a"
