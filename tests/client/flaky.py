"""A real HTTP server in front of the service, which fails as often as it is told to."""

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

import requests

from service.core.values import Json, write_json

HOP = frozenset({"connection", "host", "transfer-encoding", "content-length", "accept-encoding"})


@dataclass(frozen=True)
class Seen:
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key")

    @property
    def request_id(self) -> str:
        return self.headers["x-request-id"]


@dataclass
class Proxy:
    """Where it is, what came in, and what is to go wrong, request by request."""

    address: str = ""
    seen: list[Seen] = field(default_factory=list)
    troubles: "deque[Trouble]" = field(default_factory=deque)
    over: threading.Event = field(default_factory=threading.Event)

    def fail(self, *troubles: "Trouble") -> None:
        self.troubles.extend(troubles)


# What goes wrong with one request: it does with the handler what it likes. ``forward`` asks the service.
Trouble: TypeAlias = "Callable[[Handler, Seen], None]"


class Handler(BaseHTTPRequestHandler):
    """Takes one request."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy
    upstream: str

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.proxy.seen.append(seen)
        trouble = self.proxy.troubles.popleft() if self.proxy.troubles else passing
        trouble(self, seen)

    do_GET = do_POST = do_PUT = handle_one  # noqa: N815 - the names the library looks for

    def forward(self, seen: Seen) -> requests.Response:
        sent = {name: value for name, value in seen.headers.items() if name not in HOP}
        return requests.request(
            seen.method, self.upstream + seen.path, data=seen.body, headers=sent, timeout=60, allow_redirects=False
        )

    def answer(self, status: int, headers: Mapping[str, str], body: bytes, announced: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def passing(handler: Handler, seen: Seen) -> None:
    """Nothing goes wrong."""
    found = handler.forward(seen)
    handler.answer(found.status_code, dict(found.headers), found.content)


def dropped(handler: Handler, seen: Seen) -> None:
    """The line breaks before the service hears of it."""
    del seen
    handler.hang_up()


def lost(handler: Handler, seen: Seen) -> None:
    """The service does it, and the answer is lost."""
    handler.forward(seen)
    handler.hang_up()


def cut(handler: Handler, seen: Seen) -> None:
    """The service does it, and half of the answer is lost."""
    found = handler.forward(seen)
    half = found.content[: len(found.content) // 2]
    handler.answer(found.status_code, dict(found.headers), half, len(found.content))
    handler.hang_up()


def late(handler: Handler, seen: Seen) -> None:
    """The service does it, and the answer does not come while anybody waits."""
    handler.forward(seen)
    handler.proxy.over.wait()
    handler.hang_up()


def gateway(status: int, **headers: str) -> Trouble:
    """Something in between answers, in words of its own."""

    def trouble(handler: Handler, seen: Seen) -> None:
        del seen
        handler.answer(status, {"Content-Type": "text/html", **_named(headers)}, b"<h1>sorry</h1>")

    return trouble


def gateway_after(status: int) -> Trouble:
    """The service does it, and something in between answers that it did not hear of it."""

    def trouble(handler: Handler, seen: Seen) -> None:
        handler.forward(seen)
        handler.answer(status, {"Content-Type": "text/html"}, b"<h1>sorry</h1>")

    return trouble


def problem(status: int, code: str, **headers: str) -> Trouble:
    """The service refuses, as it does."""

    def trouble(handler: Handler, seen: Seen) -> None:
        told: dict[str, Json] = {"type": f"/problems/{code}", "title": code, "detail": code, "code": code}
        told["request_id"] = seen.request_id
        body = write_json(told)[:-1] + f',"status":{status}}}'
        handler.answer(status, {"Content-Type": "application/problem+json", **_named(headers)}, body.encode())

    return trouble


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def flaky(upstream: str) -> Iterator[Proxy]:
    """Stand in front of a service, on a free port."""
    proxy = Proxy()
    handler = type("Bound", (Handler,), {"proxy": proxy, "upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.address = f"http://127.0.0.1:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, args=(0.01,))
    running.start()
    try:
        yield proxy
    finally:
        proxy.over.set()
        server.shutdown()
        running.join()
        server.server_close()
