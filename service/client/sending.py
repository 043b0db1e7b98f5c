"""Calls over HTTP: sent with the key, the language and an id, tried again where that is safe, read or refused."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from service.client.calls import JSON, Call, FileBody
from service.client.errors import ClientError, Flaw, Told, UnansweredError, UnreadableError, of_status
from service.client.reading import parsed, read, shaped
from service.client.retries import Retries
from service.core.values import Json

PROBLEM: Final = "application/problem+json"
REQUEST_ID: Final = "X-Request-Id"

_SUCCESS: Final = 2
_PIECE: Final = 65_536
_MEMBERS: Final = frozenset({"type", "title", "status", "detail", "code", "flaws", "request_id"})
_LOST: Final = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask: the language of answers, how many seconds to wait for each, and when to ask again."""

    language: str
    timeout: float
    retries: Retries


class Line:
    """A pooled connection to one service, with one key. Not for several threads at once."""

    def __init__(self, base_url: str, key: str, manner: Manner) -> None:
        """Open nothing yet. Raises ``ValueError`` for an address or a key that cannot be one."""
        self._address = _address(base_url)
        self._manner = manner
        self._session = requests.Session()
        self._session.auth = _bearer(key)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def ask(self, kind: type[Answer], call: Call) -> Answer:
        """Send a call and read the answer as a kind. Raises the kinds of ``service.client.errors``."""
        return read(kind, self.content(call))

    def content(self, call: Call) -> bytes:
        """Send a call and give the bytes of the answer."""
        return self._insist(call, lambda response: response.content)

    def parsed(self, call: Call) -> Json:
        """Send a call and give the JSON of the answer."""
        return parsed(self.content(call))

    @contextmanager
    def pieces(self, call: Call) -> Iterator[Iterator[bytes]]:
        """Send a call and give its content as it comes. Once it comes, it is not asked for again."""
        with self._insist(call, lambda response: response) as response:
            yield _pieces(response)

    def _insist(self, call: Call, taken: Callable[[requests.Response], Answer]) -> Answer:
        """Send a call, with the same id and the same Idempotency-Key as often as it takes."""
        headers, tried = self._headers(call), 0
        while True:
            tried += 1
            try:
                return self._once(call, headers, taken)
            except ClientError as error:
                wait = self._manner.retries.wait(error, tried, repeatable=call.repeatable)
                if wait is None:
                    raise
            self._manner.retries.sleep(wait)

    def _once(self, call: Call, headers: Mapping[str, str], taken: Callable[[requests.Response], Answer]) -> Answer:
        try:
            response = self._session.request(
                call.method,
                self._address + call.path,
                params=dict(call.query),
                data=call.body,
                headers=dict(headers),
                timeout=self._manner.timeout,
                allow_redirects=False,
                stream=True,
            )
            if response.status_code // 100 != _SUCCESS:
                with response:
                    raise failure(response)
            return taken(response)
        except _LOST as error:
            raise _unanswered(error, headers[REQUEST_ID]) from error

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {
            "Accept": f"{call.accept}, {PROBLEM}",
            "Accept-Language": self._manner.language,
            REQUEST_ID: uuid4().hex,
        }
        if call.method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        if call.body is not None:
            headers["Content-Type"] = call.body.media_type if isinstance(call.body, FileBody) else JSON
        if call.version is not None:
            headers["If-Match"] = f'"{call.version}"'
        return headers


def failure(response: requests.Response) -> ClientError:
    """Make an error of an answer that is no success."""
    kind = of_status(response.status_code)
    return kind(_problem(response) or _bare(response))


def told_of(raw: Json, retry_after: float | None = None) -> Told:
    """Read a problem. Raises ``UnreadableError`` if it is none."""
    if not isinstance(raw, dict):
        raise UnreadableError(Told("unreadable", detail="problem"))
    problem = shaped(_Problem, raw)
    return Told(
        code=problem.code,
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        flaws=problem.flaws,
        request_id=problem.request_id,
        retry_after=retry_after,
        figures={name: value for name, value in raw.items() if name not in _MEMBERS},
        described=True,
    )


@dataclass(frozen=True, slots=True)
class _Problem:
    title: str
    status: int
    detail: str
    code: str
    flaws: tuple[Flaw, ...] = ()
    request_id: str | None = None


def _problem(response: requests.Response) -> Told | None:
    """Read what the service says of it; None if it was not the service that answered."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip() != PROBLEM:
        return None
    try:
        return told_of(parsed(response.content), _retry_after(response))
    except UnreadableError:
        return None


def _bare(response: requests.Response) -> Told:
    return Told(
        code=f"http_{response.status_code}",
        status=response.status_code,
        title=response.reason or "",
        request_id=response.headers.get(REQUEST_ID),
        retry_after=_retry_after(response),
    )


def _retry_after(response: requests.Response) -> float | None:
    """Read seconds, or a moment by the clock of whoever answered."""
    given = response.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdecimal():
        return float(given)
    try:
        until = parsedate_to_datetime(given)
        return max(0.0, (until - parsedate_to_datetime(response.headers.get("Date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None


def _pieces(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_content(_PIECE)
    except _LOST as error:
        raise _unanswered(error, response.headers.get(REQUEST_ID)) from error


def _unanswered(error: Exception, request_id: str | None) -> UnansweredError:
    return UnansweredError(Told("unanswered", detail=type(error).__name__, request_id=request_id))


def _bearer(key: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Show the key, and nothing that lies about on the machine. An error never tells the key."""
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        message = "the key is not one: printable ASCII characters without spaces are expected"
        raise ValueError(message)

    def show(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {key}"
        return request

    return show


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        message = "the address is not one: http(s)://host, perhaps with a port and a path, is expected"
        raise ValueError(message)
    return base_url.rstrip("/")
