"""Telling and asking others: one POST or GET to a place the settings name; a small answer in time, or a reason.

Nothing is followed and nothing is believed: a redirect is an answer like any other. Certificates are checked; proxies
and authorities are those of the process's surroundings, passwords are not. A letter that names the address it is for
goes to that very address and through no proxy; whose certificate it has to be is still said by the name.
"""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.util import parse_url

_PLAIN: Final = MappingProxyType({"Content-Type": "text/plain; charset=utf-8"})
_JSON: Final = MappingProxyType({"Accept": "application/json"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long anybody is waited for, in seconds, until connected, while silent, and in all; and for how many bytes."""

    connect: float = 5
    silent: float = 10
    whole: float = 30
    answer: int = 16_384


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, and to where. ``address`` is the one to connect to, None for any that the host has."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: _PLAIN)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the media type without its parameters, and the whole body."""

    status: int
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No answer that can be used, and why: ``no_answer``, ``too_slow`` or ``too_large``."""

    because: str


Reply: TypeAlias = Answer | Unanswered

_USUAL: Final = Limits()


def resolve(host: str) -> tuple[str, ...]:
    """Give every address a host has, each once; none for one that is not known."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


def post(letter: Letter, limits: Limits = _USUAL) -> Reply:
    """Send a text and give the answer, whatever its status. Never raises for what others do."""
    return _sent("POST", letter, limits)


def fetch(url: str, limits: Limits = _USUAL) -> Reply:
    """Ask for what is at an address and give the answer, whatever its status. Never raises for what others do."""
    return _sent("GET", Letter(url, b"", _JSON), limits)


def _sent(method: str, letter: Letter, limits: Limits) -> Reply:
    line = _Line(letter.address)
    with _hanging_up(line, limits.whole):
        reply = _answered(method, letter, limits, line)
    return Unanswered("too_slow") if line.is_cut else reply


def _answered(method: str, letter: Letter, limits: Limits, line: "_Line") -> Reply:
    try:
        with requests.Session() as session:
            session.mount("http://", line)
            session.mount("https://", line)
            with session.request(
                method,
                letter.url,
                data=letter.body or None,
                headers={**letter.headers, "Accept-Encoding": "identity"},
                timeout=(limits.connect, limits.silent),
                auth=_nobody,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, limits)
    except requests.Timeout:
        return Unanswered("too_slow")
    except (requests.RequestException, OSError, ValueError):
        return Unanswered("no_answer")


def _read(response: requests.Response, limits: Limits) -> Reply:
    body = bytearray()
    deadline = time.monotonic() + limits.whole
    for byte in response.iter_content(1):  # one at a time: whoever waits for more can be kept waiting
        body += byte
        if len(body) > limits.answer:
            return Unanswered("too_large")
        if time.monotonic() > deadline:
            return Unanswered("too_slow")
    type_ = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(response.status_code, type_, bytes(body))


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Introduce oneself as nobody: no password that lies about on the machine is sent."""
    return request


@contextmanager
def _hanging_up(line: "_Line", after: float) -> Iterator[None]:
    timer = Timer(after, line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Line(HTTPAdapter):
    """What one letter goes over: to the address it is for, and cut off when the time for it is over."""

    def __init__(self, address: str | None) -> None:
        self.is_cut = False
        self._address = address
        self._opened: list[HTTPConnection] = []
        super().__init__()

    def cut(self) -> None:
        """Hang up; whoever reads finds an end."""
        self.is_cut = True
        for connection in self._opened:
            with suppress(OSError):
                if connection.sock is not None:
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # noqa: ANN401 - the library's
        """Send past every proxy where the address is given."""
        if self._address is not None:
            options["proxies"] = None
            request.headers["Host"] = str(parse_url(str(request.url)).netloc)
        return super().send(request, *args, **options)

    def build_connection_pool_key_attributes(self, *args: Any, **options: Any) -> tuple[Any, Any]:  # noqa: ANN401 - the library's
        """Connect to the address; the certificate is still that of the host."""
        host: Any
        kept: Any
        host, kept = super().build_connection_pool_key_attributes(*args, **options)
        if self._address is not None:
            if host["scheme"] == "https":
                kept["server_hostname"] = host["host"]
            host["host"] = self._address
        return host, kept

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the library's
        """Keep what is opened, so that it can be cut."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        kind = pool.ConnectionCls

        def opened(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's
            connection = kind(*given, **named)
            self._opened.append(connection)
            return connection

        pool.ConnectionCls = opened
        return pool
