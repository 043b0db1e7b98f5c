"""Telling others: one POST to a place the settings name, with an answer that is small and comes in time, or a reason.

Nothing is followed and nothing is believed: a redirect is an answer like any other. Certificates are checked; proxies
and authorities are those of the process's surroundings, passwords are not.
"""

import time
from dataclasses import dataclass
from typing import Final, TypeAlias

import requests


@dataclass(frozen=True, slots=True)
class Limits:
    """How long anybody is waited for, in seconds, until connected, while silent, and in all; and for how many bytes."""

    connect: float = 5
    silent: float = 10
    whole: float = 30
    answer: int = 16_384


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, and to where."""

    url: str
    body: bytes


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


def post(letter: Letter, limits: Limits = _USUAL) -> Reply:
    """Send a text and give the answer, whatever its status. Never raises for what others do."""
    try:
        with requests.post(
            letter.url,
            data=letter.body,
            headers={"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"},
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
