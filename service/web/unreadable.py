"""Answering what never becomes a request: what the server in front of the application cannot read or will not."""

import secrets
from decimal import Decimal
from http import HTTPStatus
from socket import socket
from types import MappingProxyType
from typing import Final

from service.core.errors import MalformedError, SluiceError
from service.core.values import Json, write_json
from service.web import headers, problems
from service.web.errors import AddressTooLongError, HeadersTooLargeError

# What the server reads at most: bytes of the first line and of one header, and how many headers.
LONGEST_LINE: Final = 8_190
MOST_HEADERS: Final = 64

_KNOWN: Final = MappingProxyType(
    {
        HTTPStatus.REQUEST_URI_TOO_LONG: AddressTooLongError(most=LONGEST_LINE),
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: HeadersTooLargeError(count=MOST_HEADERS, most=LONGEST_LINE),
        HTTPStatus.INTERNAL_SERVER_ERROR: SluiceError(),
    }
)


def write(client: socket, status: int, reason: str, spoken: str) -> None:
    """Send a problem and nothing after it, in ``zh`` or ``en``: what the caller speaks could not be read either.

    The status is the server's; what it says of the cause is for the log alone. Raises ``OSError``.
    """
    client.sendall(_written(status, reason, spoken))


def _written(status: int, reason: str, spoken: str) -> bytes:
    error = _KNOWN.get(HTTPStatus(status), MalformedError())
    request_id = secrets.token_hex(16)
    told: dict[str, Json] = problems.problem(error, spoken) | {"status": Decimal(status), "request_id": request_id}
    body = write_json(told).encode()
    lines = {
        "Connection": "close",
        "Content-Type": problems.MEDIA_TYPE,
        "Content-Language": spoken,
        "Content-Length": str(len(body)),
        headers.REQUEST_ID: request_id,
        **headers.ALWAYS,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode("latin-1") + body
