"""The content of a request as it arrives: all of it, as long as it says it is, or an error."""

from io import BufferedIOBase
from typing import IO

from flask import request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # the library has no types
from werkzeug.exceptions import RequestEntityTooLarge

from service.core.errors import MalformedError


def content() -> bytes:
    """Read all of it. Raises ``RequestEntityTooLarge``, and ``MalformedError`` for what breaks off before its end."""
    found = Arriving(request.stream).read()
    most, said = request.max_content_length, request.content_length
    if most is not None and len(found) >= most and Arriving(request.environ["wsgi.input"]).read(1):
        raise RequestEntityTooLarge
    if said is not None and len(found) < said:
        raise MalformedError(because="incomplete")
    return found


class Arriving(BufferedIOBase):
    """What is read off the wire; a line that breaks, or frames content wrongly, is the sender's fault."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Take the server's stream."""
        self._stream = stream

    def read(self, size: int | None = -1) -> bytes:
        """Read some octets, or all. Raises ``MalformedError``."""
        try:
            return self._stream.read(-1 if size is None else size)
        except (OSError, ParseException) as error:
            raise MalformedError(because="incomplete") from error
